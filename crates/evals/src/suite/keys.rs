//! The keys of a suite.

/// The keys at the top.
pub(super) const TOP: &[&str] = &["format", "title", "agent", "defaults", "matrix", "case"];
/// `[defaults]`
pub(super) const DEFAULTS: &[&str] = &[
    "tags",
    "input",
    "variables",
    "files",
    "attachments",
    "recording",
    "tools",
    "mock",
    "approvals",
    "repeat",
    "required",
    "timeout",
    "budget_usd",
    "threshold",
    "expect",
];
/// `[[case]]`
pub(super) const CASE: &[&str] = &[
    "name",
    "tags",
    "input",
    "variables",
    "files",
    "attachments",
    "recording",
    "tools",
    "mock",
    "approvals",
    "repeat",
    "required",
    "timeout",
    "budget_usd",
    "threshold",
    "table",
    "sheet",
    "expect",
];
/// `[matrix]`
pub(super) const MATRIX: &[&str] = &["models", "temperature", "max_output_tokens", "reasoning"];
/// `[[case.files]]`
pub(super) const FILE: &[&str] = &["path", "text", "copy"];
/// `[[case.mock]]`
pub(super) const MOCK: &[&str] = &["tool", "when", "returns", "error"];

/// The keys of each table that has keys of its own, to say where a misplaced one belongs.
pub(super) const TABLES: &[(&str, &[&str])] = &[
    ("[matrix]", MATRIX),
    ("[[case.files]]", &["path", "copy"]),
    ("[[case.mock]]", &["when", "returns"]),
    (
        "[[case]]",
        &[
            "recording",
            "repeat",
            "required",
            "timeout",
            "threshold",
            "table",
            "sheet",
        ],
    ),
    ("[[case.expect]]", crate::assertion::HEADS),
];
