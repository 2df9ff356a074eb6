//! A line of the text as it is seen: its number, its colours, its marks.

use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::highlight::Span;

/// What is marked in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is looked for.
    Found,
    /// It is the one that was jumped to.
    Current,
    /// It is wrong.
    Wrong,
}

/// A line.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Its id in the page.
    pub(super) id: AttrValue,
    /// Its number, from 1.
    pub(super) number: usize,
    /// Its text.
    pub(super) text: Rc<str>,
    /// Its colours.
    pub(super) spans: Rc<[Span]>,
    /// The cursor is in it.
    pub(super) here: bool,
    /// It is not as it was.
    pub(super) changed: bool,
    /// What is marked in it, from left to right.
    pub(super) marks: Vec<(Range<usize>, Mark)>,
}

/// A line. What it shows lies under the text area, which is what is read aloud and edited.
#[component]
pub(super) fn Row(props: &Props) -> Html {
    let class = classes!(
        "editor__line",
        props.here.then_some("is-here"),
        props.changed.then_some("is-changed"),
    );
    html! {
        <div {class} id={props.id.clone()}>
            <i>{ props.number }</i>
            <span>{ pieces(&props.text, &props.spans, &props.marks) }</span>
        </div>
    }
}

/// A text with its colours, to be read only.
pub(crate) fn coloured(text: &str, spans: &[Span], wrong: Option<Range<usize>>) -> Html {
    let marks: Vec<_> = wrong
        .into_iter()
        .map(|wrong| (wrong, Mark::Wrong))
        .collect();
    pieces(text, spans, &marks)
}

fn pieces(text: &str, spans: &[Span], marks: &[(Range<usize>, Mark)]) -> Html {
    if text.is_empty() {
        // Holds the line open.
        return html! { "\u{200b}" };
    }
    let piece = |(bytes, kind, mark): (Range<usize>, Option<&'static str>, Option<Mark>)| {
        let shown = text.get(bytes).unwrap_or_default().to_owned();
        match (kind, mark) {
            (None, None) => html! { { shown } },
            (kind, Some(Mark::Wrong)) => {
                html! { <span class={classes!("wavy", kind)}>{ shown }</span> }
            }
            (kind, Some(Mark::Found)) => html! { <mark class={classes!(kind)}>{ shown }</mark> },
            (kind, Some(Mark::Current)) => {
                html! { <mark class={classes!("is-current", kind)}>{ shown }</mark> }
            }
            (kind, None) => html! { <span class={classes!(kind)}>{ shown }</span> },
        }
    };
    html! { { for cut(text.len(), spans, marks).into_iter().map(piece) } }
}

/// The text cut where a colour or a mark begins or ends.
fn cut(
    length: usize,
    spans: &[Span],
    marks: &[(Range<usize>, Mark)],
) -> Vec<(Range<usize>, Option<&'static str>, Option<Mark>)> {
    let mut ends: Vec<usize> = spans
        .iter()
        .flat_map(|span| [span.bytes.start, span.bytes.end])
        .collect();
    ends.extend(marks.iter().flat_map(|(bytes, _)| [bytes.start, bytes.end]));
    ends.retain(|end| *end > 0 && *end < length);
    ends.push(length);
    ends.sort_unstable();
    ends.dedup();
    let (mut span, mut mark, mut start) = (0, 0, 0);
    let mut pieces = Vec::with_capacity(ends.len());
    for end in ends {
        while spans.get(span).is_some_and(|span| span.bytes.end <= start) {
            span += 1;
        }
        while marks.get(mark).is_some_and(|(bytes, _)| bytes.end <= start) {
            mark += 1;
        }
        let kind = spans
            .get(span)
            .filter(|span| span.bytes.start <= start)
            .map(|span| span.kind.class());
        let marked = marks
            .get(mark)
            .filter(|(bytes, _)| bytes.start <= start)
            .map(|(_, mark)| *mark);
        pieces.push((start..end, kind, marked));
        start = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::highlight::{Language, highlight};
    use super::*;

    #[test]
    fn colours_and_marks_are_cut_where_they_meet() {
        let text = "a **bold** word";
        let spans = highlight(Language::Markdown, std::iter::once(text)).remove(0);
        let marks = [(0..6, Mark::Found), (11..15, Mark::Current)];
        let shown: Vec<(&str, Option<&str>, Option<Mark>)> = cut(text.len(), &spans, &marks)
            .into_iter()
            .map(|(bytes, kind, mark)| (&text[bytes], kind, mark))
            .collect();
        assert_eq!(
            shown,
            [
                ("a ", None, Some(Mark::Found)),
                ("**", Some("syn-m"), Some(Mark::Found)),
                ("bo", Some("syn-b"), Some(Mark::Found)),
                ("ld", Some("syn-b"), None),
                ("**", Some("syn-m"), None),
                (" ", None, None),
                ("word", None, Some(Mark::Current)),
            ]
        );
        let whole: String = shown.iter().map(|(text, _, _)| *text).collect();
        assert_eq!(whole, text);
    }
}
