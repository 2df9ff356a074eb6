//! Opens Slipway's window.
// A window of a released Slipway opens no console beside it on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped, so that a key that was let go of is in no core dump.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> anyhow::Result<()> {
    slipway_desktop::run()
}
