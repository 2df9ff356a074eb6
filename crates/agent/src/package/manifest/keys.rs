//! The keys of `agent.toml`, and which of them somebody may have meant.

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

const TABLES: [(&str, &[&str]); 6] = [
    ("[agent]", AGENT),
    ("[model]", MODEL),
    ("[limits]", LIMITS),
    ("[[tools]]", TOOL),
    ("[mcp.NAME]", MCP),
    ("[permissions]", PERMISSIONS),
];

/// The candidate that is most like the text, when one is alike enough to be meant.
pub(super) fn nearest<'c>(
    text: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    const ALIKE: f64 = 0.8;
    // Long hostile texts are nobody's slip, and comparing takes quadratic time.
    if text.len() > 100 {
        return None;
    }
    let text = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness = strsim::jaro_winkler(&text, &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// The tables that have exactly this key.
pub(super) fn tables_with(key: &str) -> Vec<&'static str> {
    let tables = TABLES.iter().filter(|(_, keys)| keys.contains(&key));
    tables.map(|(table, _)| *table).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
