//! Taking secrets out of text before it is shown, logged or stored.

use std::borrow::Cow;
use std::fmt::Write as _;

const MASK: &str = "[secret]";

/// The text with every secret replaced by `[secret]`: as it is, percent-encoded, and as JSON
/// writes it. Empty secrets are skipped.
#[must_use]
pub fn scrub<'t>(text: &'t str, secrets: &[&str]) -> Cow<'t, str> {
    let mut forms: Vec<String> = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .flat_map(|secret| written_forms(secret))
        .collect();
    // A secret that holds another one is replaced first, or its rest would stay.
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    forms.dedup();
    let mut text = Cow::Borrowed(text);
    for form in forms {
        if text.contains(&form) {
            text = Cow::Owned(text.replace(&form, MASK));
        }
    }
    text
}

fn written_forms(secret: &str) -> [String; 4] {
    [
        secret.to_owned(),
        percent_encoded(secret, true),
        percent_encoded(secret, false),
        json_escaped(secret),
    ]
}

fn percent_encoded(secret: &str, upper: bool) -> String {
    secret.bytes().fold(String::new(), |mut out, byte| {
        let written = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
                Ok(())
            }
            _ if upper => write!(out, "%{byte:02X}"),
            _ => write!(out, "%{byte:02x}"),
        };
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        out
    })
}

fn json_escaped(secret: &str) -> String {
    secret.chars().fold(String::new(), |mut out, c| {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_written_form_of_a_secret_goes() {
        let secret = "sk+1/2=\"x";
        for text in [
            "the key sk+1/2=\"x was refused",
            "GET /?key=sk%2B1%2F2%3D%22x",
            "GET /?key=sk%2b1%2f2%3d%22x",
            r#"{"key":"sk+1/2=\"x"}"#,
        ] {
            let clean = scrub(text, &[secret]);
            assert!(clean.contains("[secret]"), "{clean}");
            assert!(!clean.contains("sk"), "{clean}");
        }
    }

    #[test]
    fn a_secret_inside_another_leaves_no_rest() {
        assert_eq!(scrub("a abcdef b", &["abc", "abcdef"]), "a [secret] b");
    }

    #[test]
    fn text_without_secrets_is_not_copied() {
        assert!(matches!(
            scrub("plain", &["", "abc"]),
            Cow::Borrowed("plain")
        ));
    }
}
