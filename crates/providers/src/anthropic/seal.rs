//! What stands before a thought, as a hash: a model takes its thoughts back only below the very
//! same beginning.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};
use slipway_contract::ContentHash;

/// Takes in what is sent, in the order in which the model reads it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seal {
    hash: Sha256,
    bytes: usize,
}

impl Seal {
    /// The next part.
    pub(super) fn take(&mut self, what: &str, part: &impl Serialize) {
        self.hash.update(what.as_bytes());
        let written = serde_json::to_writer(&mut *self, part);
        debug_assert!(written.is_ok(), "hashing cannot fail");
        self.hash.update(b"\n");
    }

    /// The hash of all that was taken.
    pub(super) fn so_far(&self) -> String {
        ContentHash::from_bytes(self.hash.clone().finalize().into()).to_string()
    }

    /// The bytes of all that was taken.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Write for Seal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
