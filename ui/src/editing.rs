//! The keys of text that the system leaves undone: undo and redo where `WebKitGTK` binds none, and "select all" where
//! there is nothing to write in.

use slipway_contract::shortcut::{Chord, Shortcut};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::browser;
use crate::shortcuts::{is_chord, is_pressed, use_keys};

/// What "select all" selects where the keyboard is in no field: what was said, and not the window around it.
const SELECTED: &str = ".talk__body";

/// What every system calls "select all".
const SELECT_ALL: Chord = Chord {
    primary: true,
    shift: false,
    key: "a",
};

/// Inputs in which nothing is written.
const NOT_WRITTEN_IN: [&str; 7] = [
    "checkbox", "radio", "button", "submit", "reset", "range", "file",
];

/// Carries the keys out, in the page and in its dialogs.
#[hook]
pub(crate) fn use_editing_keys() {
    use_keys(Callback::from(|event: KeyboardEvent| {
        let is_written_in = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| is_written_in(&element));
        if is_written_in && !browser::undoes_by_itself() {
            let command = [(Shortcut::Undo, "undo"), (Shortcut::Redo, "redo")]
                .into_iter()
                .find(|(shortcut, _)| is_pressed(*shortcut, &event));
            if let Some((_, command)) = command {
                event.prevent_default();
                carry_out(command);
            }
        } else if !is_written_in && is_chord(SELECT_ALL, &event) {
            event.prevent_default();
            if !browser::is_modal_open() {
                select_what_was_said();
            }
        }
    }));
}

fn is_written_in(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => element
            .dyn_ref::<HtmlInputElement>()
            .is_some_and(|input| is_text(&input.type_())),
        _ => element
            .dyn_ref::<HtmlElement>()
            .is_some_and(HtmlElement::is_content_editable),
    }
}

fn is_text(kind: &str) -> bool {
    !NOT_WRITTEN_IN.contains(&kind)
}

fn carry_out(command: &str) {
    let page = browser::document();
    if let Some(page) = page
        .as_ref()
        .and_then(|page| page.dyn_ref::<HtmlDocument>())
    {
        // Fails where nothing is left to be undone.
        let _ = page.exec_command(command);
    }
}

fn select_what_was_said() {
    let said = browser::document().and_then(|page| page.query_selector(SELECTED).ok().flatten());
    let selection = browser::window().and_then(|window| window.get_selection().ok().flatten());
    if let (Some(said), Some(selection)) = (said, selection) {
        // Fails only for what is not in the page.
        let _ = selection.select_all_children(&said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_written_in_and_a_check_is_not() {
        for kind in ["text", "search", "password", "number", "email"] {
            assert!(is_text(kind), "{kind}");
        }
        for kind in ["checkbox", "radio", "file"] {
            assert!(!is_text(kind), "{kind}");
        }
    }
}
