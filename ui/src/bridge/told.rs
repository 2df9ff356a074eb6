//! What the system told the host: the page hears that there is something, and asks what.

use slipway_contract::Problem;
use slipway_contract::command::{TakeTold, WINDOW_TOLD};
use slipway_contract::shell::Told;

use super::{call, host};

/// Calls back with what the system told, now and for as long as the window lives.
pub(crate) async fn hear_told(on: impl Fn(Result<Vec<Told>, Problem>) + Clone + 'static) {
    let again = on.clone();
    let heard = host::listen(WINDOW_TOLD, move |_| ask(again.clone())).await;
    match heard {
        // What was told before anybody listened waits.
        Ok(()) => ask(on),
        Err(problem) => on(Err(problem)),
    }
}

fn ask(on: impl Fn(Result<Vec<Told>, Problem>) + 'static) {
    wasm_bindgen_futures::spawn_local(async move { on(call(&TakeTold {}).await) });
}
