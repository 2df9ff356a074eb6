//! The shortcuts as this system writes them, and which of them a press of keys is.

use slipway_contract::shortcut::{Chord, Scope, Shortcut};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

use crate::browser;
use crate::text;

/// The keys of a shortcut, drawn; hidden from those who hear the page, to whom a control's name says enough.
pub(crate) fn keys(shortcut: Shortcut) -> Html {
    drawn(&caps(shortcut.chord(), browser::is_mac()))
}

/// The other keys that do the same on this system, drawn, and in words.
pub(crate) fn other_keys(shortcut: Shortcut) -> Option<(Html, String)> {
    let chord = shortcut.also().filter(|_| !browser::is_mac())?;
    let caps = caps(chord, false);
    Some((drawn(&caps), caps.join("+")))
}

fn drawn(caps: &[String]) -> Html {
    html! { <span class="keys" aria-hidden="true">{ for caps.iter().map(|cap| html! { <kbd class="kbd">{ cap }</kbd> }) }</span> }
}

/// The keys of a shortcut in words, such as `Ctrl+K`; on a Mac `⌘K`.
pub(crate) fn spoken(shortcut: Shortcut) -> String {
    let mac = browser::is_mac();
    caps(shortcut.chord(), mac).join(if mac { "" } else { "+" })
}

/// The shortcuts of a scope.
pub(crate) fn of(scope: Scope) -> impl Iterator<Item = Shortcut> {
    let all = Shortcut::ALL.iter().copied();
    all.filter(move |shortcut| shortcut.scope() == scope)
}

/// Calls back with each shortcut of the whole window that is pressed. What a page or a part of it took for itself
/// does not come here, nor anything while a dialog is open.
#[hook]
pub(crate) fn use_shortcuts(callback: Callback<Shortcut>) {
    use_page_keys(Callback::from(move |event: KeyboardEvent| {
        if let Some(shortcut) = pressed(&event) {
            event.prevent_default();
            callback.emit(shortcut);
        }
    }));
}

/// Calls back when a shortcut of the page is pressed, wherever on it the keyboard is.
#[hook]
pub(crate) fn use_shortcut(shortcut: Shortcut, callback: Callback<()>) {
    use_page_keys(Callback::from(move |event: KeyboardEvent| {
        if is_pressed(shortcut, &event) {
            event.prevent_default();
            callback.emit(());
        }
    }));
}

/// Has "Find on this page" lead to a field, ready to be written over.
#[hook]
pub(crate) fn use_find_field() -> NodeRef {
    let field = use_node_ref();
    use_shortcut(Shortcut::Find, {
        let field = field.clone();
        Callback::from(move |()| browser::focus_and_select(&field))
    });
    field
}

/// Calls back with the keys that are pressed anywhere on the page, also where the keyboard is on nothing at all.
/// Neither those that a part of the page took for itself, nor those of a dialog.
#[hook]
pub(crate) fn use_page_keys(callback: Callback<KeyboardEvent>) {
    use_keys(Callback::from(move |event: KeyboardEvent| {
        if !browser::is_modal_open() {
            callback.emit(event);
        }
    }));
}

/// Calls back with the keys that nothing in the window took for itself.
#[hook]
pub(crate) fn use_keys(callback: Callback<KeyboardEvent>) {
    let newest = use_mut_ref(|| callback.clone());
    *newest.borrow_mut() = callback;
    use_effect_with((), move |()| {
        let pressed = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if event.default_prevented() || event.is_composing() {
                return;
            }
            let callback = newest.borrow().clone();
            callback.emit(event);
        });
        let page = browser::document();
        let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
        if let Some(page) = &page {
            // Fails for no event name and no function.
            let _ = page.add_event_listener_with_callback("keydown", listener);
        }
        move || {
            let listener: &js_sys::Function = pressed.as_ref().unchecked_ref();
            if let Some(page) = page {
                let _ = page.remove_event_listener_with_callback("keydown", listener);
            }
        }
    });
}

/// Which shortcut of the frame was pressed.
fn pressed(event: &KeyboardEvent) -> Option<Shortcut> {
    let frame = of(Scope::Everywhere).chain([Shortcut::RunAgent, Shortcut::Tests]);
    frame
        .into_iter()
        .find(|shortcut| is_pressed(*shortcut, event))
}

/// Whether this one was pressed.
pub(crate) fn is_pressed(shortcut: Shortcut, event: &KeyboardEvent) -> bool {
    let key = event.key();
    is_any(shortcut, &Press::of(event, &key), browser::is_mac())
}

