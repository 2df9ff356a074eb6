//! A request mostly repeats the one before it, with something added in the middle or at the end.

use std::cmp::min;

use serde::{Deserialize, Serialize};

/// How much of the request before a request repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Repeated {
    /// Bytes at its beginning.
    pub(super) prefix: usize,
    /// Bytes at its end.
    pub(super) suffix: usize,
}

impl Repeated {
    /// What `next` has in common with `before`: its beginning, and the end of what is left.
    pub(super) fn between(before: &[u8], next: &[u8]) -> Self {
        let prefix = common_prefix(before, next);
        let suffix = common_suffix(&before[prefix..], &next[prefix..]);
        Self { prefix, suffix }
    }

    /// What stands between.
    pub(super) fn rest<'a>(&self, next: &'a [u8]) -> &'a [u8] {
        let end = next.len().saturating_sub(self.suffix);
        next.get(self.prefix..end).unwrap_or_default()
    }

    /// The request again; none when the one before is too short for it.
    pub(super) fn restored(&self, before: &[u8], rest: &[u8]) -> Option<Vec<u8>> {
        let beginning = before.get(..self.prefix)?;
        let end = before.get(before.len().checked_sub(self.suffix)?..)?;
        Some([beginning, rest, end].concat())
    }
}

/// Whole blocks are compared first: the machine does that many bytes at a time.
const BLOCK: usize = 512;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK));
    let whole = blocks.take_while(|(a, b)| a == b).count() * BLOCK;
    let bytes = a[whole..].iter().zip(&b[whole..]);
    whole + bytes.take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let most = min(a.len(), b.len());
    let (a, b) = (&a[a.len() - most..], &b[b.len() - most..]);
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK));
    let whole = blocks.take_while(|(a, b)| a == b).count() * BLOCK;
    let bytes = a[..most - whole]
        .iter()
        .rev()
        .zip(b[..most - whole].iter().rev());
    whole + bytes.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds(before: &[u8], next: &[u8]) -> Repeated {
        let repeated = Repeated::between(before, next);
        let rest = repeated.rest(next);
        assert_eq!(repeated.restored(before, rest).as_deref(), Some(next));
        repeated
    }

    #[test]
    fn what_is_repeated_is_left_out() {
        let head = "h".repeat(3 * BLOCK + 7);
        let tail = "t".repeat(2 * BLOCK + 9);
        let before = format!("{head}[a]{tail}");
        let next = format!("{head}[a,b]{tail}");
        let repeated = holds(before.as_bytes(), next.as_bytes());
        assert_eq!(repeated.rest(next.as_bytes()), b",b");
        let shorter = holds(next.as_bytes(), before.as_bytes());
        assert!(shorter.rest(before.as_bytes()).is_empty());
        assert_eq!(holds(b"same", b"same").prefix, 4);
        assert_eq!(holds(b"", b"x").rest(b"x"), b"x");
        assert_eq!(holds(b"aaa", b"aaaa").rest(b"aaaa"), b"a");
    }

    #[test]
    fn a_request_that_does_not_fit_is_none() {
        let repeated = Repeated {
            prefix: 5,
            suffix: 0,
        };
        assert_eq!(repeated.restored(b"four", b""), None);
        let repeated = Repeated {
            prefix: 0,
            suffix: usize::MAX,
        };
        assert_eq!(repeated.restored(b"four", b""), None);
    }

    proptest! {
        #[test]
        fn any_two_requests_come_back(
            before in proptest::collection::vec(0_u8..3, 0..3000),
            keep in 0_usize..3000,
            added in proptest::collection::vec(0_u8..3, 0..1200),
            from in 0_usize..3000,
        ) {
            let head = &before[..keep.min(before.len())];
            let tail = &before[from.min(before.len())..];
            holds(&before, &[head, &added, tail].concat());
        }
    }
}
