//! The account of who asks.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/account",              "account:read", "",                  "uuuuuuu ss ++++ + +++ +f++ nfn uu"),
    line("PATCH",  "/api/v1/account",              "-",            r#"{"name":"Ada"}"#, "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("GET",    "/api/v1/account/audit-events", "audit:read",   "",                  "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("GET",    "/api/v1/account/sessions",           "-", "",                  "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/sessions",           "-", "",                  "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/sessions/{session}", "-", "",                  "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("GET",    "/api/v1/account/second-factor",      "-", "",                  "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("GET",    "/api/v1/account/passkeys",           "-", "",                  "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("PATCH",  "/api/v1/account/passkeys/{passkey}", "-", r#"{"name":"Key"}"#, "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/passkeys/{passkey}", "-", "",                  "uuuuuuu ss ++++ r +++ ffff fff uu"),
    line("POST",   "/api/v1/account/recovery-codes",     "-", "",                  "uuuuuuu ss ++++ r +++ ffff fff uu"),
    line("POST",   "/api/v1/account/totp",               "-", "",                  "uuuuuuu ss ++++ r +++ ffff fff uu"),
    // Nobody here has begun to add an app.
    line("POST",   "/api/v1/account/totp/confirm",       "-", r#"{"code":"123456"}"#, "uuuuuuu ss nnnn r nnn ffff fff uu"),
    line("DELETE", "/api/v1/account/totp",               "-", "",                  "uuuuuuu ss nnnn r nnn ffff fff uu"),
];
