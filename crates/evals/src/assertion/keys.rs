//! The keys of `[[case.expect]]`: each table has one that says what is expected, and others that
//! say more about it.

/// All keys: first those of which each table has one.
pub(crate) const ALL: &[&str] = &[
    "equals",
    "contains",
    "contains_any",
    "matches",
    "schema",
    "number",
    "similar_to",
    "min_chars",
    "max_chars",
    "min_words",
    "max_words",
    "language",
    "rubric",
    "no_error",
    "ended",
    "budget_kept",
    "max_cost_usd",
    "max_latency",
    "max_steps",
    "tool_called",
    "tool_not_called",
    "tools_in_order",
    "file_written",
    "approval_asked",
    "approval_refused",
    "path",
    "file",
    "not",
    "weight",
    "ignore_case",
    "tolerance",
    "tolerance_percent",
    "at_least",
    "at_most",
    "metric",
    "pass_at",
    "times",
    "with",
    "mentions",
];

/// The keys of which each table has one, up to `approval_refused`.
pub(crate) const HEADS: &[&str] = ALL.split_at(25).0;

/// The keys that look at a text or a value.
const CONTENT: &[&str] = &[
    "equals",
    "contains",
    "contains_any",
    "matches",
    "schema",
    "number",
    "similar_to",
    "min_chars",
    "max_chars",
    "min_words",
    "max_words",
    "language",
    "rubric",
];

/// Keys that say more, with those that they can stand beside.
const BESIDE: &[(&str, &[&str])] = &[
    ("path", CONTENT),
    ("file", CONTENT),
    ("ignore_case", &["equals", "contains", "contains_any"]),
    ("tolerance", &["number"]),
    ("tolerance_percent", &["number"]),
    ("at_least", &["similar_to", "tool_called"]),
    ("at_most", &["tool_called"]),
    ("metric", &["similar_to"]),
    ("pass_at", &["rubric"]),
    ("times", &["tool_called"]),
    ("with", &["tool_called", "tool_not_called"]),
    ("mentions", &["tool_called", "tool_not_called"]),
];

/// The keys that a key can stand beside; none for one that can stand beside all.
pub(super) fn beside(key: &str) -> Option<&'static [&'static str]> {
    BESIDE
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, heads)| *heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_place() {
        assert!(HEADS.iter().all(|head| ALL.contains(head)));
        let others = ALL.iter().filter(|key| !HEADS.contains(key));
        for key in others {
            assert!(
                beside(key).is_some() || ["not", "weight"].contains(key),
                "{key}"
            );
        }
        for (key, heads) in BESIDE {
            assert!(
                ALL.contains(key) && heads.iter().all(|head| HEADS.contains(head)),
                "{key}"
            );
        }
    }
}
