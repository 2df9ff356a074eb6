//! Invitations. The one who is invited is the person without an organization.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/api/v1/organizations/{organization}/invitations",                     "-", "",                                                 "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/invitations",                     "-", r#"{"email":"new@example.com","role":"viewer"}"#, "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("POST",   "/api/v1/organizations/{organization}/invitations/{invitation}/resend", "-", "",                                                 "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("DELETE", "/api/v1/organizations/{organization}/invitations/{invitation}",        "-", "",                                                 "uuuuuuu s ++ff nnn fffn ffn uu"),
    line("GET",    "/api/v1/invitations/{token}",                                          "-", "",                                                 "uuuuuuu s nnnn nn+ ffff fff uu"),
    line("POST",   "/api/v1/invitations/{token}/accept",                                   "-", "",                                                 "uuuuuuu s nnnn nn+ ffff fff uu"),
    line("POST",   "/api/v1/invitations/{token}/decline",                                  "-", "",                                                 "uuuuuuu s nnnn nn+ ffff fff uu"),
];
