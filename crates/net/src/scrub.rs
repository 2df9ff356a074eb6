//! Taking secrets out of text before it is shown, logged or stored.

use std::borrow::Cow;
use std::fmt::Write as _;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};
use memchr::memmem;

const MASK: &str = "[secret]";

/// The text with every secret replaced by `[secret]`: as it is, percent-encoded, as JSON writes
/// it, in hexadecimal, and in Base64, also as a part of something longer. Empty secrets are skipped.
#[must_use]
pub fn scrub<'t>(text: &'t str, secrets: &[&str]) -> Cow<'t, str> {
    Scrubber::new(secrets).text(text)
}

/// Takes the same secrets out of several texts. It holds them: let go of it soon.
pub struct Scrubber {
    /// The longest first: a secret that holds another one has to go first, or its rest would stay.
    forms: Vec<String>,
}

impl Scrubber {
    /// For these secrets, in every form in which [`scrub`] finds them.
    #[must_use]
    pub fn new(secrets: &[&str]) -> Self {
        Self::of_forms(secrets, written_forms)
    }

    /// For these secrets as text and as JSON writes them, and in no encoding.
    #[must_use]
    pub fn unencoded(secrets: &[&str]) -> Self {
        Self::of_forms(secrets, |secret| {
            vec![secret.to_owned(), json_escaped(secret)]
        })
    }

    fn of_forms(secrets: &[&str], forms: fn(&str) -> Vec<String>) -> Self {
        let secrets = secrets.iter().filter(|secret| !secret.is_empty());
        let mut forms: Vec<String> = secrets.flat_map(|secret| forms(secret)).collect();
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Self { forms }
    }

    /// The text without the secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if memmem::find(text.as_bytes(), form.as_bytes()).is_some() {
                text = Cow::Owned(text.replace(form, MASK));
            }
        }
        text
    }

    /// The bytes without the secrets, and nothing else changed. They may have been cut off in the
    /// middle of one: what is left of it at their end goes too, unless it is too short to tell.
    #[must_use]
    pub fn bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for form in &self.forms {
            let finder = memmem::Finder::new(form);
            if finder.find(&bytes).is_none() {
                continue;
            }
            let mut clean = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in finder.find_iter(&bytes) {
                clean.extend_from_slice(&bytes[from..at]);
                clean.extend_from_slice(MASK.as_bytes());
                from = at + form.len();
            }
            clean.extend_from_slice(&bytes[from..]);
            bytes = clean;
        }
        if let Some(kept) = self.begun_at_the_end(&bytes) {
            bytes.truncate(kept);
            bytes.extend_from_slice(MASK.as_bytes());
        }
        bytes
    }

    /// Where a secret begins that the end of the bytes cuts off.
    fn begun_at_the_end(&self, bytes: &[u8]) -> Option<usize> {
        let last = *bytes.last()?;
        let begun = |form: &String| {
            let form = form.as_bytes();
            let lengths = (TELLING..=form.len().min(bytes.len())).rev();
            let mut begun = lengths
                .filter(|length| form[length - 1] == last && bytes.ends_with(&form[..*length]));
            begun.next()
        };
        let longest = self.forms.iter().filter_map(begun).max()?;
        Some(bytes.len() - longest)
    }
}

/// The first characters of a secret that tell something of it: fewer are what all keys of a
/// provider begin with, or chance.
const TELLING: usize = 8;

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
    fn bytes_that_are_no_text_lose_the_secret_and_nothing_else() {
        let secret = "sk-proj-0123456789abcdef";
        let scrubber = Scrubber::new(&[secret]);
        let encoded = BASE64.encode(format!("a:{secret}").as_bytes());
        let around = |middle: &[u8]| [b"\xff\xfe\0", middle, b"\r\n\xc3"].concat();
        assert_eq!(
            scrubber.bytes(around(secret.as_bytes())),
            around(b"[secret]")
        );
        let clean = scrubber.bytes(around(encoded.as_bytes()));
        assert!(memmem::find(&clean, b"[secret]").is_some(), "{clean:?}");
        let twice = format!("{secret}{secret}-{secret}").into_bytes();
        assert_eq!(scrubber.bytes(twice), b"[secret][secret]-[secret]");
        assert_eq!(scrubber.bytes(around(b"plain")), around(b"plain"));
    }

    #[test]
    fn a_secret_that_is_cut_off_leaves_nothing_that_tells() {
        let secret = "sk-0123456789>?~abcdef";
        let scrubber = Scrubber::new(&[secret]);
        let forms = [
            secret.to_owned(),
            BASE64.encode(secret.as_bytes()),
            HEXLOWER.encode(secret.as_bytes()),
            percent_encoded(secret, true),
        ];
        for form in forms {
            for cut in TELLING..form.len() {
                let clean = scrubber.bytes(format!("it is {}", &form[..cut]).into_bytes());
                let clean = String::from_utf8(clean).unwrap();
                assert!(
                    clean.len() < "it is [secret]".len() + TELLING,
                    "{cut}: {clean}"
                );
                assert!(clean.starts_with("it is [secret]"), "{cut}: {clean}");
            }
        }
        assert_eq!(scrubber.bytes(b"it is sk-0123".to_vec()), b"it is sk-0123");
    }

    #[test]
    fn text_without_secrets_is_not_copied() {
        assert!(matches!(
            scrub("plain", &["", "abc"]),
            Cow::Borrowed("plain")
        ));
    }
}
