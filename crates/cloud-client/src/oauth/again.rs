//! A refresh that is asked for again while it does no harm.
//!
//! Nobody knows whether a token whose answer is missing was used. For half a minute the server gives the same
//! answer for it once more; later it would pass for a stolen one.

use std::pin::Pin;
use std::time::Duration;

use http::StatusCode;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use tokio::time::Instant;

use crate::error::CloudError;
use crate::wire::{Wire, retry_after};

/// In which time it is asked for again: somewhat less than the server's, as a request takes its time.
const GRACE: Duration = Duration::from_secs(25);
/// How long one try waits for its answer. Of an answer that does not come nobody says that it is lost, so that all tries
/// with what is [`BETWEEN`] them have to fit.
const PATIENCE: Duration = Duration::from_secs(7);
/// How often it is tried where nobody says when to come back.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_secs(2);
/// The least that is waited, whatever the server says.
const LEAST: Duration = Duration::from_secs(1);

/// The way to a server, for what may be asked for again.
pub(super) struct Again<'w>(pub(super) &'w Wire);

impl<'c> AsyncHttpClient<'c> for Again<'_> {
    type Error = CloudError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CloudError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let begun = Instant::now();
            let mut tries = 1;
            loop {
                let answer = self.0.send_within(PATIENCE, request.clone()).await;
                match pause(&answer, tries, begun.elapsed()) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return self.0.answered(answer?),
                }
                tries += 1;
            }
        })
    }
}

/// How long to wait before it is asked for again; none where this is the answer.
fn pause(
    answer: &Result<HttpResponse, CloudError>,
    tries: u32,
    since: Duration,
) -> Option<Duration> {
    let usual = (tries < TRIES).then_some(BETWEEN);
    let pause = match answer {
        Ok(response) => {
            let told = retry_after(response.headers()).map(|told| told.max(LEAST));
            match response.status() {
                // Nothing was done, so there is no hurry unless the server says when.
                StatusCode::TOO_MANY_REQUESTS => told,
                StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT => told.or(usual),
                _ => None,
            }
        }
        Err(CloudError::Unreachable { sent: true, .. }) => usual,
        Err(_) => None,
    };
    pause.filter(|pause| since.saturating_add(*pause) < GRACE)
}

#[cfg(test)]
mod tests {
    use http::header::RETRY_AFTER;

    use super::*;
    use crate::silence::Silence;

    fn after(status: u16, told: Option<&str>, tries: u32, since: u64) -> Option<u64> {
        let mut response = HttpResponse::new(Vec::new());
        *response.status_mut() = status.try_into().unwrap();
        if let Some(told) = told {
            response
                .headers_mut()
                .insert(RETRY_AFTER, told.parse().unwrap());
        }
        pause(&Ok(response), tries, Duration::from_secs(since)).map(|pause| pause.as_secs())
    }

    #[test]
    fn who_says_when_is_believed_as_long_as_the_grace_lasts() {
        for status in [429, 502, 503, 504] {
            assert_eq!(after(status, Some("3"), 1, 0), Some(3), "{status}");
            assert_eq!(after(status, Some("3"), 9, 21), Some(3), "{status}");
            assert_eq!(after(status, Some("3"), 9, 22), None, "{status}");
            assert_eq!(after(status, Some("600"), 1, 0), None, "{status}");
            let forever = u64::MAX.to_string();
            assert_eq!(after(status, Some(&forever), 1, 1), None, "{status}");
            assert_eq!(after(status, Some("0"), 1, 0), Some(1), "{status}");
        }
    }

    #[test]
    fn who_does_not_is_tried_some_times_where_the_answer_may_be_lost() {
        for status in [502, 503, 504] {
            assert_eq!(after(status, None, 1, 0), Some(2), "{status}");
            assert_eq!(after(status, None, TRIES, 4), None, "{status}");
        }
        for status in [200, 400, 401, 429, 500] {
            assert_eq!(after(status, None, 1, 0), None, "{status}");
        }
        for sent in [true, false] {
            let lost = Err(CloudError::Unreachable {
                server: "a server".to_owned(),
                why: Silence::Late,
                sent,
            });
            assert_eq!(pause(&lost, 1, Duration::ZERO).is_some(), sent);
            assert_eq!(pause(&lost, 1, GRACE), None, "too late");
            let in_time = (TRIES * PATIENCE + (TRIES - 1) * BETWEEN) <= GRACE;
            assert!(in_time, "every try has its answer while the grace lasts");
        }
    }
}
