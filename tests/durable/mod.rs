//! Runs that are killed, stopped and taken over: what was done is not done again.

#![expect(
    clippy::disallowed_methods,
    reason = "they take time, and say how long"
)]
#![expect(clippy::print_stdout, reason = "their figures are for readers")]

mod bureau;
mod kills;
mod needs_strace;
mod scene;
mod stopped;
