//! What programs ask for before they have a token: whose token they carry makes no difference.

use super::{Line, line};

#[rustfmt::skip]
pub(super) const LINES: &[Line] = &[
    line("GET",    "/.well-known/oauth-authorization-server", "-", "",                                            "+++++++ ++ ++++ + +++ ++++ +++ ++"),
    line("POST",   "/oauth/token",                            "-", "form:client_id=slipway-cli&grant_type=refresh_token&refresh_token=slr_none", "ggggggg gg gggg g ggg gggg ggg gg"),
    line("POST",   "/oauth/device-authorization",             "-", "form:client_id=slipway-cli",                  "+++++++ ++ ++++ + +++ ++++ +++ ++"),
    line("POST",   "/oauth/revoke",                           "-", "form:client_id=slipway-cli&token=slr_none",   "+++++++ ++ ++++ + +++ ++++ +++ ++"),
];
