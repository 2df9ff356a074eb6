//! Tauri's side of the bridge, as its own JavaScript API calls it.
//!
//! Answers cross as bytes of JSON and events as JSON text, never as JavaScript values: JavaScript would round large
//! numbers, and an approval must show exactly what will be sent.

use js_sys::{JSON, Uint8Array};
use slipway_contract::{ErrorCode, Problem};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], catch)]
    async fn invoke(command: &str, arguments: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback, catch)]
    fn transform_callback(callback: &JsValue) -> Result<JsValue, JsValue>;
}

/// Sends `{"name", "payload"}` and waits for the answer's JSON.
pub(super) async fn dispatch(request: &str) -> Result<Vec<u8>, Problem> {
    let arguments = JSON::parse(request).map_err(|error| broken(&error))?;
    let answer = invoke("dispatch", arguments)
        .await
        .map_err(|error| refused(&error))?;
    Ok(Uint8Array::new(&answer).to_vec())
}

/// Calls back with each message of a stream of the host, for as long as the window lives.
pub(super) async fn listen(
    stream: &str,
    mut on_message: impl FnMut(String) + 'static,
) -> Result<(), Problem> {
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let payload = js_sys::Reflect::get(&event, &JsValue::from_str("payload"));
        on_message(
            payload
                .ok()
                .and_then(|payload| payload.as_string())
                .unwrap_or_default(),
        );
    });
    let id = transform_callback(callback.as_ref()).map_err(|error| broken(&error))?;
    // The host calls it until the window is gone.
    callback.forget();
    let arguments = js_sys::Object::new();
    let target = js_sys::Object::new();
    for (object, key, value) in [
        (&target, "kind", JsValue::from_str("Any")),
        (&arguments, "event", JsValue::from_str(stream)),
        (&arguments, "handler", id),
        (&arguments, "target", target.clone().into()),
    ] {
        js_sys::Reflect::set(object, &JsValue::from_str(key), &value)
            .map_err(|error| broken(&error))?;
    }
    invoke("plugin:event|listen", arguments.into())
        .await
        .map_err(|error| refused(&error))?;
    Ok(())
}

/// The host's problem, as it sent it.
fn refused(error: &JsValue) -> Problem {
    let text = JSON::stringify(error)
        .ok()
        .and_then(|text| text.as_string());
    match text.and_then(|text| serde_json::from_slice(text.as_bytes()).ok()) {
        Some(problem) => problem,
        None => broken(error),
    }
}

fn broken(error: &JsValue) -> Problem {
    let detail = error
        .as_string()
        .or_else(|| js_sys::Error::from(error.clone()).message().as_string());
    let detail = detail
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| format!("{error:?}"));
    Problem::new(
        ErrorCode::Internal,
        format!("The window could not reach Slipway: {detail}."),
    )
    .help("Close the window and start Slipway again. Runs go on where they were.")
}

/// Window and host were not built together.
pub(super) fn mismatch(command: &str, error: &serde_json::Error) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        format!("The answer to {command} could not be read: {error}."),
    )
    .help("The window and its host are of different versions. Install or build Slipway again.")
}
