//! The words for the person in an answer that is one object, while it comes in.

use super::json;

/// Where the text of the reply begins in `{"calls": [], "reply": "…`; none when it does not, or not
/// yet.
pub(super) fn reply(text: &str) -> Option<usize> {
    let mut rest = text;
    for token in ["{", "\"calls\"", ":", "[", "]", ",", "\"reply\"", ":", "\""] {
        rest = rest.trim_start().strip_prefix(token)?;
    }
    Some(text.len() - rest.len())
}

/// What of a JSON string, without its first quote, is certain by now: the text, and the bytes that
/// it takes.
pub(super) fn certain(string: &str) -> (String, usize) {
    let mut end = 0;
    while let Some(c) = string[end..].chars().next() {
        let length = match c {
            '"' => break,
            '\\' => match escape(&string[end..]) {
                Some(length) => length,
                None => break,
            },
            c => c.len_utf8(),
        };
        end += length;
    }
    let quoted = format!("\"{}\"", &string[..end]);
    let text = json::read(&quoted).and_then(|read| read.value.as_str().map(str::to_owned));
    (text.unwrap_or_default(), end)
}

/// The bytes of a whole escape; none while it is not whole.
fn escape(text: &str) -> Option<usize> {
    match text.chars().nth(1)? {
        'u' => {
            let digits = text.get(2..6)?;
            let unit = u32::from_str_radix(digits, 16).ok()?;
            // The first half of a character is nothing without the other.
            let length = if (0xd800..0xdc00).contains(&unit) {
                12
            } else {
                6
            };
            text.get(..length).map(str::len)
        }
        c => Some(1 + c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_found_where_nothing_is_called() {
        for (text, rest) in [
            (r#"{"calls": [], "reply": "Hi"#, Some("Hi")),
            ("{\n \"calls\" : [ ] ,\n \"reply\":\"", Some("")),
            (r#"{"calls": [], "reply": {"#, None),
            (r#"{"calls": [], "rep"#, None),
            (r#"{"calls": [{"#, None),
        ] {
            assert_eq!(reply(text).map(|at| &text[at..]), rest, "{text}");
        }
    }

    #[test]
    fn only_whole_characters_are_certain() {
        for (string, text, length) in [
            ("ab", "ab", 2),
            (r"a\", "a", 1),
            (r"a\n", "a\n", 3),
            (r"a\u00", "a", 1),
            (r"a\u00e4b", "aäb", 8),
            (r"\ud83d", "", 0),
            (r"\ud83d\ude00!", "😀!", 13),
            ("a\"}", "a", 1),
        ] {
            assert_eq!(certain(string), (text.to_owned(), length), "{string}");
        }
    }
}
