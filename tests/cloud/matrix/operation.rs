//! What anybody may ask.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    //                                          without a valid token  roles outside keys        void
    line("GET",    "/health",                  "-", "", "+++++++ + ++++ +++ ++++ +++ ++"),
    line("GET",    "/ready",                   "-", "", "+++++++ + ++++ +++ ++++ +++ ++"),
    line("GET",    "/.well-known/jwks.json",   "-", "", "+++++++ + ++++ +++ ++++ +++ ++"),
];
