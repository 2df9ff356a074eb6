//! The keys of `agent.toml`.

/// The keys at the top.
pub(super) const TOP: &[&str] = &[
    "format",
    "agent",
    "model",
    "limits",
    "tools",
    "mcp",
    "permissions",
    "input",
    "output",
];
/// The tables that a later version will give a meaning.
pub(super) const RESERVED: &[&str] = &["memory", "schedule", "flow", "connections"];
/// `[agent]`
pub(super) const AGENT: &[&str] = &[
    "name",
    "title",
    "description",
    "version",
    "license",
    "authors",
    "tags",
];
/// `[model]`
pub(super) const MODEL: &[&str] = &[
    "use",
    "fallback",
    "temperature",
    "max_output_tokens",
    "reasoning",
    "tool_choice",
];
/// `[limits]`
pub(super) const LIMITS: &[&str] = &["max_steps", "budget_usd", "timeout", "approval_timeout"];
/// `[[tools]]`
pub(super) const TOOL: &[&str] = &["use", "approval"];
/// `[mcp.NAME]`
pub(super) const MCP: &[&str] = &["command", "args", "url"];
/// `[permissions]`
pub(super) const PERMISSIONS: &[&str] = &["network", "files"];

/// The keys of each table.
pub(super) const TABLES: &[(&str, &[&str])] = &[
    ("[agent]", AGENT),
    ("[model]", MODEL),
    ("[limits]", LIMITS),
    ("[[tools]]", TOOL),
    ("[mcp.NAME]", MCP),
    ("[permissions]", PERMISSIONS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::document::nearest;

    #[test]
    fn slips_find_what_was_meant_and_other_words_do_not() {
        for (slip, meant) in [
            ("max_step", Some("max_steps")),
            ("maxSteps", Some("max_steps")),
            ("budget", Some("budget_usd")),
            ("time_out", Some("timeout")),
            ("retries", None),
            ("", None),
        ] {
            assert_eq!(nearest(slip, LIMITS.iter().copied()), meant, "{slip}");
        }
        assert_eq!(nearest("modle", TOP.iter().copied()), Some("model"));
        assert_eq!(nearest("tool", TOP.iter().copied()), Some("tools"));
    }
}
