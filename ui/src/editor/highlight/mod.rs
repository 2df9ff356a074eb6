//! The colours of a text, line by line. Every byte of a line is in at most one span, and spans are in order.

mod markdown;
mod toml;

use std::ops::Range;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Markdown.
    Markdown,
    /// TOML.
    Toml,
    /// Nothing that has colours.
    Plain,
}

impl Language {
    /// The language of a file, by its name.
    pub(crate) fn of(path: &str) -> Self {
        match path.rsplit_once('.') {
            Some((_, "md" | "markdown")) => Self::Markdown,
            Some((_, "toml")) => Self::Toml,
            _ => Self::Plain,
        }
    }
}

/// What a part of a line is, as a class of the styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A heading's words.
    Heading,
    /// A sign of the language.
    Sign,
    /// Code.
    Code,
    /// A text in quotes.
    Text,
    /// A key.
    Key,
    /// A number, a date, a truth.
    Number,
    /// Strong words.
    Strong,
    /// Words that stand out.
    Emphasis,
    /// A comment.
    Comment,
}

impl Kind {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Heading => "syn-h",
            Self::Sign => "syn-m",
            Self::Code => "syn-c",
            Self::Text => "syn-s",
            Self::Key => "syn-k",
            Self::Number => "syn-n",
            Self::Strong => "syn-b",
            Self::Emphasis => "syn-i",
            Self::Comment => "syn-x",
        }
    }
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
}

/// The spans of each line.
pub(crate) fn highlight<'a>(
    language: Language,
    lines: impl Iterator<Item = &'a str>,
) -> Vec<Vec<Span>> {
    match language {
        Language::Markdown => markdown::lines(lines),
        Language::Toml => toml::lines(lines),
        Language::Plain => lines.map(|_| Vec::new()).collect(),
    }
}

/// Spans as they are found, from left to right.
#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn add(&mut self, kind: Kind, bytes: Range<usize>) {
        if !bytes.is_empty() {
            self.0.push(Span { kind, bytes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line with its spans as `kind:text`.
    pub(super) fn shown(language: Language, text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.split('\n').collect();
        let found = highlight(language, lines.iter().copied());
        assert_eq!(found.len(), lines.len());
        let show = |(line, spans): (&&str, &Vec<Span>)| {
            let spans = spans
                .iter()
                .map(|span| format!("{:?}:{}", span.kind, &line[span.bytes.clone()]));
            spans.collect::<Vec<_>>().join(" ")
        };
        lines.iter().zip(&found).map(show).collect()
    }

    #[test]
    fn whatever_is_typed_spans_are_in_order_and_end_at_characters() {
        let pieces = [
            "`", "*", "_", "é", "\"", "#", "[", "]", "=", "'''", "\"\"\"", "a", " ", "1", "\\",
            "🧾", "-", "\n", "```",
        ];
        // A generator of one's own: the same texts at every run.
        let mut seed = 7_u64;
        for _ in 0..3_000 {
            let mut text = String::new();
            for _ in 0..24 {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(seed >> 33).unwrap() % pieces.len();
                text.push_str(pieces[at]);
            }
            for language in [Language::Markdown, Language::Toml, Language::Plain] {
                let lines: Vec<&str> = text.split('\n').collect();
                for (line, spans) in lines.iter().zip(highlight(language, lines.iter().copied())) {
                    let mut end = 0;
                    for span in spans {
                        assert!(span.bytes.start >= end, "{text:?}");
                        assert!(line.get(span.bytes.clone()).is_some(), "{text:?}");
                        end = span.bytes.end;
                    }
                }
            }
        }
    }

    #[test]
    fn a_file_has_the_language_of_its_name() {
        assert_eq!(Language::of("instructions.md"), Language::Markdown);
        assert_eq!(Language::of("tests/a.b.toml"), Language::Toml);
        assert_eq!(Language::of("files/rates.csv"), Language::Plain);
        assert_eq!(Language::of("files/md"), Language::Plain);
    }
}
