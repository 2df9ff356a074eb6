//! JSON with line breaks, and nothing else changed: digits, order and repeated names stay as they
//! were sent.

use serde::de::IgnoredAny;

/// How deep JSON may be nested to be indented: each level takes its indentation on every line.
const DEEPEST: usize = 128;

/// The text indented; none where it is no JSON, or is nested deeper than anybody could read.
pub(super) fn indented(text: &str) -> Option<String> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut out = String::with_capacity(text.len() * 3 / 2);
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            ' ' | '\n' | '\r' | '\t' => {}
            '"' => {
                let (string, after) = rest.split_at(string_end(rest));
                out.push('"');
                out.push_str(string);
                rest = after;
            }
            '{' | '[' => {
                out.push(c);
                depth += 1;
                if depth > DEEPEST {
                    return None;
                }
                if !rest.trim_start().starts_with(['}', ']']) {
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !out.ends_with(['{', '[']) {
                    break_line(&mut out, depth);
                }
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => out.push(other),
        }
    }
    Some(out)
}

/// Where a string ends whose first quote was read, after its last.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_gets_lines_and_keeps_what_it_says() {
        let text = "{\"b\" :1.50,\"a\":[ ],\"b\":{},\n\"t\":\"x\\\"{,:\\\\\",\"n\":[12345678901234567890,{\"k\":null}]}";
        let shown = indented(text).unwrap();
        assert_eq!(
            shown,
            "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"b\": {},\n  \"t\": \"x\\\"{,:\\\\\",\n  \"n\": [\n    12345678901234567890,\n    {\n      \"k\": null\n    }\n  ]\n}"
        );
        assert_eq!(indented(&shown).as_deref(), Some(&*shown), "once is enough");
        let deep = "[".repeat(30_000) + &"]".repeat(30_000);
        assert_eq!(
            indented(&deep),
            None,
            "each level would take twice its depth"
        );
        assert_eq!(indented(" \"a b\" ").as_deref(), Some("\"a b\""));
        for other in ["", "{", "data: {}", "{} {}", "\"[\" x"] {
            assert_eq!(indented(other), None, "{other:?}");
        }
        assert_eq!(indented("[\"[\"]").as_deref(), Some("[\n  \"[\"\n]"));
    }
}
