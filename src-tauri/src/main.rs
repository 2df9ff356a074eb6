//! Opens Slipway's window.
// A window of a released Slipway opens no console beside it on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    slipway_desktop::run()
}
