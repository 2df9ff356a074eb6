//! Organizations, by docs/permissions.md.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations",                               "organizations:read", "",                    "uuuuuuu s ++++ +++ +f++ +f+ uu"),
    line("POST",   "/api/v1/organizations",                               "-",                  r#"{"name":"New"}"#,   "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/organizations/{organization}",                "organizations:read", "",                    "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}",                "-",                  r#"{"name":"Other"}"#, "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}",                "-",                  "",                    "uuuuuuu s +fff nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/leave",          "-",                  "",                    "uuuuuuu s l+++ nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/transfer",       "-",                  r#"{"to":"{member}"}"#, "uuuuuuu s +fff nnn fffn ffn uu"),
    line("GET",    "/api/v1/organizations/{organization}/audit-events",   "audit:read",         "",                    "uuuuuuu s ++ff nnn +ffn +fn uu"),
];
