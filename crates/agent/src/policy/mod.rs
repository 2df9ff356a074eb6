//! What a package asks for, what a person granted, and what an approval covers.

pub mod binding;
mod grants;
pub mod period;
pub mod rule;

pub use grants::{Access, Grants};
