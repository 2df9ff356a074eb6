//! `manifest.json`: what an export is and which files it has.

use serde::{Deserialize, Serialize};
use slipway_contract::ContentHash;

use super::ExportCounts;

/// The version of the layout.
pub(super) const FORMAT: u32 = 1;
/// The most bytes of a listing: enough for a million files.
pub(super) const MAX_BYTES: u64 = 256 << 20;

/// Everything that an export says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listing {
    /// The version of the layout.
    pub(super) slipway_export: u32,
    /// The Slipway that wrote it.
    pub(super) slipway: String,
    /// The newest migration of the database that it was read from.
    pub(super) migration: i64,
    pub(super) counts: ExportCounts,
    /// All other files, by path.
    pub(super) files: Vec<Listed>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) sha256: ContentHash,
}
