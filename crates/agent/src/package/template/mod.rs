//! What a new agent begins from.

use slipway_contract::AgentName;

use super::error::PackageError;
use super::files::Files;
use super::path::{INSTRUCTIONS, MANIFEST, PackagePath, README};

/// The built-in tools that the template uses.
pub(super) const TOOLS: &[&str] = &["calculator"];

const TEMPLATE: [(&str, &str); 3] = [
    (MANIFEST, include_str!("agent.toml")),
    (INSTRUCTIONS, include_str!("instructions.md")),
    (README, include_str!("README.md")),
];

/// The files of a new agent with this name.
pub(super) fn files(name: &AgentName) -> Result<Files, PackageError> {
    let title = title(name);
    let filled = TEMPLATE.into_iter().filter_map(|(path, text)| {
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
