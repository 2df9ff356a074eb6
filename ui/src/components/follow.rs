//! A pane that grows at its end: it follows what comes, unless a person reads something else in it.

use yew::prelude::*;

use crate::browser;

/// How far from the end still counts as at the end, in pixels.
const NEAR: i32 = 32;

/// A pane that grows, and how it follows.
#[derive(Clone, PartialEq)]
pub(crate) struct Follow {
    /// The pane.
    pub(crate) pane: NodeRef,
    /// Listens to its scrolling.
    pub(crate) onscroll: Callback<Event>,
    /// Something came that is not in view.
    pub(crate) is_behind: bool,
    /// Shows the end and follows again.
    pub(crate) to_end: Callback<()>,
    /// Stays where it is until the person goes to the end themselves: they opened something to read it.
    pub(crate) hold: Callback<()>,
}

/// After each change of `version` the end is in view if it was before, or at first if `from_end`; while text in the pane is
/// selected nothing moves.
#[hook]
pub(crate) fn use_follow<V: PartialEq + 'static>(version: V, from_end: bool) -> Follow {
    let pane = use_node_ref();
    let at_end = use_mut_ref(|| from_end);
    let behind = use_state_eq(|| false);
    let onscroll = {
        let (pane, at_end, behind) = (pane.clone(), at_end.clone(), behind.clone());
        Callback::from(move |_: Event| {
            if let Some(pane) = browser::element(&pane) {
                let below = pane.scroll_height() - pane.scroll_top() - pane.client_height();
                let is_near = below <= NEAR;
                *at_end.borrow_mut() = is_near;
                if is_near {
                    behind.set(false);
                }
            }
        })
    };
    {
        let (pane, at_end, behind) = (pane.clone(), at_end.clone(), behind.clone());
        use_effect_with(version, move |_| {
            let Some(pane) = browser::element(&pane) else {
                return;
            };
            if *at_end.borrow() && !browser::has_selection_in(&pane) {
                pane.set_scroll_top(pane.scroll_height());
            } else if pane.scroll_height() > pane.scroll_top() + pane.client_height() + NEAR {
                behind.set(true);
            }
        });
    }
    let to_end = {
        let (pane, at_end, behind) = (pane.clone(), at_end.clone(), behind.clone());
        Callback::from(move |()| {
            *at_end.borrow_mut() = true;
            behind.set(false);
            if let Some(pane) = browser::element(&pane) {
                pane.set_scroll_top(pane.scroll_height());
            }
        })
    };
    Follow {
        pane,
        onscroll,
        is_behind: *behind,
        to_end,
        hold: Callback::from(move |()| *at_end.borrow_mut() = false),
    }
}
