//! Tokens: short-lived ones that are signed, and long-lived ones that the database knows.

pub mod access;
pub mod refresh;
pub mod signing;
