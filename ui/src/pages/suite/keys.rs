//! The keys of a suite and of its cases, as their forms show them.

use super::field::{Key, Kind};

/// A case is called.
pub(super) const NAME: Key = Key::of("name", "Name", Kind::Line);

/// The suite is called.
pub(super) const SUITE: [Key; 2] = [
    Key::of("title", "Title", Kind::Line),
    Key::of("agent", "Only for the agent", Kind::Code).help("Its name; empty is any agent."),
];

/// What cases are multiplied by.
pub(super) const MATRIX: [Key; 4] = [
    Key::of("models", "Models", Kind::Texts)
        .help("Each case is run with each, one a line: openai/gpt-5-mini."),
    Key::of("temperature", "Temperature", Kind::Json).help("A list, such as [0, 0.7]."),
    Key::of("max_output_tokens", "Output tokens at most", Kind::Json).help("A list."),
    Key::of("reasoning", "Reasoning", Kind::Texts).help("One a line."),
];

/// How a case is found.
pub(super) const TAGS: Key =
    Key::of("tags", "Tags", Kind::Words).help("Words to choose it by, with commas.");

/// Who answers.
pub(super) const ANSWERS: [Key; 2] = [
    Key::of("recording", "Plays the recording", Kind::Recording),
    Key::of("tools", "Tools", Kind::Few(&["live", "recorded", "mocked"])),
];

/// How often, and within what.
pub(super) const BOUNDS: [Key; 5] = [
    Key::of("repeat", "Attempts", Kind::Number),
    Key::of("required", "Must pass", Kind::Number).help("All where it is empty."),
    Key::of("threshold", "Share that must be met", Kind::Number).help("Above 0, at most 1."),
    Key::of("timeout", "Time of an attempt", Kind::Code).help("Such as 30s."),
    Key::of("budget_usd", "Dollars of an attempt", Kind::Code).help("Such as 0.10."),
];

/// The table whose rows make a case each.
pub(super) const TABLE: Key = Key::of("table", "Table of cases", Kind::Code)
    .help("A file below tests/: each row makes a case, its columns are variables.");

/// Files that go with the first turn.
pub(super) const ATTACHMENTS: Key = Key::of("attachments", "Attached files", Kind::Texts)
    .help("Files below tests/, one a line; they go with the first message.");

/// An answer that stands in for a tool.
pub(super) const MOCK: [Key; 4] = [
    Key::of("tool", "Tool", Kind::Tool),
    Key::of("when", "When called with", Kind::Json)
        .help("A part of the arguments, as JSON; empty is any."),
    Key::of("returns", "Returns", Kind::Any),
    Key::of("error", "Or fails with", Kind::Line),
];

/// A file in the working folder.
pub(super) const FILE: [Key; 3] = [
    Key::of("path", "Path in the working folder", Kind::Code),
    Key::of("text", "Text", Kind::Text),
    Key::of("copy", "Or a copy of", Kind::Code).help("A file of the package, below tests/."),
];
