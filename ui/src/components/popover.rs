//! What floats beside the control that opened it, above everything else, until the person is done with it.

use wasm_bindgen::prelude::*;
use yew::prelude::*;

use crate::browser;

/// Room that is left to the window's edges, in pixels.
const MARGIN: f64 = 12.0;

/// Room between it and its control, in pixels.
const GAP: f64 = 4.0;

/// What floats.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The control.
    pub(crate) anchor: NodeRef,
    /// Its look; the width is in it.
    pub(crate) class: Classes,
    /// Its right edge is at the control's, not its left.
    #[prop_or_default]
    pub(crate) at_end: bool,
    /// The person is done with it.
    pub(crate) on_close: Callback<()>,
    /// What is in it.
    pub(crate) children: Html,
}

/// Floats. A press anywhere else, Escape and a window of another size close it.
#[component]
pub(crate) fn Popover(props: &Props) -> Html {
    let floating = use_node_ref();
    {
        let (anchor, floating, at_end) = (props.anchor.clone(), floating.clone(), props.at_end);
        use_effect_with((), move |()| put(&anchor, &floating, at_end));
    }
    {
        let on_close = props.on_close.clone();
        use_effect_with((), move |()| {
            let resized = Closure::<dyn FnMut()>::new(move || on_close.emit(()));
            let window = browser::window();
            let listener: &js_sys::Function = resized.as_ref().unchecked_ref();
            if let Some(window) = &window {
                // Fails for no event name and no function.
                let _ = window.add_event_listener_with_callback("resize", listener);
            }
            move || {
                if let Some(window) = window {
                    let listener: &js_sys::Function = resized.as_ref().unchecked_ref();
                    let _ = window.remove_event_listener_with_callback("resize", listener);
                }
            }
        });
    }
    let onmousedown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            on_close.emit(());
        })
    };
    // A dialog below it takes a press beside itself for its end; what floats over its edge is not beside it.
    let stays = Callback::from(|event: MouseEvent| event.stop_propagation());
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    html! {
        <>
            <div class="popover__shield" aria-hidden="true" {onmousedown}></div>
            <div ref={floating} class={classes!("popover", "menu", props.class.clone())} {onkeydown} onmousedown={stays}>{ props.children.clone() }</div>
        </>
    }
}

/// Sides of a box in the window, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sides {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Where it is put; one of `top` and `bottom`, from the window's own edge.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    left: f64,
    top: Option<f64>,
    bottom: Option<f64>,
    height: f64,
}

/// Below the control, or above it where there is more room.
fn place(control: Sides, size: (f64, f64), window: (f64, f64), at_end: bool) -> Place {
    let wanted = if at_end {
        control.right - size.0
    } else {
        control.left
    };
    let left = wanted.min(window.0 - MARGIN - size.0).max(MARGIN);
    let below = window.1 - MARGIN - GAP - control.bottom;
    let above = control.top - GAP - MARGIN;
    if size.1 <= below || below >= above {
        Place {
            left,
            top: Some(control.bottom + GAP),
            bottom: None,
            height: below,
        }
    } else {
        Place {
            left,
            top: None,
            bottom: Some(window.1 - control.top + GAP),
            height: above,
        }
    }
}

fn put(anchor: &NodeRef, floating: &NodeRef, at_end: bool) {
    let (Some(anchor), Some(floating), Some(window)) = (
        browser::element(anchor),
        browser::element(floating),
        browser::window(),
    ) else {
        return;
    };
    let side = |length: Result<JsValue, JsValue>| length.ok().and_then(|value| value.as_f64());
    let (Some(width), Some(height)) = (side(window.inner_width()), side(window.inner_height()))
    else {
        return;
    };
    let (control, size) = (
        anchor.get_bounding_client_rect(),
        floating.get_bounding_client_rect(),
    );
    let control = Sides {
        left: control.left(),
        right: control.right(),
        top: control.top(),
        bottom: control.bottom(),
    };
    let size = (size.width(), size.height());
    let found = place(control, size, (width, height), at_end);
    let pixels = |length: Option<f64>| length.map_or("auto".to_owned(), |at| format!("{at}px"));
    let style = floating.style();
    for (property, value) in [
        ("left", pixels(Some(found.left))),
        ("top", pixels(found.top)),
        ("bottom", pixels(found.bottom)),
        ("max-height", pixels(Some(found.height))),
    ] {
        // Fails only for an element whose style is read-only, which none of ours is.
        let _ = style.set_property(property, &value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: (f64, f64) = (1_280.0, 800.0);

    fn control(left: f64, top: f64) -> Sides {
        Sides {
            left,
            right: left + 100.0,
            top,
            bottom: top + 28.0,
        }
    }

    #[test]
    fn it_is_below_its_control_where_it_fits() {
        let found = place(control(300.0, 100.0), (460.0, 400.0), WINDOW, false);
        assert_eq!((found.left, found.top), (300.0, Some(132.0)));
        assert_eq!(found.height, 800.0 - 12.0 - 132.0);
        let at_end = place(control(900.0, 100.0), (220.0, 120.0), WINDOW, true);
        assert_eq!(at_end.left, 780.0);
    }

    #[test]
    fn it_goes_above_where_there_is_more_room_and_never_out_of_the_window() {
        let found = place(control(300.0, 700.0), (460.0, 400.0), WINDOW, false);
        assert_eq!((found.top, found.bottom), (None, Some(104.0)));
        assert_eq!(found.height, 684.0);
        let right = place(control(1_200.0, 100.0), (460.0, 400.0), WINDOW, false);
        assert_eq!(right.left, 1_280.0 - 12.0 - 460.0);
        let narrow = place(control(10.0, 100.0), (460.0, 400.0), (400.0, 800.0), true);
        assert_eq!(narrow.left, 12.0);
    }
}
