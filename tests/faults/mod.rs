//! What happens when the machine fails: power, disk, clock, other programs, and processes that are
//! killed in the middle.
#![allow(
    clippy::print_stdout,
    reason = "tests that are run by hand tell their figures"
)]

mod aftermath;
mod locked;
#[cfg(target_os = "linux")]
mod needs_faketime;
#[cfg(target_os = "linux")]
mod needs_keychain;
#[cfg(target_os = "linux")]
mod needs_strace;

#[cfg(target_os = "linux")]
pub(crate) use needs_strace::killed_everywhere;
