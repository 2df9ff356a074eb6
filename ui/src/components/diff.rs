//! What differs between two packages: what it means, and every file line by line.

use slipway_contract::version::{DiffLine, FileDiff, Hunk, LineChange, PackageDiff};
use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use crate::{format, text};

/// More lines of a file are shown when they are asked for.
const SHOWN_LINES: usize = 300;

/// What differs.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// All of it.
    pub(crate) diff: PackageDiff,
}

/// The differences.
#[component]
pub(crate) fn DiffView(props: &Props) -> Html {
    if props.diff.files.is_empty() {
        return html! { <p class="t2">{ text::NOTHING_CHANGED }</p> };
    }
    html! {
        <div class="difference selectable">
            if !props.diff.meaning.is_empty() {
                <section aria-label={text::IN_MEANING}>
                    <h3 class="section">{ text::IN_MEANING }</h3>
                    <ul class="difference__meaning">{ for props.diff.meaning.iter().map(|line| html! { <li>{ text::sentence(line) }</li> }) }</ul>
                </section>
            }
            { for props.diff.files.iter().map(|file| html! { <File key={file.path.clone()} file={file.clone()} /> }) }
        </div>
    }
}

/// How many lines are new and how many are gone.
pub(crate) fn counted_lines(diff: &PackageDiff) -> (usize, usize) {
    let files = diff.files.iter().map(counted);
    files.fold((0, 0), |(added, removed), (more, fewer)| {
        (added + more, removed + fewer)
    })
}

fn counted(file: &FileDiff) -> (usize, usize) {
    let lines = file.hunks.iter().flatten().flat_map(|hunk| &hunk.lines);
    lines.fold((0, 0), |(added, removed), line| match line.change {
        LineChange::Added => (added + 1, removed),
        LineChange::Removed => (added, removed + 1),
        LineChange::Same => (added, removed),
    })
}

#[derive(Properties, PartialEq)]
struct FileProps {
    file: FileDiff,
}

#[component]
fn File(props: &FileProps) -> Html {
    let all = use_state_eq(|| false);
    let file = &props.file;
    let (added, removed) = counted(file);
    let what = match (&file.before, &file.after) {
        (None, Some(_)) => Some(text::IS_NEW.to_owned()),
        (Some(_), None) => Some(text::IS_GONE.to_owned()),
        _ => file.renamed_from.as_deref().map(text::renamed),
    };
    let size = |size: u64| format::bytes(usize::try_from(size).unwrap_or(usize::MAX));
    let body = match &file.hunks {
        None => {
            let (before, after) = (
                file.before.map(|facts| size(facts.size)),
                file.after.map(|facts| size(facts.size)),
            );
            html! { <p class="small t3">{ text::other_bytes(before.as_deref(), after.as_deref()) }</p> }
        }
        Some(hunks) => {
            let lines = rows(hunks);
            let shown = if *all { lines.len() } else { SHOWN_LINES };
            let more = lines.len().saturating_sub(shown);
            let show_all = {
                let all = all;
                Callback::from(move |()| all.set(true))
            };
            html! {
                <>
                    <div class="diff diff--wrap well">{ for lines.into_iter().take(shown).enumerate().map(|(at, row)| line(at, row)) }</div>
                    if more > 0 { <Button label={format!("{}: {}", text::SHOW_ALL_LINES, text::lines_left_out(more))} small=true kind={Kind::Quiet} onclick={show_all} /> }
                </>
            }
        }
    };
    html! {
        <section class="difference__file" aria-label={file.path.clone()}>
            <h3 class="difference__head">{ icon(Icon::File) }<span class="path clip">{ file.path.clone() }</span>
                if let Some(what) = what { <span class="small t3 clip">{ what }</span> }
                <span class="spacer"></span>
                if added > 0 { <span class="small num is-plus">{ format!("+{added}") }</span> }
                if removed > 0 { <span class="small num is-minus">{ format!("−{removed}") }</span> }
            </h3>
            { body }
        </section>
    }
}

/// A line with its numbers before and after; none between two parts of the file.
type NumberedLine<'d> = Option<(Option<usize>, Option<usize>, &'d DiffLine)>;

fn rows(hunks: &[Hunk]) -> Vec<NumberedLine<'_>> {
    let mut rows = Vec::new();
    for hunk in hunks {
        if !rows.is_empty() {
            rows.push(None);
        }
        let (mut before, mut after) = (hunk.before_line, hunk.after_line);
        for line in &hunk.lines {
            let (old, new) = (
                line.change != LineChange::Added,
                line.change != LineChange::Removed,
            );
            rows.push(Some((old.then_some(before), new.then_some(after), line)));
            before += usize::from(old);
            after += usize::from(new);
        }
    }
    rows
}

fn line(at: usize, row: NumberedLine<'_>) -> Html {
    let Some((before, after, line)) = row else {
        return html! { <div key={at} class="diff__gap" aria-hidden="true"><i></i><i></i><i></i><span>{ "⋯" }</span></div> };
    };
    let (class, sign) = match line.change {
        LineChange::Same => (None, ""),
        LineChange::Removed => (Some("minus"), "−"),
        LineChange::Added => (Some("plus"), "+"),
    };
    let number =
        |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    html! {
        <div key={at} class={classes!("diff__line", class)}>
            <i class="num">{ number(before) }</i><i class="num">{ number(after) }</i><i>{ sign }</i>
            <span>{ line.text.clone() }if line.no_line_feed { <span class="t3" title={text::FILE_ENDS}>{ " ⏎̸" }</span> }</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff_line(change: LineChange, text: &str) -> DiffLine {
        DiffLine {
            change,
            text: text.to_owned(),
            no_line_feed: false,
        }
    }

    #[test]
    fn lines_have_their_numbers_on_both_sides() {
        let hunks = [
            Hunk {
                before_line: 3,
                after_line: 3,
                lines: vec![
                    diff_line(LineChange::Same, "a"),
                    diff_line(LineChange::Removed, "b"),
                    diff_line(LineChange::Added, "c"),
                    diff_line(LineChange::Same, "d"),
                ],
            },
            Hunk {
                before_line: 20,
                after_line: 21,
                lines: vec![diff_line(LineChange::Added, "e")],
            },
        ];
        let numbers: Vec<_> = rows(&hunks)
            .into_iter()
            .map(|row| row.map(|(before, after, _)| (before, after)))
            .collect();
        assert_eq!(
            numbers,
            [
                Some((Some(3), Some(3))),
                Some((Some(4), None)),
                Some((None, Some(4))),
                Some((Some(5), Some(5))),
                None,
                Some((None, Some(21)))
            ]
        );
        let file = FileDiff {
            path: "a".to_owned(),
            renamed_from: None,
            before: None,
            after: None,
            hunks: Some(hunks.to_vec()),
        };
        let diff = PackageDiff {
            meaning: Vec::new(),
            files: vec![file.clone(), file],
        };
        assert_eq!(counted_lines(&diff), (4, 2));
    }
}
