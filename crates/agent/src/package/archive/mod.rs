//! The `.slipway` archive: a zip of a package.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub(super) use read::read;
pub use read::{ArchiveFault, MAX_ARCHIVE_BYTES};
pub(super) use write::write;
