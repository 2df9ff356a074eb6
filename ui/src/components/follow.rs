//! A pane that grows at its end: it follows what comes, unless a person scrolled away to read.

use yew::prelude::*;

use crate::browser;

/// How far from the end still counts as at the end, in pixels.
const NEAR: i32 = 32;

/// Gives the pane's node and scroll listener; after each change of `version` the end is in view if it was before, or
/// at first if `from_end`.
#[hook]
pub(crate) fn use_follow<V: PartialEq + 'static>(
    version: V,
    from_end: bool,
) -> (NodeRef, Callback<Event>) {
    let pane = use_node_ref();
    let at_end = use_mut_ref(|| from_end);
    let onscroll = {
        let (pane, at_end) = (pane.clone(), at_end.clone());
        Callback::from(move |_: Event| {
            if let Some(pane) = browser::element(&pane) {
                let below = pane.scroll_height() - pane.scroll_top() - pane.client_height();
                *at_end.borrow_mut() = below <= NEAR;
            }
        })
    };
    {
        let pane = pane.clone();
        use_effect_with(version, move |_| {
            if let Some(pane) = browser::element(&pane).filter(|_| *at_end.borrow()) {
                pane.set_scroll_top(pane.scroll_height());
            }
        });
    }
    (pane, onscroll)
}
