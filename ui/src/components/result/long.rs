//! A long text in pieces: one is drawn at a time, whether the text is here or has to be asked for.

use std::rc::Rc;

use slipway_contract::again::{PIECE_BYTES, ResultPiece};
use slipway_contract::command::ShowResult;
use slipway_contract::{RunId, StepId};
use yew::prelude::*;

use crate::bridge::use_query;
use crate::components::exact::well;
use crate::components::{Button, Kind, async_value};
use crate::{format, text};

/// A text that is here.
#[derive(Properties, PartialEq)]
pub(crate) struct LocalProps {
    /// All of it.
    pub(crate) text: AttrValue,
}

/// A long text that is here.
#[component]
pub(crate) fn LongText(props: &LocalProps) -> Html {
    let from = use_state_eq(|| 0_u64);
    let on_move = {
        let from = from.clone();
        Callback::from(move |to| from.set(to))
    };
    shown(&piece(&props.text, *from), &on_move)
}

/// A result that is not here as a whole.
#[derive(Properties, PartialEq)]
pub(super) struct KeptProps {
    /// The run.
    pub(super) run: RunId,
    /// The tool call.
    pub(super) step: StepId,
}

/// A result's pieces, asked for one by one.
#[component]
pub(super) fn KeptResult(props: &KeptProps) -> Html {
    let from = use_state_eq(|| 0_u64);
    let on_move = {
        let from = from.clone();
        Callback::from(move |to| from.set(to))
    };
    let asked = ShowResult {
        run: props.run,
        step: props.step,
        from: *from,
    };
    let found = use_query(asked, 0);
    let waiting = html! { <span class="skeleton w-240"></span> };
    async_value(&found, waiting, |piece: &Rc<ResultPiece>| {
        shown(piece, &on_move)
    })
}

fn piece(text: &str, from: u64) -> ResultPiece {
    let at =
        |byte: u64| usize::try_from(byte).map_or(text.len(), |byte| text.floor_char_boundary(byte));
    let (begin, end) = (at(from), at(from.saturating_add(PIECE_BYTES)));
    ResultPiece {
        text: text.get(begin..end).unwrap_or_default().to_owned(),
        from: begin as u64,
        whole_bytes: text.len() as u64,
    }
}

fn shown(piece: &ResultPiece, on_move: &Callback<u64>) -> Html {
    let length = piece.text.len() as u64;
    let (from, to, whole) = (piece.from, piece.from + length, piece.whole_bytes);
    let bytes = |bytes: u64| format::bytes(usize::try_from(bytes).unwrap_or(usize::MAX));
    let go = |to: u64| on_move.reform(move |()| to);
    let back = go(from.saturating_sub(PIECE_BYTES));
    let (first, last) = (from == 0, to >= whole);
    html! {
        <>
            { well(&piece.text) }
            if !(first && last) {
                <div class="pieces small t3 num">
                    <Button label={text::PIECE_BEFORE} small=true kind={Kind::Quiet} why_not={first.then_some(AttrValue::Static(text::FIRST_PIECE))} onclick={back} />
                    <span role="status">{ text::piece_of(&bytes(from), &bytes(to), &bytes(whole)) }</span>
                    <Button label={text::PIECE_AFTER} small=true kind={Kind::Quiet} why_not={last.then_some(AttrValue::Static(text::LAST_PIECE))} onclick={go(to)} />
                </div>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        let text = "ä".repeat(usize::try_from(PIECE_BYTES).unwrap());
        let first = piece(&text, 0);
        let second = piece(&text, first.text.len() as u64);
        assert_eq!(first.text.len() + second.text.len(), text.len());
        assert_eq!(piece(&text, 1).from, 0);
        assert_eq!(
            piece("", 7),
            ResultPiece {
                text: String::new(),
                from: 0,
                whole_bytes: 0
            }
        );
    }
}
