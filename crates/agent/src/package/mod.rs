//! The package format.
