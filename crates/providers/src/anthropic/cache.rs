//! Where the provider is told to cache. It reads a request's beginning from its cache up to the
//! last place that an earlier request marked, and looks for that at the marks and a few blocks
//! before them.

use super::blocks::{CacheControl, Part, Role, Turn};

/// Bytes that a token takes at least, so that a beginning near the least length is marked: a mark
/// too many costs nothing.
const BYTES_PER_TOKEN: usize = 3;

/// How long a request is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    /// Bytes of the tools and the instructions.
    pub(super) head: usize,
    /// Bytes of all.
    pub(super) whole: usize,
    /// Tokens from which on the model caches.
    pub(super) cache_from: u32,
}

impl Lengths {
    fn worth(&self, bytes: usize) -> bool {
        bytes / BYTES_PER_TOKEN >= self.cache_from as usize
    }
}

/// Marks the end of the instructions, which other runs of the agent begin with as well, the
/// newest turn, which the next request goes on from, and the person's turn before it, where the
/// last request marked its end: more parallel results than the provider looks back over may
/// stand between the two.
pub(super) fn mark(
    system: Option<&mut Part<'_>>,
    turns: &mut [Turn<'_>],
    goes_on: bool,
    lengths: &Lengths,
) {
    if let Some(system) = system
        && lengths.worth(lengths.head)
    {
        system.cache_control = Some(CacheControl::Ephemeral);
    }
    if !goes_on || !lengths.worth(lengths.whole) {
        return;
    }
    let ends = turns
        .iter_mut()
        .rev()
        .filter(|turn| turn.role == Role::User)
        .filter_map(|turn| turn.content.last_mut());
    for part in ends.take(2) {
        part.cache_control = Some(CacheControl::Ephemeral);
    }
}
