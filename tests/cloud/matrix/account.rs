//! The account of who asks.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/account",              "account:read", "",                  "uuuuuuu s ++++ +++ +f++ nfn uu"),
    line("PATCH",  "/api/v1/account",              "-",            r#"{"name":"Ada"}"#, "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/account/audit-events", "audit:read",   "",                  "uuuuuuu s ++++ +++ +f++ fff uu"),
];
