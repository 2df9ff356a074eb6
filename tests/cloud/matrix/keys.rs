//! API keys. No key makes, rotates or revokes one.

use super::{Line, line};

const NEW: &str = r#"{"name":"Build","scopes":["agents:read"]}"#;

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/keys",                                            "-", "",   "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("POST",   "/api/v1/keys",                                            "-", NEW,  "uuuuuuu ss ++++ r +++ ffff fff uu"),
    line("POST",   "/api/v1/keys/{key}/rotate",                               "-", "{}", "uuuuuuu ss ++++ r +++ ffff fff uu"),
    line("DELETE", "/api/v1/keys/{key}",                                      "-", "",   "uuuuuuu ss ++++ + +++ ffff fff uu"),
    line("GET",    "/api/v1/organizations/{organization}/keys",               "-", "",   "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/keys",               "-", NEW,  "uuuuuuu ss ++ff r nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/keys/{key}/rotate",  "-", "{}", "uuuuuuu ss ++ff r nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/keys/{key}",         "-", "",   "uuuuuuu ss ++ff + nnn fffn ffn uu"),
];
