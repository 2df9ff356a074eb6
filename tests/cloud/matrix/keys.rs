//! API keys. No key makes, rotates or revokes one.

use super::{Line, line};

const NEW: &str = r#"{"name":"Build","scopes":["agents:read"]}"#;

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/keys",                                            "-", "",   "uuuuuuu s ++++ +++ ffff fff uu"),
    line("POST",   "/api/v1/keys",                                            "-", NEW,  "uuuuuuu s ++++ +++ ffff fff uu"),
    line("POST",   "/api/v1/keys/{key}/rotate",                               "-", "{}", "uuuuuuu s ++++ +++ ffff fff uu"),
    line("DELETE", "/api/v1/keys/{key}",                                      "-", "",   "uuuuuuu s ++++ +++ ffff fff uu"),
    line("GET",    "/api/v1/organizations/{organization}/keys",               "-", "",   "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/keys",               "-", NEW,  "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/keys/{key}/rotate",  "-", "{}", "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/keys/{key}",         "-", "",   "uuuuuuu s ++ff nnn fffn ffn uu"),
];
