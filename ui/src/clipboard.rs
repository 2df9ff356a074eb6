//! The clipboard.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

use crate::browser;

/// What is put there.
const TEXT: &str = "text/plain";

/// Puts a text on the clipboard; false where the system does not let it.
pub(crate) async fn copy(text: &str) -> bool {
    match clipboard() {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}

/// Begins to put a text on the clipboard that has to be asked for first, and says whether it got there. To be called
/// within the press itself: the system lets nothing be copied that begins later.
pub(crate) fn copy_coming<E: 'static>(
    text: impl Future<Output = Result<String, E>> + 'static,
) -> impl Future<Output = Result<bool, E>> {
    let why_none = Rc::new(RefCell::new(None));
    let writing = clipboard().map(|clipboard| {
        let why_none = Rc::clone(&why_none);
        let coming = future_to_promise(async move {
            match text.await {
                Ok(text) => blob(&text).map(JsValue::from),
                Err(why) => {
                    *why_none.borrow_mut() = Some(why);
                    Err(JsValue::UNDEFINED)
                }
            }
        });
        begin(&clipboard, &coming)
    });
    async move {
        let is_copied = match writing {
            Some(Ok(writing)) => JsFuture::from(writing).await.is_ok(),
            _ => false,
        };
        let why = why_none.borrow_mut().take();
        why.map_or(Ok(is_copied), Err)
    }
}

fn clipboard() -> Option<Clipboard> {
    let clipboard = browser::window()?.navigator().clipboard();
    // A page that came over an insecure connection has none.
    (!clipboard.is_undefined()).then_some(clipboard)
}

fn begin(clipboard: &Clipboard, coming: &js_sys::Promise) -> Result<js_sys::Promise, JsValue> {
    let kinds = js_sys::Object::new();
    js_sys::Reflect::set(&kinds, &TEXT.into(), coming)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&kinds)?;
    Ok(clipboard.write(&js_sys::Array::of1(&item)))
}

fn blob(text: &str) -> Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(TEXT);
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &kind)
}
