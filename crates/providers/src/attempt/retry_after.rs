//! How long a provider wants us to wait.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use jiff::fmt::rfc2822::DateTimeParser;

/// What the headers say: milliseconds in `retry-after-ms`, or `Retry-After` in seconds or as a
/// date (RFC 9110, 10.2.3). A date counts from the answer's own `Date`, since the two clocks may
/// differ; without one it says nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |value: &http::HeaderValue| value.to_str().ok().map(|text| text.trim().to_owned());
    if let Some(ms) = headers.get("retry-after-ms").and_then(text)
        && let Some(wait) =
            seconds(&ms).and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok())
    {
        return Some(wait);
    }
    let wanted = headers.get(RETRY_AFTER).and_then(text)?;
    if let Some(seconds) = seconds(&wanted) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date(&wanted)?;
    let now = http_date(&headers.get(DATE).and_then(text)?)?;
    Some(Duration::from_secs(
        u64::try_from(until.as_second() - now.as_second()).unwrap_or(0),
    ))
}

fn seconds(text: &str) -> Option<f64> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| seconds.is_finite())
}

fn http_date(text: &str) -> Option<jiff::Timestamp> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        retry_after(&headers)
    }

    #[test]
    fn seconds_milliseconds_and_dates_are_understood() {
        let date = ("date", "Sun, 22 Nov 2026 08:00:00 GMT");
        for (headers, expected) in [
            (vec![("retry-after", "7")], Some(7_000)),
            (vec![("retry-after", " 0.5 ")], Some(500)),
            (
                vec![("retry-after-ms", "250"), ("retry-after", "7")],
                Some(250),
            ),
            (
                vec![("retry-after-ms", "soon"), ("retry-after", "7")],
                Some(7_000),
            ),
            (
                vec![date, ("retry-after", "Sun, 22 Nov 2026 08:01:30 GMT")],
                Some(90_000),
            ),
            (
                vec![date, ("retry-after", "Sun, 22 Nov 2026 07:00:00 GMT")],
                Some(0),
            ),
        ] {
            let expected = expected.map(Duration::from_millis);
            assert_eq!(wait(&headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn nonsense_says_nothing() {
        for value in ["", "-1", "NaN", "inf", "1e400", "tomorrow", "99 bottles"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value:?}");
        }
        let date = "Sun, 22 Nov 2026 08:01:30 GMT";
        assert_eq!(
            wait(&[("retry-after", date)]),
            None,
            "a date without a Date to count from"
        );
        assert_eq!(wait(&[]), None);
    }
}
