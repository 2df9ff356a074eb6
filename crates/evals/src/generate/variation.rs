//! Variations of a case: the same task as other people would put it.

use toml_edit::{DocumentMut, Item, Table, value};

use super::proposal::{Proposal, table, tables};

/// How a case's input is varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variation {
    /// With slips of the fingers.
    Typos,
    /// In capitals.
    Capitals,
    /// Around it what people write around what they want.
    Chatter,
    /// With a wish for another language.
    Language,
    /// Without its end.
    Missing,
    /// With something that it contradicts.
    Contradiction,
}

/// All of them.
const ALL: [Variation; 6] = [
    Variation::Typos,
    Variation::Capitals,
    Variation::Chatter,
    Variation::Language,
    Variation::Missing,
    Variation::Contradiction,
];

impl Variation {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Typos => ("with typos", "People mistype, and mean the same."),
            Self::Capitals => ("in capitals", "Some write in capitals, and mean the same."),
            Self::Chatter => (
                "with chatter around it",
                "People say more than what they want.",
            ),
            Self::Language => (
                "in French, please",
                "Who asks for another language gets it.",
            ),
            Self::Missing => (
                "with its end missing",
                "What is missing must be asked for, not made up.",
            ),
            Self::Contradiction => (
                "contradicting itself",
                "What contradicts itself must be said to.",
            ),
        }
    }

    /// Whether what is expected of the case is expected of this, too.
    const fn expects_the_same(self) -> bool {
        matches!(self, Self::Typos | Self::Capitals | Self::Chatter)
    }

    /// The expectation to begin from where the case's own do not hold: a person must say more.
    fn expected(self) -> Table {
        match self {
            Self::Language => table([("language", value("fr"))]),
            Self::Missing => table([(
                "rubric",
                value("It says what information is missing, and makes nothing up."),
            )]),
            _ => table([(
                "rubric",
                value("It names the contradiction in what was asked, and does not pass over it."),
            )]),
        }
    }

    fn vary(self, input: &str) -> String {
        match self {
            Self::Typos => typos(input),
            Self::Capitals => capitals(input),
            Self::Chatter => {
                format!("Hi! Hope you are well. {input} Thanks a lot, and sorry for the rush!")
            }
            Self::Language => format!("{input}\n\nRéponds en français, s'il te plaît."),
            Self::Missing => cut_short(input),
            Self::Contradiction => format!(
                "{input}\n\nCorrection: do exactly the opposite of the above. Both are required."
            ),
        }
    }
}

/// The variations of a suite's case, which has its first turn changed and stays as it is else.
/// None when the text is no suite, or has no such case with an input.
#[must_use]
pub fn variations(suite: &str, case: &str) -> Vec<Proposal> {
    let Ok(document) = suite.parse::<DocumentMut>() else {
        return Vec::new();
    };
    let Some(found) = find(&document, case) else {
        return Vec::new();
    };
    let Some(first) = first_turn(&found) else {
        return Vec::new();
    };
    let varied = ALL.iter().filter_map(|variation| {
        let mut copy = with_first_turn(&found, &variation.vary(&first))?;
        if !variation.expects_the_same() {
            copy.insert(
                "expect",
                Item::ArrayOfTables(tables([variation.expected()])),
            );
        }
        let (how, why) = variation.words();
        let name: String = format!("{case}, {how}").chars().take(200).collect();
        Some(Proposal::of(name, why.to_owned(), copy))
    });
    varied.collect()
}

/// The case of this name, with what is said in all cases where it says nothing else. A list of that
/// is left out: the case's own would be appended to it.
pub(super) fn find(suite: &DocumentMut, case: &str) -> Option<Table> {
    let cases = suite.get("case").and_then(Item::as_array_of_tables)?;
    let named = |table: &&Table| table.get("name").and_then(Item::as_str) == Some(case);
    let mut found = cases.iter().find(named)?.clone();
    let said = suite.get("defaults").and_then(|all| all.get("input"));
    if let (false, Some(said)) = (found.contains_key("input"), said.and_then(Item::as_str)) {
        found.insert("input", value(said));
    }
    Some(found)
}

/// What the person says first, where the case says it itself.
pub(super) fn first_turn(case: &Table) -> Option<String> {
    let input = case.get("input")?;
    let first = match input.as_str() {
        Some(text) => text,
        None => input.as_array()?.get(0)?.as_str()?,
    };
    Some(first.to_owned())
}

/// The case with this said first; none when it is said already.
pub(super) fn with_first_turn(case: &Table, said: &str) -> Option<Table> {
    if first_turn(case)? == said {
        return None;
    }
    let mut copy = case.clone();
    let input = copy.get_mut("input")?;
    match input.as_array_mut() {
        Some(turns) => {
            turns.replace(0, said);
        }
        None => *input = value(said),
    }
    Some(copy)
}

/// The pieces of a text: `{{…}}`, which must stay, and what is between.
fn around_variables(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start..].find("}}") else {
            break;
        };
        out.push_str(&change(&rest[..start]));
        out.push_str(&rest[start..start + length + 2]);
        rest = &rest[start + length + 2..];
    }
    out + &change(rest)
}

fn capitals(text: &str) -> String {
    around_variables(text, str::to_uppercase)
}

/// In every third long word two letters in the middle change places.
fn typos(text: &str) -> String {
    around_variables(text, |plain| {
        let mut long = 0;
        let words = plain.split_inclusive(' ').map(|word| {
            let letters: Vec<char> = word.chars().collect();
            if letters.len() < 6 || !letters[..5].iter().all(|c| c.is_alphabetic()) {
                return word.to_owned();
            }
            long += 1;
            if long % 3 != 1 {
                return word.to_owned();
            }
            let mut letters = letters;
            letters.swap(2, 3);
            letters.into_iter().collect()
        });
        words.collect()
    })
}

/// The text without the second half of its words.
fn cut_short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words[..words.len().div_ceil(2)].join(" ")
}
