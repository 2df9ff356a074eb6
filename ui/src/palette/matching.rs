//! How well something fits what a person typed, and which of its letters were meant.

/// What a word scores at the beginning of another word than the first.
const AT_WORD: i32 = 80;

/// What a word scores that is not in the name, but in what else the thing is called.
const BESIDE: i32 = 40;

/// What a person typed, ready to be compared with thousands of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    words: Vec<Vec<char>>,
    letters: u64,
}

/// A name, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    text: String,
    folded: Vec<char>,
    letters: u64,
}

/// How well a name fits: better ones are larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Score(i32);

impl Query {
    /// What was typed, in words; each has to be found, in any order.
    pub(crate) fn new(typed: &str) -> Self {
        let words: Vec<Vec<char>> = typed.split_whitespace().map(folded).collect();
        let letters = words
            .iter()
            .map(|word| set(word))
            .fold(0, |all, of| all | of);
        Self { words, letters }
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl Name {
    /// A name.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let folded = folded(&text);
        let letters = set(&folded);
        Self {
            text,
            folded,
            letters,
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// How well it fits; none when a word of the query is not in it.
    pub(crate) fn score(&self, query: &Query) -> Option<Score> {
        // Most names lack a letter, which one comparison tells.
        if query.letters & !self.letters != 0 {
            return None;
        }
        let mut sum = 0;
        for word in &query.words {
            sum += self.find(word)?.score;
        }
        // Of two that fit as well, the shorter one was meant more likely.
        let length = i32::try_from(self.folded.len()).unwrap_or(i32::MAX);
        Some(Score(sum * 256 - length.min(255)))
    }

    /// How well it fits as what else a thing is called: only beginnings of words count, and less than in its own name.
    pub(crate) fn score_beside(&self, query: &Query) -> Option<Score> {
        if query.is_empty() || query.letters & !self.letters != 0 {
            return None;
        }
        let mut sum = 0;
        for word in &query.words {
            if self.find(word)?.score < AT_WORD {
                return None;
            }
            sum += BESIDE;
        }
        Some(Score(sum * 256))
    }

    /// The name in pieces, and whether each was meant by the query.
    pub(crate) fn pieces(&self, query: &Query) -> Vec<(String, bool)> {
        let mut meant = vec![false; self.folded.len()];
        for found in query.words.iter().filter_map(|word| self.find(word)) {
            for place in found.places {
                if let Some(letter) = meant.get_mut(place) {
                    *letter = true;
                }
            }
        }
        let mut pieces: Vec<(String, bool)> = Vec::new();
        for (letter, is_meant) in self.text.chars().zip(meant) {
            match pieces.last_mut() {
                Some((piece, was_meant)) if *was_meant == is_meant => piece.push(letter),
                _ => pieces.push((letter.to_string(), is_meant)),
            }
        }
        pieces
    }

    /// The best place of a word: at the beginning, at the beginning of a word, anywhere, and last its letters in
    /// this order with others between them.
    fn find(&self, word: &[char]) -> Option<Found> {
        let within = self
            .folded
            .windows(word.len().max(1))
            .enumerate()
            .filter(|(_, letters)| *letters == word)
            .map(|(at, _)| at)
            .max_by_key(|at| (self.begins_word(*at), std::cmp::Reverse(*at)));
        if let Some(at) = within {
            let score = match at {
                0 => 100,
                at if self.begins_word(at) => AT_WORD,
                _ => 50,
            };
            return Some(Found {
                score,
                places: (at..at + word.len()).collect(),
            });
        }
        self.scattered(word)
    }

    /// The letters in order, each as early as can be; the more of them begin a word, the better.
    fn scattered(&self, word: &[char]) -> Option<Found> {
        let mut places = Vec::with_capacity(word.len());
        let mut from = 0;
        for letter in word {
            let rest = self.folded.get(from..)?;
            let at = from + rest.iter().position(|other| other == letter)?;
            places.push(at);
            from = at + 1;
        }
        let first = *places.first()?;
        // Letters that lie all over a long text were not meant.
        let spread = from - first - places.len();
        if !self.begins_word(first) || spread > 2 * word.len() + 8 {
            return None;
        }
        let begun = places.iter().filter(|at| self.begins_word(**at)).count();
        let begun = i32::try_from(begun).unwrap_or(0);
        Some(Found {
            score: 10 + begun.min(3) * 5,
            places,
        })
    }

    fn begins_word(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.folded.get(before))
            .is_none_or(|before| !before.is_alphanumeric())
    }
}

struct Found {
    score: i32,
    places: Vec<usize>,
}

/// Small letters, one for one, so that a place in it is a place in the text.
fn folded(text: &str) -> Vec<char> {
    text.chars()
        .map(|letter| letter.to_lowercase().next().unwrap_or(letter))
        .collect()
}

/// Which letters there are, roughly: others may share a bit.
fn set(letters: &[char]) -> u64 {
    letters
        .iter()
        .filter(|letter| !letter.is_whitespace())
        .fold(0, |all, letter| all | 1 << (u32::from(*letter) % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
        let query = Query::new(typed);
        let mut found: Vec<_> = names
            .iter()
            .filter_map(|name| Some((Name::new(*name).score(&query)?, *name)))
            .collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, name)| name).collect()
    }

    fn marked(typed: &str, name: &str) -> String {
        let pieces = Name::new(name).pieces(&Query::new(typed));
        let piece = |(text, meant): (String, bool)| if meant { format!("[{text}]") } else { text };
        pieces.into_iter().map(piece).collect()
    }

    #[test]
    fn the_beginning_is_better_than_a_word_and_a_word_better_than_its_middle() {
        let names = ["Old inexpensive things", "Team expenses", "Expense report"];
        assert_eq!(
            best("exp", &names),
            ["Expense report", "Team expenses", "Old inexpensive things"]
        );
    }

    #[test]
    fn the_shorter_of_two_that_fit_as_well_is_first() {
        assert_eq!(
            best("report", &["Report of last month", "Report"]),
            ["Report", "Report of last month"]
        );
    }

    #[test]
    fn letters_with_others_between_them_are_found_and_marked() {
        assert_eq!(
            best("exrp", &["Expense report", "Link checker"]),
            ["Expense report"]
        );
        assert_eq!(marked("exrt", "Expense report"), "[Ex]pense [r]epor[t]");
        assert_eq!(
            marked("exp", "Run Expense report…"),
            "Run [Exp]ense report…"
        );
    }

    #[test]
    fn every_word_has_to_be_there_in_any_order() {
        let names = ["Expense report", "Expense notes"];
        assert_eq!(best("rep exp", &names), ["Expense report"]);
        assert_eq!(marked("rep exp", "Expense report"), "[Exp]ense [rep]ort");
        assert!(best("expense invoice", &names).is_empty());
    }

    #[test]
    fn letters_all_over_a_long_text_were_not_meant() {
        let text =
            "Go through each of the invoices of the month and write what is odd about any of them";
        assert!(best("gio", &[text]).is_empty(), "{}", marked("gio", text));
    }

    #[test]
    fn any_script_and_any_sign_is_only_text() {
        for name in [
            "İstanbul ẞ",
            "領収書 まとめ",
            "<b>&amp;",
            "👩‍💻 e\u{301}",
            "مرحبا",
            "",
        ] {
            let whole: String = Name::new(name)
                .pieces(&Query::new(name))
                .into_iter()
                .map(|(piece, _)| piece)
                .collect();
            assert_eq!(whole, name);
        }
        assert_eq!(best("領収", &["領収書 まとめ"]), ["領収書 まとめ"]);
        assert_eq!(best("straße", &["STRAßE 5"]), ["STRAßE 5"]);
    }

    #[test]
    fn nothing_typed_fits_everything() {
        assert!(Query::new("  ").is_empty());
        assert_eq!(best("", &["b", "a"]).len(), 2);
        assert_eq!(marked(" ", "Home"), "Home");
    }
}
