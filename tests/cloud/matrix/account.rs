//! The account of who asks.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/account",              "account:read", "",                  "uuuuuuu s ++++ +++ +f++ nfn uu"),
    line("PATCH",  "/api/v1/account",              "-",            r#"{"name":"Ada"}"#, "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/account/audit-events", "audit:read",   "",                  "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("GET",    "/api/v1/account/sessions",           "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/sessions",           "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/sessions/{session}", "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/account/second-factor",      "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/account/passkeys",           "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("PATCH",  "/api/v1/account/passkeys/{passkey}", "-", r#"{"name":"Key"}"#, "uuuuuuu s ++++ +++ ffff fff uu"),
    line("DELETE", "/api/v1/account/passkeys/{passkey}", "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("POST",   "/api/v1/account/recovery-codes",     "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("POST",   "/api/v1/account/totp",               "-", "",                  "uuuuuuu s ++++ +++ ffff fff uu"),
    // Nobody here has begun to add an app.
    line("POST",   "/api/v1/account/totp/confirm",       "-", r#"{"code":"123456"}"#, "uuuuuuu s nnnn nnn ffff fff uu"),
    line("DELETE", "/api/v1/account/totp",               "-", "",                  "uuuuuuu s nnnn nnn ffff fff uu"),
];
