//! One way to write a JSON value, so that a hash of it means something.

use serde_json::Value;
use sha2::{Digest, Sha256};
use slipway_contract::ContentHash;

/// The value with every object's keys sorted, without spaces.
#[must_use]
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// SHA-256 of the canonical form.
#[must_use]
pub fn hash(value: &Value) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(to_string(value)).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn key_order_does_not_matter_and_content_does() {
        let one = json!({"b": [1, {"y": 2, "x": "\u{1}"}], "a": null});
        let other: Value =
            serde_json::from_str(r#"{"a":null,"b":[1,{"x":"\u0001","y":2}]}"#).unwrap();
        assert_eq!(
            to_string(&one),
            r#"{"a":null,"b":[1,{"x":"\u0001","y":2}]}"#
        );
        assert_eq!(hash(&one), hash(&other));
        assert_ne!(
            hash(&one),
            hash(&json!({"a": null, "b": [1, {"x": "\u{2}", "y": 2}]}))
        );
    }
}
