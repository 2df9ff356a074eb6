//! Runs that are killed, stopped and taken over: what was done is not done again.

mod bureau;
mod kills;
mod needs_strace;
mod scene;
mod stopped;
