//! The built window beside an empty one of the same Tauri, on a display that nobody sees: how soon it is there, what it
//! holds of memory, long lists, and an answer as it streams. `cargo xtask bench window`; with another word behind
//! `--`, only the lines whose name holds it. What it needs and does not find it names, and leaves that out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program that prints figures"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

#[allow(dead_code, reason = "no figure of a window is a duration")]
#[path = "../figures.rs"]
mod figures;

#[cfg(target_os = "linux")]
mod data;
#[cfg(target_os = "linux")]
#[allow(
    dead_code,
    reason = "the tests' driver; a benchmark needs little of it"
)]
#[path = "../../needs_window/driver.rs"]
mod driver;
#[cfg(target_os = "linux")]
mod frames;
#[cfg(target_os = "linux")]
#[allow(
    dead_code,
    unused_imports,
    reason = "the tests' kit; a benchmark needs little of it"
)]
#[path = "../../kit/mod.rs"]
mod kit;
#[cfg(target_os = "linux")]
mod lists;
#[cfg(target_os = "linux")]
mod measure;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod provider;
#[cfg(target_os = "linux")]
mod sizes;
#[cfg(target_os = "linux")]
mod start;
#[cfg(target_os = "linux")]
mod stream;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        // Cargo's test runs ask only whether it compiles; the tests themselves open the window.
        return;
    }
    #[cfg(target_os = "linux")]
    measure::all();
    #[cfg(not(target_os = "linux"))]
    println!(
        "The window is measured on Linux alone: elsewhere there is no display to drive it on."
    );
}
