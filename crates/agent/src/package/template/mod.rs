//! What a new agent begins from.

use slipway_contract::AgentName;

use super::error::PackageError;
use super::files::Files;
use super::path::{INSTRUCTIONS, MANIFEST, PackagePath, README};

/// The built-in tools that the template uses.
pub(super) const TOOLS: &[&str] = &["calculator"];

const BLANK: [(&str, &str); 3] = [
    (MANIFEST, include_str!("agent.toml")),
    (INSTRUCTIONS, include_str!("instructions.md")),
    (README, include_str!("README.md")),
];

/// What a new agent can begin from instead of a blank one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The word that names it.
    pub name: &'static str,
    files: [(&'static str, &'static str); 3],
}

macro_rules! template {
    ($name:literal) => {
        Template {
            name: $name,
            files: [
                (MANIFEST, include_str!(concat!($name, "/agent.toml"))),
                (
                    INSTRUCTIONS,
                    include_str!(concat!($name, "/instructions.md")),
                ),
                (README, include_str!(concat!($name, "/README.md"))),
            ],
        }
    };
}

/// All templates.
pub const TEMPLATES: [Template; 3] = [
    template!("folder-questions"),
    template!("table-summary"),
    template!("page-watch"),
];

impl Template {
    /// The template of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TEMPLATES.into_iter().find(|template| template.name == name)
    }

    /// The files of a new agent of this kind.
    pub(super) fn files(&self, name: &AgentName) -> Result<Files, PackageError> {
        filled(&self.files, name)
    }
}

/// The files of a new, blank agent with this name.
pub(super) fn files(name: &AgentName) -> Result<Files, PackageError> {
    filled(&BLANK, name)
}

fn filled(texts: &[(&str, &str)], name: &AgentName) -> Result<Files, PackageError> {
    let title = title(name);
    let filled = texts.iter().filter_map(|(path, text)| {
        let path: PackagePath = path.parse().ok()?;
        let text = text
            .replace("{name}", name.as_str())
            .replace("{title}", &title);
        Some((path, text.into_bytes()))
    });
    Files::from_entries(filled)
}

/// `expense-report` as people read it: `Expense report`.
fn title(name: &AgentName) -> String {
    let words = name.as_str().replace('-', " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Package;
    use crate::package::manifest::Manifest;

    #[test]
    fn a_new_agent_is_valid_and_asks_for_nothing() {
        let name: AgentName = "expense-report".parse().unwrap();
        let package = Package::new_from_template(&name).unwrap();
        assert_eq!(package.manifest().agent.name, name);
        assert_eq!(package.manifest().agent.title, "Expense report");
        assert!(
            package
                .instructions()
                .starts_with("You are Expense report.")
        );
        assert!(package.readme().unwrap().starts_with("# Expense report\n"));
        assert_eq!(package.files().len(), 3);
        assert_eq!(package.permissions(), []);
        for (path, bytes) in package.files().iter() {
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(
                !text.contains(['{', '}']),
                "a placeholder is left in {path}"
            );
        }
    }

    #[test]
    fn every_template_makes_a_valid_agent_that_says_what_it_does() {
        let name: AgentName = "my-own".parse().unwrap();
        let tools = [
            "list_files",
            "search_files",
            "read_file",
            "read_table",
            "save_table",
            "write_file",
            "http_request",
            "clock",
        ];
        for template in TEMPLATES {
            assert_eq!(Template::named(template.name), Some(template));
            let package = Package::from_files(template.files(&name).unwrap(), &tools).unwrap();
            let about = &package.manifest().agent;
            assert_eq!((&about.name, about.title.as_str()), (&name, "My own"));
            assert!(about.description.ends_with('.') && !about.tags.is_empty());
            assert!(package.readme().unwrap().starts_with("# My own\n"));
            assert!(!package.instructions().contains('{'), "{}", template.name);
            assert!(!package.permissions().is_empty(), "{}", template.name);
        }
        assert_eq!(Template::named("nonsense"), None);
    }

    #[test]
    fn what_the_template_shows_in_comments_is_valid_too() {
        let text = include_str!("agent.toml")
            .replace("{name}", "shown")
            .replace("{title}", "Shown");
        let code = |line: &str| line.starts_with('[') || line.contains(" = ");
        let shown: Vec<&str> = text
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(commented) if code(commented) && !commented.contains('`') => commented,
                _ => line,
            })
            .collect();
        let tools = ["calculator", "read_file", "write_file"];
        let manifest = Manifest::parse(&shown.join("\n"), &tools, &[]).unwrap();
        assert_eq!(manifest.tools.len(), 3);
        assert_eq!(manifest.mcp.len(), 1);
        assert!(manifest.output.is_some() && manifest.model.temperature.is_some());
    }
}
