//! Organizations, by docs/permissions.md.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations",                               "organizations:read", "",                    "uuuuuuu ss ++++ + +++ +f++ +f+ uu"),
    line("POST",   "/api/v1/organizations",                               "-",                  r#"{"name":"New"}"#,   "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("GET",    "/api/v1/organizations/{organization}",                "organizations:read", "",                    "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}",                "-",                  r#"{"name":"Other"}"#, "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}",                "-",                  "",                    "uuuuuuu ss +fff r nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/leave",          "-",                  "",                    "uuuuuuu ss l+++ l nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/transfer",       "-",                  r#"{"to":"{member}"}"#, "uuuuuuu ss +fff r nnn fffn ffn uu"),
    line("GET",    "/api/v1/organizations/{organization}/audit-events",   "audit:read",         "",                    "uuuuuuu ss ++ff + nnn +ffn +fn uu"),
];
