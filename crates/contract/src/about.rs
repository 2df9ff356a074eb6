//! Slipway itself, and the licences of what ships with it.

use serde::{Deserialize, Serialize};

/// Slipway itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its version.
    pub version: String,
    /// The packages of others that it is built from, by name.
    pub packages: Vec<ShippedPackage>,
}

/// A package of others that ships with Slipway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as an SPDX expression.
    pub licence: String,
    /// The numbers of its licence's texts; a package that brings none is under the usual text.
    pub texts: Vec<u32>,
}
