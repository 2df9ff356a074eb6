//! What is to go: it says since when it should not be used (`Deprecation`, RFC 9745) and when it is gone (`Sunset`,
//! RFC 8594).

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Since when an endpoint should not be used, and until when it is there: a year later or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Deprecation {
    /// Says so in an answer.
    pub fn tell(self, response: &mut Response) {
        let since = format!("@{}", self.since.as_second());
        let until = self.until.to_zoned(TimeZone::UTC);
        let until = until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        for (name, text) in [(DEPRECATION, since), (SUNSET, until)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}
