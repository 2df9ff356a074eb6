//! Members. The one that is acted on is a member.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations/{organization}/members",           "members:read", "",                     "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/members/{account}", "members:read", "",                     "uuuuuuu s ++++ nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}/members/{account}", "-",            r#"{"role":"viewer"}"#, "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/members/{account}", "-",            "",                     "uuuuuuu s ++ff nnn fffn ffn uu"),
];
