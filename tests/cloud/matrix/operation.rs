//! What anybody may ask.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    // No valid token, suspended, roles, an owner of long ago, outside, keys of people, keys of organizations, void.
    line("GET",    "/health",                  "-", "", "+++++++ ++ ++++ + +++ ++++ +++ ++"),
    line("GET",    "/ready",                   "-", "", "+++++++ ++ ++++ + +++ ++++ +++ ++"),
    line("GET",    "/.well-known/jwks.json",   "-", "", "+++++++ ++ ++++ + +++ ++++ +++ ++"),
];
