use serde_json::json;
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::tool::{DeclaredEffect, Effect};
use slipway_contract::{ContentHash, Timestamp};

use super::*;

fn tool() -> ToolDefinition {
    ToolDefinition {
        name: "write_file".into(),
        description: "Writes a file".into(),
        schema: json!({"type": "object"}),
        effect: DeclaredEffect::Always(Effect::Idempotent),
        server: "built-in".into(),
    }
}

fn pattern(text: &str) -> ArgumentPattern {
    text.parse().unwrap()
}

fn rule(number: u8, ruling: Ruling) -> Rule {
    Rule {
        id: RuleId::from_random([number; 10]),
        agent: "clerk".parse().unwrap(),
        folder: None,
        workdir: "/work".into(),
        tool: "write_file".into(),
        ruling,
        made_at: Timestamp::UNIX_EPOCH,
        revoked_at: None,
    }
}

fn allow(text: &str) -> Rule {
    let arguments = pattern(text);
    let definition = binding::of_definition(&tool());
    rule(
        1,
        Ruling::Allow {
            arguments,
            definition,
        },
    )
}

fn deny(text: &str) -> Rule {
    let arguments = Some(pattern(text));
    rule(2, Ruling::Deny { arguments })
}

#[test]
fn a_pattern_covers_what_it_shows_and_nothing_more() {
    for (text, arguments, expected) in [
        (r#"path = "a""#, json!({"path": "a"}), true),
        (r#"path = "a""#, json!({"path": "A"}), false),
        (r#"path = "a""#, json!({"path": "a "}), false),
        (r#"path = "a""#, json!({"path": "a", "mode": null}), false),
        (r#"path = "a""#, json!({}), false),
        (r#"path = "a""#, json!(["a"]), false),
        (r#"path = "é""#, json!({"path": "e\u{301}"}), false),
        ("n = 1", json!({"n": 1}), true),
        ("n = 1", json!({"n": 1.0}), false),
        ("n = 1", json!({"n": "1"}), false),
        ("n = null", json!({}), false),
        (r#"n = {"a":1,"b":2}"#, json!({"n": {"b": 2, "a": 1}}), true),
        ("n = anything", json!({"n": [1, {"x": null}]}), true),
        ("n = anything", json!({}), false),
        ("no arguments", json!({}), true),
        ("no arguments", json!({"a": 1}), false),
    ] {
        assert_eq!(
            covers(&pattern(text), &arguments),
            expected,
            "{text} and {arguments}"
        );
    }
}

#[test]
fn a_star_stands_for_a_part_of_one_name() {
    for (text, value, expected) in [
        ("out/*.md", "out/a.md", true),
        ("out/*.md", "out/q3 report_2-b.x.md", true),
        ("out/*.md", "out/été.md", true),
        ("out/*.md", "out/.md", false),
        ("out/*.md", "out/.hidden.md", false),
        ("out/*.md", "out/a/b.md", false),
        ("out/*.md", "out/../a.md", false),
        ("out/*.md", "./out/a.md", false),
        ("out/*.md", "out/..\\a.md", false),
        ("out/*.md", "out/a.md/", false),
        ("out/*.md", "out/a.md\n", false),
        ("out/*.md", "out/a\u{200b}.md", false),
        ("out/*.md", "out/\u{3164}.md", false),
        ("out/*.md", "out/a.MD", false),
        ("out/*", "out/..", false),
        ("out/*", "out/", false),
        ("out/.*", "out/..", false),
        ("*", "a", true),
        ("*", "..", false),
        ("*-*.txt", "a-b-c.txt", true),
        ("*-*.txt", "ab.txt", false),
        ("https://*.example.com/x", "https://a.b.example.com/x", true),
        (
            "https://*.example.com/x",
            "https://evil.com?.example.com/x",
            false,
        ),
        (
            "https://*.example.com/x",
            "https://evil.com#.example.com/x",
            false,
        ),
        (
            "https://*.example.com/x",
            "https://u@evil.com:1/.example.com/x",
            false,
        ),
        (
            "https://example.com/*",
            "https://example.com/a?delete=1",
            false,
        ),
        ("https://example.com/*", "https://example.com/a%2f..", false),
    ] {
        let pattern = pattern(&format!("v = \"{text}\""));
        assert_eq!(
            covers(&pattern, &json!({"v": value})),
            expected,
            "{text} and {value:?}"
        );
    }
    let pattern = pattern("v = \"a*\"");
    assert!(!covers(&pattern, &json!({"v": 1})), "only texts");
    assert!(!covers(&pattern, &json!({"v": "a".repeat(100_000)})));
}

#[test]
fn suggestions_cover_their_call_and_can_be_read() {
    let shown = |arguments: &Value| {
        let offered = suggestions(arguments);
        for pattern in &offered {
            assert!(covers(pattern, arguments), "{pattern} covers {arguments}");
            assert_eq!(pattern.to_string().parse().as_ref(), Ok(pattern));
        }
        offered.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&json!({"path": "out/a.md", "content": "kept\n"})),
        [
            r#"content = "kept\n", path = "out/a.md""#,
            r#"content = anything, path = "out/a.md""#,
            r#"content = anything, path = "out/*.md""#,
        ]
    );
    assert_eq!(
        shown(&json!({"method": "POST", "url": "https://example.com/a.b", "body": "x"})),
        [
            r#"body = "x", method = "POST", url = "https://example.com/a.b""#,
            r#"body = anything, method = "POST", url = "https://example.com/a.b""#,
        ]
    );
    assert_eq!(shown(&json!({})), ["no arguments"]);
    assert_eq!(shown(&json!({"path": "../x.md"})), [r#"path = "../x.md""#]);
    assert_eq!(shown(&json!({"path": ".env"})), [r#"path = ".env""#]);
    let long = json!({"path": "a.md", "content": "x".repeat(5_000)});
    assert_eq!(
        shown(&long),
        [
            r#"content = anything, path = "a.md""#,
            r#"content = anything, path = "*.md""#,
        ]
    );
    assert!(shown(&json!({"n": vec![1; 1_000]})).is_empty());
    assert!(shown(&json!("no object")).is_empty());
}

#[test]
fn a_rule_that_allows_holds_for_the_tool_as_it_was() {
    let rules = [allow(r#"path = "a""#)];
    let arguments = json!({"path": "a"});
    assert_eq!(
        verdict(&rules, &tool(), &arguments),
        Some(Verdict::Allow(RuleId::from_random([1; 10])))
    );
    assert_eq!(verdict(&rules, &tool(), &json!({"path": "b"})), None);
    type Change = fn(&mut ToolDefinition);
    let changes: [(&str, Change); 5] = [
        ("name", |tool| tool.name.push('x')),
        ("description", |tool| tool.description.push('.')),
        ("schema", |tool| {
            tool.schema = json!({"type": "object", "a": 1});
        }),
        ("server", |tool| tool.server = "other".into()),
        ("effect", |tool| {
            tool.effect = DeclaredEffect::Always(Effect::Write);
        }),
    ];
    for (what, change) in changes {
        let mut other = tool();
        change(&mut other);
        assert_eq!(verdict(&rules, &other, &arguments), None, "another {what}");
    }
    let mut revoked = rules;
    revoked[0].revoked_at = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(verdict(&revoked, &tool(), &arguments), None);
}

#[test]
fn a_rule_that_denies_wins_and_needs_no_definition() {
    let denied = Some(Verdict::Deny(RuleId::from_random([2; 10])));
    let rules = [allow("path = anything"), deny(r#"path = "secret.md""#)];
    assert_eq!(
        verdict(&rules, &tool(), &json!({"path": "secret.md"})),
        denied
    );
    let mut changed = tool();
    changed.description.push('!');
    assert_eq!(
        verdict(&rules, &changed, &json!({"path": "secret.md"})),
        denied
    );
    assert!(matches!(
        verdict(&rules, &tool(), &json!({"path": "a"})),
        Some(Verdict::Allow(_))
    ));
    let all = [
        allow("path = anything"),
        rule(2, Ruling::Deny { arguments: None }),
    ];
    assert_eq!(verdict(&all, &tool(), &json!({"path": "a"})), denied);
    let asks = [rule(3, Ruling::Ask {})];
    assert_eq!(verdict(&asks, &tool(), &json!({})), None);
}

#[test]
fn a_persons_policy_is_never_laxer_than_the_packages() {
    use ApprovalPolicy::{Allow, Ask, Deny};
    let none: Vec<Rule> = vec![];
    let allowing = vec![allow("path = anything")];
    let asking = vec![rule(3, Ruling::Ask {})];
    let denying = vec![rule(4, Ruling::Deny { arguments: None })];
    let some = vec![deny(r#"path = "a""#)];
    for (rules, asked_for, expected) in [
        (&none, None, None),
        (&none, Some(Allow), Some(Allow)),
        (&allowing, None, None),
        (&allowing, Some(Ask), Some(Ask)),
        (&allowing, Some(Deny), Some(Deny)),
        (&asking, None, Some(Ask)),
        (&asking, Some(Allow), Some(Ask)),
        (&asking, Some(Deny), Some(Deny)),
        (&denying, Some(Allow), Some(Deny)),
        (&denying, None, Some(Deny)),
        (&some, Some(Allow), Some(Ask)),
        (&some, None, Some(Ask)),
    ] {
        assert_eq!(policy(rules, "write_file", asked_for), expected);
        assert_eq!(policy(rules, "other", asked_for), asked_for);
    }
    let hash = ContentHash::from_bytes([0; 32]);
    assert_ne!(binding::of_definition(&tool()), hash);
}
