//! Lines that were taken away and put in.

use yew::prelude::*;

use crate::components::exact::exact;
use crate::text;

/// More lines are in the text itself.
const MOST_LINES: usize = 1_000;

/// A line, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Kept(&'a str),
    Gone(&'a str),
    New(&'a str),
    /// Where in which file.
    Place(&'a str),
}

/// Whether a text is a diff as version control writes it.
pub(super) fn looks_like_diff(text: &str) -> bool {
    let head: Vec<&str> = text.lines().take(40).collect();
    let has = |start: &str| head.iter().any(|line| line.starts_with(start));
    (has("--- ") && has("+++ ") && has("@@ ")) || (has("diff --git ") && has("@@ "))
}

/// The lines of a diff.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut in_hunk = false;
    let line = |line: &'_ str| -> (bool, u8) {
        let place = line.starts_with("@@")
            || line.starts_with("diff --git ")
            || line.starts_with("Index: ");
        (place, line.bytes().next().unwrap_or(b' '))
    };
    text.lines()
        .map(|shown| {
            let (place, sign) = line(shown);
            if place {
                in_hunk = shown.starts_with("@@");
                return Line::Place(shown);
            }
            let rest = shown.get(1..).unwrap_or_default();
            match sign {
                _ if !in_hunk => Line::Place(shown),
                b'-' => Line::Gone(rest),
                b'+' => Line::New(rest),
                b' ' => Line::Kept(rest),
                _ => Line::Kept(shown),
            }
        })
        .collect()
}

/// What one text has in the place of another: the lines in the middle that differ, and a little around them.
pub(super) fn between<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    const AROUND: usize = 2;
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = |a: &(&&str, &&str)| a.0 == a.1;
    let before = old.iter().zip(&new).take_while(same).count();
    let most = old.len().min(new.len()) - before;
    let after = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(most)
        .take_while(same)
        .count();
    let part = |lines: &[&'a str], from: usize, to: usize| {
        lines.get(from..to).unwrap_or_default().to_vec()
    };
    let (old_end, new_end) = (old.len() - after, new.len() - after);
    let kept = part(&old, before.saturating_sub(AROUND), before)
        .into_iter()
        .map(Line::Kept);
    let gone = part(&old, before, old_end).into_iter().map(Line::Gone);
    let put = part(&new, before, new_end).into_iter().map(Line::New);
    let rest = part(&old, old_end, (old_end + AROUND).min(old.len()))
        .into_iter()
        .map(Line::Kept);
    kept.chain(gone).chain(put).chain(rest).collect()
}

/// The lines as they are shown.
pub(super) fn view(lines: &[Line<'_>]) -> Html {
    let line = |line: &Line<'_>| {
        let (class, sign, words) = match line {
            Line::Kept(words) => (None, "", words),
            Line::Gone(words) => (Some("minus"), "−", words),
            Line::New(words) => (Some("plus"), "+", words),
            Line::Place(words) => (Some("place"), "", words),
        };
        html! { <div class={classes!(class)}><i>{ sign }</i><span>{ exact(words) }</span></div> }
    };
    let left = lines.len().saturating_sub(MOST_LINES);
    html! {
        <div class="well diff diff--wrap more__diff scroll" tabindex="0">
            { for lines.iter().take(MOST_LINES).map(line) }
            if left > 0 { <div class="place"><i></i><span>{ text::more_lines(left) }</span></div> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_is_read_by_its_signs() {
        let text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n kept\n-gone\n+new\n--- also gone";
        assert!(looks_like_diff(text));
        assert_eq!(
            lines(text)[3..],
            [
                Line::Place("@@ -1,2 +1,2 @@"),
                Line::Kept("kept"),
                Line::Gone("gone"),
                Line::New("new"),
                Line::Gone("-- also gone"),
            ]
        );
        for other in ["- a list\n- of things", "--- \ntitle: x\n---", ""] {
            assert!(!looks_like_diff(other), "{other:?}");
        }
        assert_eq!(lines("ä\n"), [Line::Place("ä")], "no character is cut");
        assert_eq!(
            lines("@@ -1 +1 @@\nä"),
            [Line::Place("@@ -1 +1 @@"), Line::Kept("ä")]
        );
    }

    #[test]
    fn what_differs_between_two_texts_is_shown_alone() {
        let old = "a\nb\nc\nd\ne";
        assert_eq!(
            between(old, "a\nb\nc\nX\ne"),
            [
                Line::Kept("b"),
                Line::Kept("c"),
                Line::Gone("d"),
                Line::New("X"),
                Line::Kept("e"),
            ]
        );
        assert_eq!(between("a", ""), [Line::Gone("a")]);
        assert_eq!(between("a\na", "a"), [Line::Kept("a"), Line::Gone("a")]);
    }
}
