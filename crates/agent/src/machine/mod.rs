//! The agent loop as a pure machine.

pub mod compaction;
