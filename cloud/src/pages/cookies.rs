//! Cookies (RFC 6265bis): all of them for this host alone, out of reach of scripts and of other sites' requests.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::failure::Failure;
use crate::people::DEVICE_SECONDS;
use crate::server::Server;

/// Whose session it is.
pub const SESSION: &str = "slipway";
/// Which browser it is, also before anybody signs in: what forms are bound to.
pub const VISIT: &str = "slipway-visit";
/// Which browser somebody signed in with before.
pub const DEVICE: &str = "slipway-device";

/// The longest value that is looked at.
const LONGEST: usize = 512;

fn is_secure(server: &Server) -> bool {
    server.config.public_url.starts_with("https://")
}

/// With the prefix that makes browsers refuse it from anywhere but this host over TLS.
fn name(server: &Server, cookie: &str) -> String {
    if is_secure(server) {
        format!("__Host-{cookie}")
    } else {
        cookie.to_owned()
    }
}

/// The value of a cookie. One that came twice is none: one of the two is not ours.
#[must_use]
pub fn get(server: &Server, headers: &HeaderMap, cookie: &str) -> Option<String> {
    let name = name(server, cookie);
    let texts = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut found = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value);
    let value = found.next()?;
    (found.next().is_none() && value.len() <= LONGEST).then(|| value.to_owned())
}

/// Sets a cookie, until the browser is closed or for so many seconds.
///
/// # Errors
/// When the value is no cookie's.
pub fn set(
    server: &Server,
    response: &mut Response,
    cookie: &str,
    value: &str,
    seconds: Option<i64>,
) -> Result<(), Failure> {
    let secure = if is_secure(server) { "; Secure" } else { "" };
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let name = name(server, cookie);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    let text = HeaderValue::from_str(&text)
        .map_err(|_| Failure::Internal(format!("a value that the cookie {name} cannot have")))?;
    response.headers_mut().append(SET_COOKIE, text);
    Ok(())
}

/// Gives a browser by what it is known that somebody signed in with it.
///
/// # Errors
/// None in practice.
pub fn know(server: &Server, response: &mut Response, mark: &str) -> Result<(), Failure> {
    set(server, response, DEVICE, mark, Some(DEVICE_SECONDS))
}

/// Makes the browser forget a cookie.
///
/// # Errors
/// None in practice.
pub fn forget(server: &Server, response: &mut Response, cookie: &str) -> Result<(), Failure> {
    set(server, response, cookie, "", Some(0))
}
