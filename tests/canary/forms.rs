//! The forms in which a secret can stand in bytes.

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};

/// A form of a secret.
struct Form {
    written: Vec<u8>,
    secret: usize,
    name: &'static str,
}

/// Looks for secrets in all their forms.
pub(crate) struct Search {
    secrets: Vec<(&'static str, String)>,
    forms: Vec<Form>,
    searcher: AhoCorasick,
}

impl Search {
    pub(crate) fn new(secrets: Vec<(&'static str, String)>) -> Self {
        let forms: Vec<Form> = secrets
            .iter()
            .enumerate()
            .flat_map(|(secret, (_, text))| {
                written(text).into_iter().map(move |(name, written)| Form {
                    written,
                    secret,
                    name,
                })
            })
            .collect();
        let searcher = AhoCorasick::new(forms.iter().map(|form| &form.written)).expect("patterns");
        Self {
            secrets,
            forms,
            searcher,
        }
    }

    /// What of them is there, in words.
    pub(crate) fn within(&self, place: &str, bytes: &[u8]) -> Vec<String> {
        self.searcher
            .find_iter(bytes)
            .map(|found| {
                let form = &self.forms[found.pattern()];
                let (what, secret) = &self.secrets[form.secret];
                let around =
                    &bytes[found.start().saturating_sub(80)..(found.end() + 40).min(bytes.len())];
                format!(
                    "{place} holds {what} {secret:?} ({}): {:?}",
                    form.name,
                    String::from_utf8_lossy(around)
                )
            })
            .collect()
    }

    /// Finds each of them in the midst of other bytes, however it is written there; or a search
    /// that finds nothing would say nothing.
    pub(super) fn finds_each_in_every_form(&self) {
        for (what, secret) in &self.secrets {
            for before in 0..3 {
                let text = format!("{}{secret}-", "x".repeat(before));
                let bytes = text.as_bytes();
                for encoded in [
                    text.clone(),
                    data_encoding::BASE64.encode(bytes),
                    data_encoding::BASE64URL.encode(bytes),
                    HEXLOWER.encode(bytes),
                    HEXUPPER.encode(bytes),
                    percent_encoded(&text),
                    serde_json::Value::from(text.as_str()).to_string(),
                ] {
                    assert!(
                        !self.within("here", encoded.as_bytes()).is_empty(),
                        "{what} is not found in {encoded}"
                    );
                }
            }
        }
    }
}

fn written(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let json = serde_json::Value::from(secret).to_string();
    let mut forms = vec![
        ("raw", secret.as_bytes().to_vec()),
        ("JSON", json.trim_matches('"').as_bytes().to_vec()),
        ("percent-encoded", percent_encoded(secret).into_bytes()),
        (
            "percent-encoded",
            percent_encoded_in_lower_case(secret).into_bytes(),
        ),
        ("hex", HEXLOWER.encode(secret.as_bytes()).into_bytes()),
        ("hex", HEXUPPER.encode(secret.as_bytes()).into_bytes()),
    ];
    for before in 0..3 {
        forms.push(("Base64", base64(secret, before, &BASE64_NOPAD)));
        forms.push(("Base64", base64(secret, before, &BASE64URL_NOPAD)));
    }
    forms
}

/// What the secret alone decides of the Base64 of a text that has it after so many bytes.
fn base64(secret: &str, before: usize, encoding: &Encoding) -> Vec<u8> {
    let shifted = [&vec![0; before], secret.as_bytes()].concat();
    let encoded = encoding.encode(&shifted).into_bytes();
    let whole = shifted.len() * 8 / 6;
    encoded[(before * 8).div_ceil(6)..whole].to_vec()
}

pub(super) fn percent_encoded(text: &str) -> String {
    percent_encoded_by(text, |byte| format!("%{byte:02X}"))
}

pub(super) fn percent_encoded_in_lower_case(text: &str) -> String {
    percent_encoded_by(text, |byte| format!("%{byte:02x}"))
}

fn percent_encoded_by(text: &str, escape: fn(u8) -> String) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                escape(byte)
            }
        })
        .collect()
}
