//! Markdown as it is written: signs step back, what they do to words is seen.

use super::{Kind, Span, Spans};

/// In longer lines nothing is looked for: a hostile one would take quadratic time at every key.
const MOST_BYTES: usize = 2_000;

pub(super) fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Vec<Span>> {
    let mut fence: Option<(char, usize)> = None;
    lines.map(|text| line(text, &mut fence)).collect()
}

fn line(text: &str, fence: &mut Option<(char, usize)>) -> Vec<Span> {
    let mut spans = Spans::default();
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    let opens = fence_of(words);
    if let Some((sign, count)) = *fence {
        let closes = opens.is_some_and(|(other, more)| other == sign && more >= count)
            && words.trim_end().chars().all(|c| c == sign);
        if closes {
            *fence = None;
            spans.add(Kind::Sign, indent..text.len());
        } else {
            spans.add(Kind::Code, 0..text.len());
        }
        return spans.0;
    }
    if let Some((sign, count)) = opens {
        *fence = Some((sign, count));
        spans.add(Kind::Sign, indent..text.len());
        return spans.0;
    }
    let level = words.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&level) && matches!(words.as_bytes().get(level), None | Some(b' ')) {
        spans.add(Kind::Sign, indent..indent + level);
        let start = (indent + level + 1).min(text.len());
        spans.add(Kind::Heading, start..text.len());
        return spans.0;
    }
    let is_rule = words.len() >= 3
        && ['-', '*', '_']
            .iter()
            .any(|sign| words.trim_end().chars().all(|c| c == *sign));
    if is_rule {
        spans.add(Kind::Sign, indent..text.len());
        return spans.0;
    }
    let marker = marker(words);
    spans.add(Kind::Sign, indent..indent + marker);
    inline(text, indent + marker, &mut spans);
    spans.0
}

/// The sign and the length of a line that opens or closes code.
fn fence_of(words: &str) -> Option<(char, usize)> {
    let sign = words.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = words.chars().take_while(|c| *c == sign).count();
    let rest = &words[count..];
    (count >= 3 && !(sign == '`' && rest.contains('`'))).then_some((sign, count))
}

/// The bytes of a list's or a quotation's sign at the beginning.
fn marker(words: &str) -> usize {
    if words.starts_with('>') {
        return 1;
    }
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let sign = match words.as_bytes().get(digits) {
        Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        _ => return 0,
    };
    if matches!(words.as_bytes().get(sign), None | Some(b' ')) {
        sign
    } else {
        0
    }
}

fn inline(text: &str, from: usize, spans: &mut Spans) {
    if text.len() > MOST_BYTES {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        let next = match byte {
            b'\\' => Some(at + 2),
            b'`' => code(text, at, spans),
            b'*' | b'_' => emphasis(text, at, spans),
            b'[' => link(text, at, spans),
            _ => None,
        };
        at = next.unwrap_or(at + 1);
    }
}

fn code(text: &str, at: usize, spans: &mut Spans) -> Option<usize> {
    let ticks = run(text, at);
    let mut close = at + ticks;
    loop {
        close += text.get(close..)?.find('`')?;
        let count = run(text, close);
        if count == ticks {
            break;
        }
        close += count;
    }
    spans.add(Kind::Sign, at..at + ticks);
    spans.add(Kind::Code, at + ticks..close);
    spans.add(Kind::Sign, close..close + ticks);
    Some(close + ticks)
}

/// One sign is emphasis, two are strong; more are left alone.
fn emphasis(text: &str, at: usize, spans: &mut Spans) -> Option<usize> {
    let count = run(text, at);
    let skip = Some(at + count);
    if count > 2 {
        return skip;
    }
    let sign = &text[at..at + count];
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let inside = &text[at + count..];
    let is_open = inside.chars().next().is_some_and(|c| !c.is_whitespace());
    if !is_open || (sign.starts_with('_') && word(text[..at].chars().next_back())) {
        return skip;
    }
    let mut from = 0;
    let length = loop {
        let Some(found) = inside[from..].find(sign).map(|found| from + found) else {
            return skip;
        };
        let signs = run(text, at + count + found);
        let before = inside[..found].chars().next_back();
        let after = inside[found + signs..].chars().next();
        let ends_word = !sign.starts_with('_') || !word(after);
        if signs == count && found > 0 && before.is_some_and(|c| !c.is_whitespace()) && ends_word {
            break found;
        }
        from = found + signs;
    };
    let kind = if count == 2 {
        Kind::Strong
    } else {
        Kind::Emphasis
    };
    let (start, end) = (at + count, at + count + length);
    spans.add(Kind::Sign, at..start);
    spans.add(kind, start..end);
    spans.add(Kind::Sign, end..end + count);
    Some(end + count)
}

/// `[words](where)`: the words stay, the rest steps back.
fn link(text: &str, at: usize, spans: &mut Spans) -> Option<usize> {
    let middle = at + text[at..].find("](")?;
    let end = middle + text[middle..].find(')')? + 1;
    if text[at + 1..middle].contains('[') {
        return None;
    }
    spans.add(Kind::Sign, at..at + 1);
    spans.add(Kind::Sign, middle..middle + 2);
    spans.add(Kind::Code, middle + 2..end - 1);
    spans.add(Kind::Sign, end - 1..end);
    Some(end)
}

/// How often the sign at a place stands there.
fn run(text: &str, at: usize) -> usize {
    let bytes = &text.as_bytes()[at..];
    bytes.iter().take_while(|byte| **byte == bytes[0]).count()
}

#[cfg(test)]
mod tests {
    use super::super::Language;
    use super::super::tests::shown;

    fn line(text: &str) -> String {
        shown(Language::Markdown, text).remove(0)
    }

    #[test]
    fn signs_step_back_and_words_show_what_they_are() {
        assert_eq!(line("# Expense report"), "Sign:# Heading:Expense report");
        assert_eq!(line("#hashtag"), "");
        assert_eq!(
            line("1. List `./receipts` now"),
            "Sign:1. Sign:` Code:./receipts Sign:`"
        );
        assert_eq!(
            line("- a **never** b"),
            "Sign:- Sign:** Strong:never Sign:**"
        );
        assert_eq!(
            line("never _from memory_."),
            "Sign:_ Emphasis:from memory Sign:_"
        );
        assert_eq!(line("> quoted"), "Sign:>");
        assert_eq!(line("---"), "Sign:---");
        assert_eq!(
            line("see [the page](a.md)."),
            "Sign:[ Sign:]( Code:a.md Sign:)"
        );
    }

    #[test]
    fn signs_that_are_meant_as_such_stay() {
        for text in [
            "snake_case_name",
            "2 * 3 * 4",
            "a `tick",
            "**open",
            "\\*not\\*",
            "1.5 is no list",
            "[no link]",
            "a ****",
        ] {
            assert_eq!(line(text), "", "{text}");
        }
        assert_eq!(line("``a`b``"), "Sign:`` Code:a`b Sign:``");
    }

    #[test]
    fn code_goes_over_lines_until_it_is_closed() {
        let text = "~~~toml\n# no heading\n```\n~~~\n# heading\n```\nopen";
        assert_eq!(
            shown(Language::Markdown, text),
            [
                "Sign:~~~toml",
                "Code:# no heading",
                "Code:```",
                "Sign:~~~",
                "Sign:# Heading:heading",
                "Sign:```",
                "Code:open"
            ]
        );
    }
}
