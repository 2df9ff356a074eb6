//! Members. The one that is acted on is a member.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations/{organization}/members",           "members:read", "",                     "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("GET",    "/api/v1/organizations/{organization}/members/{account}", "members:read", "",                     "uuuuuuu ss ++++ + nnn +f+n +fn uu"),
    line("PATCH",  "/api/v1/organizations/{organization}/members/{account}", "-",            r#"{"role":"viewer"}"#, "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/members/{account}", "-",            "",                     "uuuuuuu ss ++ff + nnn fffn ffn uu"),
];
