//! Invitations. The one who is invited is the person without an organization.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations/{organization}/invitations",                     "-", "",                                                 "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/invitations",                     "-", r#"{"email":"new@example.com","role":"viewer"}"#, "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/invitations/{invitation}/resend", "-", "",                                                 "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/invitations/{invitation}",        "-", "",                                                 "uuuuuuu ss ++ff + nnn fffn ffn uu"),
    line("GET",    "/api/v1/invitations/{token}",                                          "-", "",                                                 "uuuuuuu ss nnnn n nn+ ffff fff uu"),
    line("POST",   "/api/v1/invitations/{token}/accept",                                   "-", "",                                                 "uuuuuuu ss nnnn n nn+ ffff fff uu"),
    line("POST",   "/api/v1/invitations/{token}/decline",                                  "-", "",                                                 "uuuuuuu ss nnnn n nn+ ffff fff uu"),
];
