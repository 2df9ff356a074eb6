//! JSON as models write it who nobody holds to it: with commas too many, quotes of another kind,
//! words of Python, line breaks in strings, and brackets that are missing. Everything else that is
//! wrong stays wrong: to guess at what stands in a string would change what a tool is asked to do.

use serde_json::{Map, Number, Value};

/// Levels of nesting.
const DEEPEST: usize = 64;

/// How a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// As it should.
    Whole,
    /// Brackets are missing at its end.
    Unclosed,
    /// In the middle of something.
    Cut,
}

/// A value at the beginning of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    pub(super) value: Value,
    /// The bytes that it takes.
    pub(super) length: usize,
    pub(super) ending: Ending,
}

/// The value with which a text begins; none when there is none.
pub(super) fn read(text: &str) -> Option<Read> {
    let mut strict = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = strict.next() {
        return Some(Read {
            value,
            length: strict.byte_offset(),
            ending: Ending::Whole,
        });
    }
    let mut reader = Reader {
        text,
        at: 0,
        ending: Ending::Whole,
    };
    let value = reader.value(0)?;
    Some(Read {
        value,
        length: reader.at,
        ending: reader.ending,
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    ending: Ending,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// What comes after white space.
    fn visible(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.peek()
    }

    fn ends(&mut self, how: Ending) {
        if self.ending == Ending::Whole {
            self.ending = how;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        match self.visible()? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            quote @ ('"' | '\'') => self.string(quote).map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut map = Map::new();
        loop {
            match self.visible() {
                None => {
                    self.ends(Ending::Unclosed);
                    return Some(Value::Object(map));
                }
                Some('}') => {
                    self.next();
                    return Some(Value::Object(map));
                }
                // Its own bracket is missing.
                Some(']') => return Some(Value::Object(map)),
                Some(',') => {
                    self.next();
                }
                Some(_) => {
                    let key = self.key()?;
                    if self.ending != Ending::Whole {
                        return Some(Value::Object(map));
                    }
                    match self.visible() {
                        Some(':') => self.next(),
                        None => {
                            self.ends(Ending::Cut);
                            return Some(Value::Object(map));
                        }
                        Some(_) => return None,
                    };
                    if self.visible().is_none() {
                        self.ends(Ending::Cut);
                        return Some(Value::Object(map));
                    }
                    let value = self.value(depth + 1)?;
                    map.insert(key, value);
                }
            }
        }
    }

    fn key(&mut self) -> Option<String> {
        match self.peek()? {
            quote @ ('"' | '\'') => self.string(quote),
            _ => {
                let rest = self.rest();
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
                let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                let key = rest[..end].to_owned();
                self.at += end;
                (!key.is_empty()).then_some(key)
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut list = Vec::new();
        loop {
            match self.visible() {
                None => {
                    self.ends(Ending::Unclosed);
                    return Some(Value::Array(list));
                }
                Some(']') => {
                    self.next();
                    return Some(Value::Array(list));
                }
                // Its own bracket is missing.
                Some('}') => return Some(Value::Array(list)),
                Some(',') => {
                    self.next();
                }
                Some(_) => list.push(self.value(depth + 1)?),
            }
        }
    }

    fn string(&mut self, quote: char) -> Option<String> {
        self.next();
        let mut string = String::new();
        loop {
            let Some(c) = self.next() else {
                self.ends(Ending::Cut);
                return Some(string);
            };
            match c {
                c if c == quote && self.is_end(quote) => return Some(string),
                '\\' => self.escape(&mut string)?,
                c => string.push(c),
            }
        }
    }

    /// An apostrophe ends a string only where a string may end.
    fn is_end(&self, quote: char) -> bool {
        let after = self.rest().trim_start();
        quote == '"' || after.is_empty() || after.starts_with([',', ':', '}', ']'])
    }

    fn escape(&mut self, string: &mut String) -> Option<()> {
        let Some(c) = self.next() else {
            self.ends(Ending::Cut);
            return Some(());
        };
        match c {
            'n' => string.push('\n'),
            't' => string.push('\t'),
            'r' => string.push('\r'),
            'b' => string.push('\u{8}'),
            'f' => string.push('\u{c}'),
            '"' | '\'' | '\\' | '/' => string.push(c),
            'u' => match self.unit() {
                Some(c) => string.push(c),
                None if !self.rest().contains('"') => {
                    self.ends(Ending::Cut);
                    self.at = self.text.len();
                }
                None => return None,
            },
            // Of regular expressions and paths, which were not escaped twice.
            c => string.extend(['\\', c]),
        }
        Some(())
    }

    fn unit(&mut self) -> Option<char> {
        let first = self.hexadecimal()?;
        if let Some(c) = char::from_u32(first) {
            return Some(c);
        }
        let rest = self.rest().strip_prefix("\\u");
        let second = rest.is_some().then(|| {
            self.at += 2;
            self.hexadecimal()
        });
        let pair = [u16::try_from(first).ok()?, u16::try_from(second??).ok()?];
        char::decode_utf16(pair).next()?.ok()
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(number)
    }

    fn word(&mut self) -> Option<Value> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        let value = match word {
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            "null" | "None" => Value::Null,
            number => Value::Number(serde_json::from_str::<Number>(number).ok()?),
        };
        self.at += end;
        if self.at == self.text.len() {
            // Nobody knows whether a number goes on.
            self.ends(Ending::Cut);
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_models_get_wrong_is_read() {
        for (text, value, ending) in [
            (r#"{"a": 1}"#, json!({"a": 1}), Ending::Whole),
            (r#"{"a": [1, 2,],}"#, json!({"a": [1, 2]}), Ending::Whole),
            ("{'a': 'it''s'}", json!({"a": "it''s"}), Ending::Whole),
            (
                "{'a': 'it's so', b: True}",
                json!({"a": "it's so", "b": true}),
                Ending::Whole,
            ),
            (
                "{a: None, 'b': False}",
                json!({"a": null, "b": false}),
                Ending::Whole,
            ),
            ("{\"a\": \"x\ny\"}", json!({"a": "x\ny"}), Ending::Whole),
            (
                r#"{"a": "\d+ \u00e4 \ud83d\ude00",}"#,
                json!({"a": "\\d+ ä 😀"}),
                Ending::Whole,
            ),
            (
                r#"{"a": [{"b": 1]}"#,
                json!({"a": [{"b": 1}]}),
                Ending::Whole,
            ),
            (
                r#"{"a": [{"b": {}"#,
                json!({"a": [{"b": {}}]}),
                Ending::Unclosed,
            ),
            (r#"{"a": [1, "#, json!({"a": [1]}), Ending::Unclosed),
            (r#"{"a": 12"#, json!({"a": 12}), Ending::Cut),
            (r#"{"a": "half"#, json!({"a": "half"}), Ending::Cut),
            (r#"{"a": "half\"#, json!({"a": "half"}), Ending::Cut),
            (r#"{"a": "half\u00"#, json!({"a": "half"}), Ending::Cut),
            (r#"{"a":"#, json!({}), Ending::Cut),
            (r#"{"a""#, json!({}), Ending::Cut),
            (r#"{"a"#, json!({}), Ending::Cut),
        ] {
            let read = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((read.value, read.ending), (value, ending), "{text}");
            assert_eq!(read.length, text.len(), "{text}");
        }
    }

    #[test]
    fn what_follows_is_left() {
        let text = "{'a': 1,} and more";
        assert_eq!(&text[read(text).unwrap().length..], " and more");
    }

    #[test]
    fn what_cannot_be_known_is_not_guessed() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "}",
            "{1 2}",
            "{\"a\" 1}",
            "{\"a\": what}",
            "{\"a\": \"\\ud83dx\"}",
            &deep,
        ] {
            assert_eq!(read(text), None, "{}", &text[..text.len().min(40)]);
        }
    }
}
