//! Agents: those of who asks, and those that an organization sees.

use super::{Line, line};

const NEW: &str = r#"{"name":"new-one","title":"New one"}"#;
const TITLE: &str = r#"{"title":"Another"}"#;

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/agents",                                                                "agents:read",   "",         "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("POST",   "/api/v1/agents",                                                                "agents:write",  NEW,        "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}",                                                        "agents:read",   "",         "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("PATCH",  "/api/v1/agents/{agent}",                                                        "agents:write",  TITLE,      "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("DELETE", "/api/v1/agents/{agent}",                                                        "agents:delete", "",         "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}/versions",                                               "agents:read",   "",         "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}/versions/{content_hash}",                                "agents:read",   "",         "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("PUT",    "/api/v1/agents/{agent}/versions/{content_hash}",                                "agents:write",  "@archive", "uuuuuuu ss ++++ + +++ +f++ fff uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents",                                   "agents:read",   "",         "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("POST",   "/api/v1/organizations/{organization}/agents",                                   "agents:write",  NEW,        "uuuuuuu ss +++f + nnn +ffn +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:read",   "",         "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:write",  TITLE,      "uuuuuuu ss +++f + nnn +ffn +fn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:delete", "",         "uuuuuuu ss ++ff + nnn +ffn +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}/versions",                  "agents:read",   "",         "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}",   "agents:read",   "",         "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("PUT",    "/api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}",   "agents:write",  "@archive", "uuuuuuu ss +++f + nnn +ffn +fn uu"),
];
