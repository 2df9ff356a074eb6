//! What the browser knows: the time, the zone, frames, the keyboard.

use slipway_contract::Timestamp;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};
use yew::prelude::*;

use crate::format::Local;

/// The page's window; there is one for as long as any of this code runs.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The page.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// Now.
pub(crate) fn now() -> Timestamp {
    // Whole milliseconds fit an i64 for as long as anybody needs a clock.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are far from 2^53"
    )]
    let milliseconds = js_sys::Date::now() as i64;
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// A moment on this machine's clock. The zone is asked for each moment: summer time differs.
pub(crate) fn local(at: Timestamp) -> Local {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds since 1970 are far from 2^53"
    )]
    let date = js_sys::Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an offset is at most a day of minutes"
    )]
    let offset = jiff::SignedDuration::from_mins(-(date.get_timezone_offset() as i64));
    let utc = jiff::tz::TimeZone::UTC.to_datetime(at);
    utc.saturating_add(offset)
}

/// Calls back before the next frame is drawn.
pub(crate) fn next_frame(callback: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(callback);
    if let Some(window) = window() {
        // Fails only for a page that is gone, which needs no frame.
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}

/// Notes in the page's own timeline, with the next frame, that this is drawn: what measures the window reads it there.
pub(crate) fn mark_drawn(what: &'static str) {
    next_frame(move || {
        if let Some(performance) = window().and_then(|window| window.performance()) {
            // Fails only for names that belong to the browser.
            let _ = performance.mark(what);
        }
    });
}

/// Whether the window is not shown at all.
pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Writes a line for developers.
pub(crate) fn warn(message: &str) {
    web_sys::console::warn_1(&JsValue::from_str(message));
}

/// Whether shortcuts are written the way a Mac writes them.
pub(crate) fn is_mac() -> bool {
    let platform = window().and_then(|window| window.navigator().platform().ok());
    platform.is_some_and(|platform| platform.starts_with("Mac"))
}

/// Whether the system takes back what was typed by itself when its keys are pressed. `WebKitGTK` binds no key for it.
pub(crate) fn undoes_by_itself() -> bool {
    let platform = window().and_then(|window| window.navigator().platform().ok());
    platform.is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("Win"))
}

/// Whether this is the shortcut for the main thing: Ctrl+Enter, on a Mac Cmd+Enter.
pub(crate) fn is_main_shortcut(event: &KeyboardEvent) -> bool {
    event.key() == "Enter"
        && if is_mac() {
            event.meta_key()
        } else {
            event.ctrl_key()
        }
}

/// The element that a component drew.
pub(crate) fn element(node: &NodeRef) -> Option<HtmlElement> {
    node.cast::<HtmlElement>()
}

/// Gives the keyboard to an element.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = element(node) {
        // Fails only for an element that is not in the page.
        let _ = element.focus();
    }
}

/// Gives the keyboard to a field, with all that is in it selected.
pub(crate) fn focus_and_select(field: &NodeRef) {
    focus(field);
    if let Some(field) = field.cast::<HtmlInputElement>() {
        field.select();
    }
}

/// Gives the keyboard to the element with an id; false when it is not drawn.
pub(crate) fn focus_id(id: &str) -> bool {
    let element = document().and_then(|page| page.get_element_by_id(id));
    let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

/// Gives the keyboard to the first element in another that a selector names; false when there is none.
pub(crate) fn focus_in(within: &NodeRef, selector: &str) -> bool {
    let found = element(within).and_then(|element| element.query_selector(selector).ok().flatten());
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|found| found.focus().is_ok())
}

/// Whether the keyboard is on nothing that can be seen: what had it was taken away.
pub(crate) fn lost_keyboard() -> bool {
    let active = document().and_then(|page| page.active_element());
    active.is_none_or(|active| {
        let element = active.dyn_ref::<HtmlElement>();
        active.tag_name() == "BODY"
            || element.is_some_and(|element| element.offset_parent().is_none())
    })
}

/// Whether a person selected text in an element.
pub(crate) fn has_selection_in(element: &HtmlElement) -> bool {
    let selection = window().and_then(|window| window.get_selection().ok().flatten());
    selection.is_some_and(|selection| {
        !selection.is_collapsed() && element.contains(selection.anchor_node().as_ref())
    })
}

/// Scrolls as little as shows all of an element.
pub(crate) fn reveal(node: &NodeRef) {
    if let Some(element) = element(node) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What the window keeps for itself; none where it may not.
pub(crate) fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok().flatten()
}

/// Forgets what the window keeps for itself under names that begin like this.
pub(crate) fn forget_stored(prefix: &str) {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or_default();
    let names: Vec<String> = (0..count)
        .filter_map(|place| storage.key(place).ok().flatten())
        .filter(|name| name.starts_with(prefix))
        .collect();
    for name in names {
        // Fails only where the window may keep nothing, and then nothing is there.
        let _ = storage.remove_item(&name);
    }
}

/// Begins at the first page, with nothing that was read before.
pub(crate) fn start_over() {
    if let Some(window) = window() {
        // The address alone is changed: the page must not draw Home with what is gone before it is left. Both fail
        // only for a page that is being left already.
        let first = window
            .history()
            .and_then(|past| past.replace_state_with_url(&JsValue::NULL, "", Some("#/")));
        let _ = first.and_then(|()| window.location().reload());
    }
}

/// Scrolls as little as shows the element with an id.
pub(crate) fn reveal_id(id: &str) {
    if let Some(element) = document().and_then(|page| page.get_element_by_id(id)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Scrolls as little as shows all of the first element in another that a selector names.
pub(crate) fn reveal_in(within: &NodeRef, selector: &str) {
    let found = element(within).and_then(|element| element.query_selector(selector).ok().flatten());
    if let Some(found) = found {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        found.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the pointer was outside of a modal dialog, though the browser says that it was on it.
pub(crate) fn is_beside(dialog: &NodeRef, event: &MouseEvent) -> bool {
    element(dialog).is_some_and(|dialog| {
        let sides = dialog.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        x < sides.left() || x > sides.right() || y < sides.top() || y > sides.bottom()
    })
}

/// Whether something is open that has to be settled first.
pub(crate) fn is_modal_open() -> bool {
    let open = document().and_then(|page| page.query_selector("dialog[open]").ok().flatten());
    open.is_some()
}

/// Keeps one style of an element at a value. The content security policy allows no `style` attribute; a property set by
/// code is no attribute.
#[hook]
pub(crate) fn use_style(property: &'static str, value: String) -> NodeRef {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(value, move |value| {
            if let Some(element) = element(&node) {
                // Fails only for an element whose style is read-only, which none of ours is.
                let _ = element.style().set_property(property, value);
            }
        });
    }
    node
}
