//! TOML, as far as colours need it.

use super::{Kind, Span, Spans};

pub(super) fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Vec<Span>> {
    // The quotes that a text over several lines waits for.
    let mut open: Option<&'static str> = None;
    lines.map(|text| line(text, &mut open)).collect()
}

fn line(text: &str, open: &mut Option<&'static str>) -> Vec<Span> {
    let mut spans = Spans::default();
    let mut at = 0;
    if let Some(quotes) = *open {
        at = text
            .find(quotes)
            .map_or(text.len(), |found| found + quotes.len());
        spans.add(Kind::Text, 0..at);
        if at == text.len() && !text.ends_with(quotes) {
            return spans.0;
        }
        *open = None;
    }
    let is_header = at == 0 && text.trim_start().starts_with('[');
    // What stands before the first `=` is a key, where there is one outside of quotes.
    let mut is_key = !is_header && at == 0 && has_key(text);
    while let Some(c) = text[at..].chars().next() {
        let end = match c {
            '#' => text.len(),
            '"' | '\'' => string(text, at, c, open),
            '=' | '[' | ']' | '{' | '}' | ',' | '.' => at + 1,
            _ if is_bare(c) => at + text[at..].find(|c| !is_bare(c)).unwrap_or(text.len() - at),
            _ => at + c.len_utf8(),
        };
        let kind = match c {
            '#' => Some(Kind::Comment),
            '"' | '\'' if is_key || is_header => Some(Kind::Key),
            '"' | '\'' => Some(Kind::Text),
            '=' | '[' | ']' | '{' | '}' | ',' | '.' => Some(Kind::Sign),
            _ if is_header && is_bare(c) => Some(Kind::Key),
            _ if !is_key && is_bare(c) => value(text, at, end),
            _ => None,
        };
        if let Some(kind) = kind {
            spans.add(kind, at..end);
        }
        is_key &= c != '=';
        at = end;
    }
    spans.0
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | ':')
}

fn has_key(text: &str) -> bool {
    let end = text.find('=').unwrap_or(0);
    end > 0 && !text[..end].contains(['#', '[', '{', ','])
}

/// A number, a date or a truth; inside of braces it is a key where `=` follows.
fn value(text: &str, from: usize, end: usize) -> Option<Kind> {
    if text[end..].trim_start().starts_with('=') {
        return None;
    }
    let word = &text[from..end];
    let is_value = matches!(word, "true" | "false" | "inf" | "nan")
        || word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    is_value.then_some(Kind::Number)
}

/// The end of the text that begins at a quote.
fn string(text: &str, at: usize, quote: char, open: &mut Option<&'static str>) -> usize {
    let long = if quote == '"' { "\"\"\"" } else { "'''" };
    if text[at..].starts_with(long) {
        return match text[at + 3..].find(long) {
            Some(found) => at + 3 + found + 3,
            None => {
                *open = Some(long);
                text.len()
            }
        };
    }
    let mut escaped = false;
    for (place, c) in text[at + 1..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + 1 + place + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::super::tests::shown;

    #[test]
    fn keys_values_and_comments_are_told_apart() {
        let text = "[[tools]] # what it calls\nuse = \"render # \\\" template\"\nmax_steps = 24\n\
                    on = true\nargs = ['a', 0.5]\n[input.properties.x]\nat = { min = 1, text = \"a\" }";
        assert_eq!(
            shown(Language::Toml, text),
            [
                "Sign:[ Sign:[ Key:tools Sign:] Sign:] Comment:# what it calls",
                "Sign:= Text:\"render # \\\" template\"",
                "Sign:= Number:24",
                "Sign:= Number:true",
                "Sign:= Sign:[ Text:'a' Sign:, Number:0 Sign:. Number:5 Sign:]",
                "Sign:[ Key:input Sign:. Key:properties Sign:. Key:x Sign:]",
                "Sign:= Sign:{ Sign:= Number:1 Sign:, Sign:= Text:\"a\" Sign:}",
            ]
        );
    }

    #[test]
    fn a_text_over_several_lines_is_one() {
        let text = "a = \"\"\"one\n# two\nthree\"\"\" # end\nb = 1\nc = '''open\nstill";
        assert_eq!(
            shown(Language::Toml, text),
            [
                "Sign:= Text:\"\"\"one",
                "Text:# two",
                "Text:three\"\"\" Comment:# end",
                "Sign:= Number:1",
                "Sign:= Text:'''open",
                "Text:still",
            ]
        );
    }
}
