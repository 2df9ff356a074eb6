//! Tool names on the wire. Providers take letters, digits, `_` and `-`, at most 64 of them, and
//! Google no digit and no `-` at the beginning; Slipway's names also hold `:`, `/` and `.`, as in `mcp:files/read`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use slipway_contract::tool::ToolDefinition;

const LONGEST: usize = 64;

/// The names of one request's tools, both ways.
#[derive(Debug, Default)]
pub(crate) struct ToolNames {
    /// Only those that differ.
    to_wire: HashMap<String, String>,
    to_own: HashMap<String, String>,
}

impl ToolNames {
    pub(crate) fn new(tools: &[ToolDefinition]) -> Self {
        let mut names = Self::default();
        let mut taken: HashSet<Cow<'_, str>> = tools
            .iter()
            .map(|tool| tool.name.as_str())
            .filter(|name| is_valid(name))
            .map(Cow::Borrowed)
            .collect();
        for tool in tools.iter().filter(|tool| !is_valid(&tool.name)) {
            let base = valid(&tool.name).into_owned();
            let mut wire = base.clone();
            let mut number = 2;
            while !taken.insert(Cow::Owned(wire.clone())) {
                let suffix = format!("_{number}");
                let room = LONGEST - suffix.len();
                wire = format!("{}{suffix}", base.get(..room).unwrap_or(&base));
                number += 1;
            }
            names.to_own.insert(wire.clone(), tool.name.clone());
            names.to_wire.insert(tool.name.clone(), wire);
        }
        names
    }

    /// The name as the provider is told it; a name that is no tool's is made valid.
    pub(crate) fn wire<'a>(&'a self, own: &'a str) -> Cow<'a, str> {
        match self.to_wire.get(own) {
            Some(wire) => Cow::Borrowed(wire),
            None => valid(own),
        }
    }

    /// The tool's own name; a name that is no tool's stays as the model wrote it.
    pub(crate) fn own<'a>(&'a self, wire: &'a str) -> &'a str {
        self.to_own.get(wire).map_or(wire, String::as_str)
    }
}

fn is_valid(name: &str) -> bool {
    name.len() <= LONGEST && name.starts_with(may_begin) && name.chars().all(is_allowed)
}

fn may_begin(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn valid(name: &str) -> Cow<'_, str> {
    if is_valid(name) {
        return Cow::Borrowed(name);
    }
    if name.is_empty() {
        return Cow::Borrowed("unnamed");
    }
    let allowed = |c| if is_allowed(c) { c } else { '_' };
    let begin = (!name.starts_with(|c| may_begin(allowed(c)))).then_some('_');
    let rest = name.chars().map(allowed);
    Cow::Owned(begin.into_iter().chain(rest).take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::tool::{DeclaredEffect, Effect};

    use super::*;

    fn tools(names: &[&str]) -> Vec<ToolDefinition> {
        names
            .iter()
            .map(|name| ToolDefinition {
                name: (*name).to_owned(),
                description: String::new(),
                schema: json!({"type": "object"}),
                effect: DeclaredEffect::Always(Effect::Read),
                server: "built-in".to_owned(),
            })
            .collect()
    }

    #[test]
    fn every_name_goes_there_and_back() {
        let long = format!("mcp:files/{}", "x".repeat(80));
        let longer = format!("{long}y");
        let own = [
            "read_file",
            "mcp:files/read",
            "mcp.files.read",
            "mcp_files_read",
            "wetter-für-köln",
            "3d-print",
            "_3d-print",
            "-x",
            &long,
            &longer,
        ];
        let names = ToolNames::new(&tools(&own));
        let mut seen = HashSet::new();
        for name in own {
            let wire = names.wire(name);
            assert!(is_valid(&wire), "{wire}");
            assert!(wire.starts_with(may_begin), "{wire}");
            assert_eq!(names.own(&wire), name);
            assert!(seen.insert(wire.into_owned()), "{name} shares its name");
        }
        assert_eq!(names.wire("read_file"), "read_file");
    }

    #[test]
    fn a_name_that_the_model_made_up_stays_told_and_sendable() {
        let names = ToolNames::new(&tools(&["read_file"]));
        assert_eq!(names.own("rm -rf /"), "rm -rf /");
        assert_eq!(names.wire("rm -rf /"), "rm_-rf__");
        assert_eq!(names.wire(""), "unnamed");
    }
}
