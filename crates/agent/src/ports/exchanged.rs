//! An attempt at a model call as it went over the wire.

use std::fmt;

use slipway_contract::wire::{WireCut, WireFile};

/// An attempt as it went over the wire, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchanged {
    /// The URL that was posted to, without what is secret in it.
    pub url: String,
    /// The request's headers; of one that carries a key, the key's name as `$NAME` in its place.
    pub request_headers: Vec<(String, String)>,
    /// The request's body, with [`WireFile::note`] in the place of each file.
    pub request_body: Vec<u8>,
    /// The files that stand in the body no more, in the order of their places.
    pub request_files: Vec<WireFile>,
    /// Bytes of the request's body as it was sent.
    pub request_bytes: u64,
    /// The answer's status; none when there was no answer.
    pub status: Option<u16>,
    /// The answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body as it came, cleaned of keys; cut where it is long.
    pub response_body: Vec<u8>,
    /// Bytes of the answer's body in all.
    pub response_bytes: u64,
    /// Why the answer has no end, or never came.
    pub cut: Option<WireCut>,
}

/// An attempt from which what is secret is yet to be taken: a long one takes a while, which is no
/// work for who drives runs.
pub struct Unclean {
    bytes: usize,
    clean: Box<dyn FnOnce() -> Exchanged + Send>,
}

impl Unclean {
    /// An attempt of about this many bytes, and how it is cleaned.
    #[must_use]
    pub fn new(bytes: usize, clean: impl FnOnce() -> Exchanged + Send + 'static) -> Self {
        Self {
            bytes,
            clean: Box::new(clean),
        }
    }

    /// About how many bytes it holds.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Without secrets. May take a while.
    #[must_use]
    pub fn cleaned(self) -> Exchanged {
        (self.clean)()
    }
}

impl From<Exchanged> for Unclean {
    fn from(exchanged: Exchanged) -> Self {
        let bytes = exchanged.request_body.len() + exchanged.response_body.len();
        Self::new(bytes, || exchanged)
    }
}

impl fmt::Debug for Unclean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unclean")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
