//! What is told by a model's name.

use super::super::reasons;

#[test]
fn unlisted_models_are_told_by_their_names() {
    for (name, expected) in [
        ("gpt-4.5-preview", false),
        ("ft:gpt-4o-mini-2024-07-18:acme::1", false),
        ("gpt-5-chat-latest", false),
        ("gpt-5-codex", true),
        ("o1", true),
        ("gpt-7", true),
    ] {
        assert_eq!(reasons(name), expected, "{name}");
    }
}
