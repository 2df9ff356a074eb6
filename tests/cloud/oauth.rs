//! Programs that sign in, through the pages and endpoints that real ones use.

mod code;
mod consent;
mod device;
mod interleavings;
mod pages;
mod refresh;
mod revoke;
mod sweep;

const PASSWORD: &str = "a hull on its slope";
const ANNA: &str = "anna@example.com";
