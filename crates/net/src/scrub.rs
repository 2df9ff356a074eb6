//! Taking secrets out of text before it is shown, logged or stored.

use std::borrow::Cow;
use std::fmt::Write as _;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};

const MASK: &str = "[secret]";

/// The text with every secret replaced by `[secret]`: as it is, percent-encoded, as JSON writes
/// it, in hexadecimal, and in Base64, also as a part of something longer. Empty secrets are skipped.
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

/// Shorter secrets have encodings that ordinary text holds too.
const LONG_ENOUGH_TO_ENCODE: usize = 8;

fn written_forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        percent_encoded(secret, true),
        percent_encoded(secret, false),
        json_escaped(secret),
    ];
    if secret.len() >= LONG_ENOUGH_TO_ENCODE {
        let bytes = secret.as_bytes();
        forms.push(HEXLOWER.encode(bytes));
        forms.push(HEXUPPER.encode(bytes));
        for alphabet in [&BASE64_NOPAD, &BASE64URL_NOPAD] {
            forms.extend((0..3).map(|before| inside_base64(secret, before, alphabet)));
        }
    }
    forms
}

/// The characters of a longer text's Base64 that tell nothing but the secret, when this many
/// bytes (of a group of three) stand before it.
fn inside_base64(secret: &str, before: usize, alphabet: &Encoding) -> String {
    let padded = ["\0".repeat(before).as_bytes(), secret.as_bytes()].concat();
    let encoded = alphabet.encode(&padded);
    let first = (before * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    encoded.get(first..end).unwrap_or_default().to_owned()
}

/// Parts of the names of query parameters whose values open something.
const OPENING: [&str; 12] = [
    "token",
    "key",
    "secret",
    "signature",
    "password",
    "passwd",
    "credential",
    "auth",
    "session",
    "code",
    "jwt",
    "sas",
];

/// The text with its URLs free of names and passwords, and of the values of query parameters that
/// open something, as signed URLs have them.
#[must_use]
pub fn scrub_urls(text: &str) -> Cow<'_, str> {
    if !text.contains("://") && !text.contains('?') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| {
                matches!(c, '/' | '?' | '#' | '>' | '"' | '\'' | ',' | ';') || c.is_whitespace()
            })
            .unwrap_or(after.len());
        let (authority, next) = after.split_at(end);
        out.push_str(
            authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host),
        );
        rest = next;
    }
    out.push_str(rest);
    Cow::Owned(without_opening_values(&out))
}

fn without_opening_values(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['?', '&', ';']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        let ends =
            |c: char| matches!(c, '&' | '#' | '>' | '"' | '\'' | ',' | ';') || c.is_whitespace();
        let end = rest.find(ends).unwrap_or(rest.len());
        let Some((name, value)) = rest[..end].split_once('=') else {
            continue;
        };
        let name_in_lower_case = name.to_ascii_lowercase();
        let opens = name_in_lower_case == "sig"
            || OPENING.iter().any(|part| name_in_lower_case.contains(part));
        if opens && !value.is_empty() {
            out.push_str(name);
            out.push('=');
            out.push_str(MASK);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
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
    use data_encoding::{BASE64, BASE64URL};

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
    fn encoded_forms_go_wherever_they_stand_in_the_encoded_text() {
        let secret = "sk-0123456789>?~abcdef";
        for before in 0..7 {
            for after in 0..4 {
                let text = format!("{}{secret}{}", "a".repeat(before), "z".repeat(after));
                for encoding in [BASE64, BASE64_NOPAD, BASE64URL, HEXLOWER, HEXUPPER] {
                    let encoded = format!("Basic {}", encoding.encode(text.as_bytes()));
                    let clean = scrub(&encoded, &[secret]).into_owned();
                    assert!(clean.contains("[secret]"), "{encoded} became {clean}");
                    let rest = clean.replace("Basic ", "").replace("[secret]", "");
                    assert!(rest.len() <= 2 * (before + after) + 8, "{clean}");
                }
            }
        }
    }

    #[test]
    fn urls_keep_what_leads_there_and_lose_what_opens_it() {
        for (url, clean) in [
            ("https://me:hunter2@host/a?page=2", "https://host/a?page=2"),
            ("https://me@host", "https://host"),
            ("https://a:b@c:d@host:1/x@y", "https://host:1/x@y"),
            ("/a?page=2&sig=abc#end", "/a?page=2&sig=[secret]#end"),
            (
                "https://s3/x?X-Amz-Signature=1&X-Amz-Date=2",
                "https://s3/x?X-Amz-Signature=[secret]&X-Amz-Date=2",
            ),
            (
                "<https://u:p@h/?access_token=t>; rel=\"next\", <https://h/?page=3>; rel=\"last\"",
                "<https://h/?access_token=[secret]>; rel=\"next\", <https://h/?page=3>; rel=\"last\"",
            ),
            (
                "Mon, 01 Jan 2026 00:00:00 GMT",
                "Mon, 01 Jan 2026 00:00:00 GMT",
            ),
        ] {
            assert_eq!(scrub_urls(url), clean);
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