/// Whether exactly these keys were pressed.
pub(crate) fn is_chord(chord: Chord, event: &KeyboardEvent) -> bool {
    let key = event.key();
    is(chord, &Press::of(event, &key), browser::is_mac())
}

fn is_any(shortcut: Shortcut, press: &Press<'_>, mac: bool) -> bool {
    let also = shortcut.also().filter(|_| !mac);
    is(shortcut.chord(), press, mac) || also.is_some_and(|chord| is(chord, press, mac))
}

/// What is held down, and the key.
struct Press<'a> {
    ctrl: bool,
    meta: bool,
    shift: bool,
    alt: bool,
    key: &'a str,
}

impl<'a> Press<'a> {
    fn of(event: &KeyboardEvent, key: &'a str) -> Self {
        Self {
            ctrl: event.ctrl_key(),
            meta: event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
            key,
        }
    }
}

fn is(chord: Chord, press: &Press<'_>, mac: bool) -> bool {
    let (primary, other) = if mac {
        (press.meta, press.ctrl)
    } else {
        (press.ctrl, press.meta)
    };
    // With Shift the browser gives the large letter.
    primary == chord.primary
        && !other
        && !press.alt
        && press.shift == chord.shift
        && press.key.to_lowercase() == chord.key.to_lowercase()
}

/// What is printed on the keys.
fn caps(chord: Chord, mac: bool) -> Vec<String> {
    let mut caps = Vec::new();
    if chord.shift {
        caps.push(if mac { "⇧" } else { text::KEY_SHIFT }.to_owned());
    }
    if chord.primary {
        let at = if mac { caps.len() } else { 0 };
        caps.insert(at, if mac { "⌘" } else { text::KEY_CTRL }.to_owned());
    }
    caps.push(match chord.key {
        "Enter" => "↵".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "Escape" => text::KEY_ESCAPE.to_owned(),
        "Home" => text::KEY_HOME.to_owned(),
        "End" => text::KEY_END.to_owned(),
        key => key.to_uppercase(),
    });
    caps
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Press<'_> = Press {
        ctrl: false,
        meta: false,
        shift: false,
        alt: false,
        key: "",
    };

    #[test]
    fn the_modifier_is_the_one_of_the_system() {
        let chord = Shortcut::Palette.chord();
        let ctrl = Press {
            ctrl: true,
            key: "k",
            ..NOTHING
        };
        let meta = Press {
            meta: true,
            key: "k",
            ..NOTHING
        };
        assert!(is(chord, &ctrl, false) && !is(chord, &ctrl, true));
        assert!(is(chord, &meta, true) && !is(chord, &meta, false));
        let both = Press { meta: true, ..ctrl };
        assert!(!is(chord, &both, false) && !is(chord, &both, true));
    }

    #[test]
    fn more_keys_than_the_shortcut_has_are_another_one() {
        let redo = Press {
            ctrl: true,
            shift: true,
            key: "Z",
            ..NOTHING
        };
        assert!(is(Shortcut::Redo.chord(), &redo, false));
        assert!(!is(Shortcut::Undo.chord(), &redo, false));
        // What AltGr types must reach the text: Windows says Ctrl and Alt for it.
        let typed = Press {
            ctrl: true,
            alt: true,
            key: "k",
            ..NOTHING
        };
        assert!(!is(Shortcut::Palette.chord(), &typed, false));
        let plain = Press {
            key: "k",
            ..NOTHING
        };
        assert!(!is(Shortcut::Palette.chord(), &plain, false));
    }

    #[test]
    fn redo_has_two_ways_where_the_system_has_them() {
        let press = Press {
            ctrl: true,
            key: "y",
            ..NOTHING
        };
        assert!(is_any(Shortcut::Redo, &press, false));
        let press = Press {
            meta: true,
            key: "y",
            ..NOTHING
        };
        assert!(!is_any(Shortcut::Redo, &press, true));
    }

    #[test]
    fn keys_are_written_as_the_system_writes_them() {
        assert_eq!(caps(Shortcut::Palette.chord(), false), ["Ctrl", "K"]);
        assert_eq!(caps(Shortcut::Palette.chord(), true), ["⌘", "K"]);
        assert_eq!(caps(Shortcut::Redo.chord(), false), ["Ctrl", "Shift", "Z"]);
        assert_eq!(caps(Shortcut::Redo.chord(), true), ["⇧", "⌘", "Z"]);
        assert_eq!(caps(Shortcut::Main.chord(), false), ["Ctrl", "↵"]);
    }
}
