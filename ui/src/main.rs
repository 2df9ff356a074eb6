//! Slipway's window: pages and components, compiled to wasm. It knows the host through `slipway-contract` alone.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

mod app;
mod bridge;
mod browser;
mod browser_locale;
mod clipboard;
mod components;
mod doorstep;
mod editing;
mod editor;
mod format;
mod listed;
mod markdown;
mod pages;
mod palette;
mod place;
mod preferences;
mod route;
mod run_state;
mod second_press;
mod shortcuts;
mod text;
mod tried;

/// What is freed is wiped: a key that a person typed crosses the page's memory.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() {
    format::set_locale(browser_locale::locale());
    let page = browser::document().and_then(|page| page.get_element_by_id("app"));
    if let Some(root) = page {
        yew::Renderer::<app::App>::with_root(root).render();
    }
}
