//! Packages dropped on the window. Where a field takes files, as the one of a message does, they are the field's.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use js_sys::Uint8Array;
use slipway_contract::command::ReceivePackage;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};
use yew::prelude::*;

use crate::bridge::call;
use crate::browser;
use crate::components::{Icon, Toasts, icon};
use crate::{format, text};

/// A larger package is chosen in the system's dialog: its bytes need not go through the page then.
const LARGEST: usize = 32 << 20;

/// What packages end in.
const ENDING: &str = ".slipway";

/// Takes packages that are dropped anywhere, and says whether one hangs over the window now.
#[hook]
pub(crate) fn use_drop(look: Callback<String>) -> bool {
    let over = use_state_eq(|| false);
    let toasts = use_context::<Toasts>();
    let take = Callback::from(move |file: File| {
        let (look, toasts) = (look.clone(), toasts.clone());
        wasm_bindgen_futures::spawn_local(async move {
            match receive(file).await {
                Ok(path) => look.emit(path),
                Err(why) => {
                    if let Some(toasts) = toasts {
                        toasts.fail(why);
                    }
                }
            }
        });
    });
    let newest = use_mut_ref(|| take.clone());
    *newest.borrow_mut() = take;
    {
        let over = over.clone();
        use_effect_with((), move |()| {
            let on = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
                let kind = event.type_();
                if kind == "dragleave" {
                    // Between two elements there is always a next one.
                    return over.set(event.related_target().is_some() && *over);
                }
                // A field took it for itself.
                if event.default_prevented() || !holds_files(&event) {
                    return over.set(false);
                }
                event.prevent_default();
                over.set(kind == "dragover" && !browser::is_modal_open());
                if kind == "drop" && !browser::is_modal_open() {
                    let files = event.data_transfer().and_then(|data| data.files());
                    if let Some(file) = files.and_then(|files| files.item(0)) {
                        let take = newest.borrow().clone();
                        take.emit(file);
                    }
                }
            });
            let page = browser::document();
            let each = |set: &dyn Fn(&web_sys::Document, &str, &js_sys::Function)| {
                if let Some(page) = &page {
                    for kind in ["dragover", "dragleave", "drop"] {
                        set(page, kind, on.as_ref().unchecked_ref());
                    }
                }
            };
            // Fails for no event name and no function.
            each(&|page, kind, on| drop(page.add_event_listener_with_callback(kind, on)));
            let page = page.clone();
            move || {
                if let Some(page) = page {
                    for kind in ["dragover", "dragleave", "drop"] {
                        drop(page.remove_event_listener_with_callback(
                            kind,
                            on.as_ref().unchecked_ref(),
                        ));
                    }
                }
            }
        });
    }
    *over
}

/// What is shown while a package hangs over the window.
pub(super) fn shade() -> Html {
    html! { <div class="dropshade" aria-hidden="true"><div class="dropshade__what">{ icon(Icon::Import) }{ text::DROP_TO_LOOK }</div></div> }
}

fn holds_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| {
        types
            .iter()
            .any(|kind| kind.as_string().as_deref() == Some("Files"))
    })
}

async fn receive(file: File) -> Result<String, String> {
    let name = file.name();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is a whole number below 2^53"
    )]
    let size = file.size() as u64;
    if let Some(why) = refusal(&name, size) {
        return Err(why);
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| text::not_read(&name))?;
    let data = BASE64_STANDARD.encode(Uint8Array::new(&buffer).to_vec());
    let kept = call(&ReceivePackage { name, data }).await;
    kept.map_err(|problem| text::sentence(&problem.message))
}

/// Why a file is not taken.
fn refusal(name: &str, size: u64) -> Option<String> {
    if !name.to_ascii_lowercase().ends_with(ENDING) {
        Some(text::not_a_package(name))
    } else if size > LARGEST as u64 {
        Some(text::too_large_to_drop(name, &format::bytes(LARGEST)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_are_taken() {
        assert_eq!(refusal("clerk.slipway", 10), None);
        assert_eq!(refusal("Clerk.SLIPWAY", 10), None);
        assert!(
            refusal("photo.png", 10)
                .unwrap()
                .starts_with("photo.png is no package")
        );
        assert!(
            refusal("clerk.slipway", 1 << 30)
                .unwrap()
                .contains("clerk.slipway")
        );
    }
}
