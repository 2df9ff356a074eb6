//! Where what a trace shows is kept.

/// Where the steps are kept. A context of what shows them; without it, with a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// With an attempt of a test: nothing can be made again from them, and what went over the wire is not kept.
    Attempt,
}
