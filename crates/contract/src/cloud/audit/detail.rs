//! What the log keeps beside what happened, in words.
//!
//! A server may write anything there: only what this program knows is told, and the server's own words only where they
//! are one short line.

use serde_json::Value;

use crate::cloud::{Line, Role, session};

/// So many characters of the server's own words are told.
const MOST: usize = 120;

/// The server's own words, where they are one short line.
fn line<'d>(detail: &'d Value, key: &str) -> Option<&'d str> {
    let text = detail.get(key).and_then(Value::as_str)?;
    text.parse::<Line<MOST>>().is_ok().then_some(text)
}

/// What it was done to is called, or whom it was for.
pub(super) fn name(detail: &Value) -> Option<&str> {
    line(detail, "name").or_else(|| line(detail, "invited"))
}

/// What is known of it, joined by commas; nothing, where nothing is.
pub(super) fn words(detail: &Value) -> Vec<String> {
    let text = |key: &str| detail.get(key).and_then(Value::as_str);
    let line = |key: &str| line(detail, key);
    let client = text("client");
    let changed = line("from")
        .zip(line("to"))
        .map(|(from, to)| format!("from {from} to {to}"));
    let given = text("role")
        .and_then(|role| role.parse::<Role>().ok())
        .map(|role| format!("as {role}"));
    let with = text("by")
        .filter(|_| client.is_none_or(|client| client == session::BROWSER))
        .and_then(ways);
    let within = client.and_then(program).map(str::to_owned);
    let because = line("because").map(|because| format!("because {because}"));
    [changed, given, with, within, because]
        .into_iter()
        .flatten()
        .collect()
}

/// How somebody got in: one way, or a first and a second factor.
fn ways(by: &str) -> Option<String> {
    let ways: Option<Vec<&str>> = by.split(", ").take(3).map(way).collect();
    ways.map(|ways| format!("with {}", ways.join(" and ")))
}

fn way(by: &str) -> Option<&'static str> {
    Some(match by {
        "password" => "the password",
        "code" => "a code",
        "recovery code" => "a recovery code",
        "device code" => "the code of a device",
        "passkey" => "a passkey",
        "registration" => "a new account",
        "github" => "GitHub",
        "google" => "Google",
        _ => return None,
    })
}

/// With which program. How that got in says nothing: its person was in a browser.
fn program(client: &str) -> Option<&'static str> {
    Some(match client {
        session::BROWSER => "in a browser",
        "slipway-desktop" => "with Slipway on a computer",
        "slipway-cli" => "with the slipway command",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(detail: &Value) -> String {
        words(detail).join(", ")
    }

    #[test]
    fn what_is_known_is_told() {
        for (detail, words) in [
            (
                json!({"from": "member", "to": "owner"}),
                "from member to owner",
            ),
            (
                json!({"from": "Harbour", "to": "Harbour works"}),
                "from Harbour to Harbour works",
            ),
            (json!({"role": "viewer"}), "as viewer"),
            (
                json!({"by": "passkey", "client": "browser"}),
                "with a passkey, in a browser",
            ),
            (
                json!({"by": "password, recovery code", "client": "browser"}),
                "with the password and a recovery code, in a browser",
            ),
            (
                json!({"by": "code", "client": "slipway-cli"}),
                "with the slipway command",
            ),
            (
                json!({"by": "password", "because": "the password was wrong"}),
                "with the password, because the password was wrong",
            ),
            (json!({"by": "github"}), "with GitHub"),
        ] {
            assert_eq!(told(&detail), words, "{detail}");
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        for detail in [
            json!({"from": "member"}),
            json!({"from": "two\nlines", "to": "owner"}),
            json!({"role": ["viewer"]}),
            json!({"by": "a word, password"}),
            json!({"client": "another"}),
            json!({"because": "two\nlines"}),
            json!({"because": "a\u{202e}b"}),
            json!({"because": "a".repeat(MOST + 1)}),
            json!({"because": {"because": "it is so"}}),
            json!(["because"]),
            json!("because"),
            json!(null),
        ] {
            assert_eq!(told(&detail), "", "{detail}");
        }
    }
}
