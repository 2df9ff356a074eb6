//! Agents: those of who asks, and those that an organization sees.

use super::{Line, line};

const NEW: &str = r#"{"name":"new-one","title":"New one"}"#;
const TITLE: &str = r#"{"title":"Another"}"#;

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/agents",                                                                "agents:read",   "",         "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("POST",   "/api/v1/agents",                                                                "agents:write",  NEW,        "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}",                                                        "agents:read",   "",         "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("PATCH",  "/api/v1/agents/{agent}",                                                        "agents:write",  TITLE,      "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("DELETE", "/api/v1/agents/{agent}",                                                        "agents:delete", "",         "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}/versions",                                               "agents:read",   "",         "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("GET",    "/api/v1/agents/{agent}/versions/{content_hash}",                                "agents:read",   "",         "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("PUT",    "/api/v1/agents/{agent}/versions/{content_hash}",                                "agents:write",  "@archive", "uuuuuuu s ++++ +++ +f++ fff uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents",                                   "agents:read",   "",         "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("POST",   "/api/v1/organizations/{organization}/agents",                                   "agents:write",  NEW,        "uuuuuuu s +++f nnn +ffn +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:read",   "",         "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:write",  TITLE,      "uuuuuuu s +++f nnn +ffn +fn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/agents/{agent}",                           "agents:delete", "",         "uuuuuuu s ++ff nnn +ffn +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}/versions",                  "agents:read",   "",         "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}",   "agents:read",   "",         "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("PUT",    "/api/v1/organizations/{organization}/agents/{agent}/versions/{content_hash}",   "agents:write",  "@archive", "uuuuuuu s +++f nnn +ffn +fn uu"),
];
