//! Vocabularies by which a text's tokens are counted, not estimated.

use serde::Deserialize;

/// A vocabulary that Slipway carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vocabulary {
    /// That of OpenAI's models since GPT-4o.
    O200k,
    /// That of GPT-4 and GPT-3.5.
    Cl100k,
}

impl Vocabulary {
    /// The tokens of a text. The first call unpacks the vocabulary.
    pub(super) fn count(self, text: &str) -> u64 {
        let tokenizer = match self {
            Self::O200k => tiktoken_rs::o200k_base_singleton(),
            Self::Cl100k => tiktoken_rs::cl100k_base_singleton(),
        };
        Pieces(text)
            .map(|piece| tokenizer.count_ordinary(piece) as u64)
            .sum()
    }
}

/// Bytes of the longest text that is split into words at once: how words are found goes back over
/// what it has seen, and gives up, in a long run of spaces.
const PIECE: usize = 4 << 10;

/// A text in pieces that are cut where a word begins, or else between two characters.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (piece, rest) = self.0.split_at(self.cut());
        self.0 = rest;
        Some(piece)
    }
}

impl Pieces<'_> {
    fn cut(&self) -> usize {
        if self.0.len() <= PIECE {
            return self.0.len();
        }
        let most = self.0.floor_char_boundary(PIECE);
        // A space belongs to the word behind it.
        let piece = &self.0[..most];
        piece.rfind(' ').filter(|at| *at > 0).unwrap_or(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenAI's own tokenizer counts.
    #[test]
    fn a_text_has_the_tokens_that_openai_counts() {
        for (tokens, text) in [
            (2, "hello world"),
            (
                14,
                "The agency published a detailed report on the energy spending of households yesterday.",
            ),
            (7, "👍🏽🎉🚀"),
            (17, "1 2 3 4 5 6 7 8 9"),
            (0, ""),
        ] {
            assert_eq!(Vocabulary::O200k.count(text), tokens, "{text}");
        }
        assert_eq!(Vocabulary::Cl100k.count("hello world"), 2);
    }

    #[test]
    fn pieces_are_the_whole_text_and_cost_next_to_nothing() {
        let text = "Die Behörde hat gestern einen Bericht veröffentlicht. ".repeat(400);
        let pieces: Vec<_> = Pieces(&text).collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.concat(), text);
        let whole = tiktoken_rs::o200k_base_singleton().count_ordinary(&text) as u64;
        assert_eq!(Vocabulary::O200k.count(&text), whole);
    }

    #[test]
    fn text_without_a_word_is_counted_as_any_other() {
        for piece in [
            " ", "x", "ab", "ä", "漢", "=", "\n", "\r\n", "a1", "\u{0}", "\u{2003}",
        ] {
            let long = piece.repeat((64 << 10) / piece.len());
            let tokens = Vocabulary::O200k.count(&long);
            assert!(tokens > 0 && tokens <= long.len() as u64, "{piece:?}");
        }
    }
}
