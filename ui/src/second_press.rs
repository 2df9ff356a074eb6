//! The second press of a double click belongs to what was pressed first: what took the place of that meanwhile does
//! not get it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, MutationObserver, MutationObserverInit};
use yew::prelude::*;

use crate::browser;

/// How long something new is not pressed at the place of what was pressed before, in milliseconds.
const NEW_FOR_MS: f64 = 700.0;

/// A press that comes later than this after the one before is no second press, in milliseconds.
const SECOND_WITHIN_MS: f64 = 1_000.0;

/// How far apart two presses of one place are at most, in pixels.
const SAME_PLACE: i32 = 12;

/// What is pressed.
const CONTROLS: &str = "button, a[href]";

/// A button whose words changed is another one, though the page may draw it with the same element.
const COMMAND: &str = "btn";

/// What was pressed last.
struct Pressed {
    control: Element,
    words: Option<String>,
    at: (i32, i32),
    pressed_at: f64,
    /// When it went away, or became something else.
    gone_at: Option<f64>,
}

impl Pressed {
    fn of(control: Element, at: (i32, i32)) -> Self {
        Self {
            words: words(&control),
            control,
            at,
            pressed_at: js_sys::Date::now(),
            gone_at: None,
        }
    }

    /// Whether it is there still, and the same.
    fn is_there(&self) -> bool {
        self.control.is_connected() && words(&self.control) == self.words
    }
}

/// The words of a button that orders something.
fn words(control: &Element) -> Option<String> {
    let is_command = control.class_list().contains(COMMAND);
    is_command.then(|| control.text_content().unwrap_or_default())
}

/// Whether a press means what is there now, and not what was pressed at the same place just before and is gone.
fn is_meant(
    (before, pressed_at): ((i32, i32), f64),
    gone_at: Option<f64>,
    at: (i32, i32),
    now: f64,
) -> bool {
    let is_second = now - pressed_at < SECOND_WITHIN_MS;
    let is_same_place =
        (at.0 - before.0).abs() <= SAME_PLACE && (at.1 - before.1).abs() <= SAME_PLACE;
    !(is_second && is_same_place && gone_at.is_some_and(|gone_at| now - gone_at < NEW_FOR_MS))
}

/// Keeps such presses from the whole window.
#[hook]
pub(crate) fn use_second_press_guard() {
    use_effect_with((), |()| {
        let last = Rc::new(RefCell::new(None::<Pressed>));
        let changed = {
            let last = Rc::clone(&last);
            Closure::<dyn FnMut()>::new(move || note_change(&mut last.borrow_mut()))
        };
        // Fails for no function.
        let watching = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
        let page = browser::document();
        let body = page.as_ref().and_then(|page| page.body());
        if let (Some(watching), Some(body)) = (&watching, &body) {
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_character_data(true);
            what.set_subtree(true);
            let _ = watching.observe_with_options(body, &what);
        }
        let pressed = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
            press(&mut last.borrow_mut(), &event);
        });
        let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
        if let Some(page) = &page {
            // Before anything in the page hears of it. Fails for no event name and no function.
            let _ = page.add_event_listener_with_callback_and_bool("click", listener, true);
        }
        move || {
            if let Some(watching) = watching {
                watching.disconnect();
            }
            let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
            if let Some(page) = page {
                let _ = page.remove_event_listener_with_callback_and_bool("click", listener, true);
            }
            drop(changed);
        }
    });
}

fn note_change(last: &mut Option<Pressed>) {
    if let Some(last) = last
        && last.gone_at.is_none()
        && !last.is_there()
    {
        last.gone_at = Some(js_sys::Date::now());
    }
}

fn press(last: &mut Option<Pressed>, event: &MouseEvent) {
    // The keyboard presses what it is on, wherever that is.
    if event.detail() == 0 {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into().ok());
    let control = target.and_then(|target: Element| target.closest(CONTROLS).ok().flatten());
    let Some(control) = control else { return };
    note_change(last);
    let at = (event.client_x(), event.client_y());
    match last {
        Some(before)
            if !is_meant(
                (before.at, before.pressed_at),
                before.gone_at,
                at,
                js_sys::Date::now(),
            ) =>
        {
            event.prevent_default();
            event.stop_immediate_propagation();
        }
        _ => *last = Some(Pressed::of(control, at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_the_place_of_a_button_does_not_take_its_second_press() {
        let before = ((900, 40), 9_900.0);
        assert!(!is_meant(before, Some(10_000.0), (904, 41), 10_300.0));
        assert!(is_meant(before, Some(10_000.0), (904, 41), 10_800.0));
        assert!(is_meant(
            (before.0, 9_000.0),
            Some(10_000.0),
            (904, 41),
            10_300.0
        ));
        assert!(is_meant(before, None, (904, 41), 10_300.0));
        assert!(is_meant(before, Some(10_000.0), (700, 41), 10_300.0));
    }
}
