//! Lines that differ, with the part of each that does.

use std::ops::Range;

use slipway_contract::version::{DiffLine, Hunk, LineChange};
use yew::prelude::*;

/// The lines: those that are gone and those that came, and in a line that took the place of another what is another.
pub(crate) fn line_diff(hunks: &[Hunk]) -> Html {
    let gap = html! { <div class="diff__cut" aria-hidden="true"><i></i><span>{ "⋯" }</span></div> };
    let hunk = |(at, hunk): (usize, &Hunk)| {
        let marks = marks(&hunk.lines);
        html! {
            <>
                if at > 0 { { gap.clone() } }
                { for hunk.lines.iter().zip(marks).map(|(line, mark)| row(line, &mark)) }
            </>
        }
    };
    html! { <div class="well diff diff--wrap diff--plain selectable">{ for hunks.iter().enumerate().map(hunk) }</div> }
}

fn row(line: &DiffLine, marks: &[Range<usize>]) -> Html {
    let (class, sign) = match line.change {
        LineChange::Same => (None, ""),
        LineChange::Removed => (Some("minus"), "−"),
        LineChange::Added => (Some("plus"), "+"),
    };
    let text = &line.text;
    let mut at = 0;
    let piece = |mark: &Range<usize>| {
        let before = text[at..mark.start].to_owned();
        at = mark.end;
        html! { <>{ before }<mark>{ text[mark.clone()].to_owned() }</mark></> }
    };
    let words: Html = marks.iter().map(piece).collect();
    let rest = text[at..].to_owned();
    html! { <div {class}><i>{ sign }</i><span>{ words }{ rest }</span></div> }
}

/// What differs in each line: where as many lines came as are gone, each is compared with the one that it replaced.
fn marks(lines: &[DiffLine]) -> Vec<Parts> {
    let mut marks = vec![Vec::new(); lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let run = |from: usize, change: LineChange| {
            let same = |line: &&DiffLine| line.change == change;
            lines[from..].iter().take_while(same).count()
        };
        let gone = run(at, LineChange::Removed);
        let came = run(at + gone, LineChange::Added);
        if gone == came {
            for old in at..at + gone {
                let (before, after) = differs(&lines[old].text, &lines[old + gone].text);
                marks[old] = before;
                marks[old + gone] = after;
            }
        }
        at += (gone + came).max(1);
    }
    marks
}

/// Parts of a line.
type Parts = Vec<Range<usize>>;

/// The words of two lines that are not the same; none where every word is another, which the colour says already.
fn differs(before: &str, after: &str) -> (Parts, Parts) {
    let (old, new) = (words(before), words(after));
    let same =
        |one: &Range<usize>, other: &Range<usize>| before[one.clone()] == after[other.clone()];
    let pairs = || old.iter().zip(&new);
    let head = pairs().take_while(|(one, other)| same(one, other)).count();
    let ends = old.iter().rev().zip(new.iter().rev());
    let room = old.len().min(new.len()) - head;
    let tail = ends
        .take(room)
        .take_while(|(one, other)| same(one, other))
        .count();
    if head + tail == 0 && (old.len() != new.len() || !pairs().any(|(one, other)| same(one, other)))
    {
        return (Vec::new(), Vec::new());
    }
    if old.len() == new.len() {
        // Word for word: a row of a table differs in several of its cells.
        let others = pairs().filter(|(one, other)| !same(one, other));
        return others
            .map(|(one, other)| (one.clone(), other.clone()))
            .unzip();
    }
    let middle = |words: &[Range<usize>]| {
        let words = &words[head..words.len() - tail];
        let ends = words.first().zip(words.last());
        ends.map(|(first, last)| first.start..last.end)
            .into_iter()
            .collect()
    };
    (middle(&old), middle(&new))
}

/// The words of a line; what is no word is one by itself, but for white space.
fn words(text: &str) -> Parts {
    let mut words: Parts = Vec::new();
    let mut in_word = false;
    for (at, letter) in text.char_indices() {
        let is_of_word = letter.is_alphanumeric() || letter == '_';
        let end = at + letter.len_utf8();
        // A point or comma within a number or a name belongs to it.
        let joins = matches!(letter, '.' | ',' | '-' | '/')
            && in_word
            && text[end..].starts_with(char::is_alphanumeric);
        match words.last_mut() {
            Some(word) if in_word && (is_of_word || joins) => word.end = end,
            _ if letter.is_whitespace() => {}
            _ => words.push(at..end),
        }
        in_word = is_of_word || joins;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: LineChange, text: &str) -> DiffLine {
        DiffLine {
            change,
            text: text.to_owned(),
            no_line_feed: false,
        }
    }

    fn marked(before: &str, after: &str) -> (String, String) {
        let lines = [
            line(LineChange::Same, "kept"),
            line(LineChange::Removed, before),
            line(LineChange::Added, after),
        ];
        let marks = marks(&lines);
        let cut = |at: usize| {
            let parts = marks[at].iter().map(|mark| &lines[at].text[mark.clone()]);
            parts.collect::<Vec<_>>().join("|")
        };
        (cut(1), cut(2))
    }

    #[test]
    fn what_differs_in_a_line_is_marked_by_whole_words() {
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        for (before, after, marks) in [
            (
                "| Total | 41 | 4,218.60 |",
                "| Total | 42 | 4,254.10 |",
                pair("41|4,218.60", "42|4,254.10"),
            ),
            (
                "… same day, also those.",
                "… same day.",
                pair(", also those", ""),
            ),
            ("größe é", "größe è", pair("é", "è")),
            ("all of it", "something", pair("", "")),
            ("same", "same", pair("", "")),
            ("", "new", pair("", "")),
        ] {
            assert_eq!(marked(before, after), marks, "{before} / {after}");
        }
    }

    #[test]
    fn lines_that_replace_no_line_are_not_compared() {
        let lines = [
            line(LineChange::Removed, "a b"),
            line(LineChange::Added, "a c"),
            line(LineChange::Added, "a d"),
        ];
        assert!(marks(&lines).iter().all(Vec::is_empty));
    }
}
