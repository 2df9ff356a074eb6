//! When to try a model call again.

use std::time::Duration;

use crate::ports::model::ModelError;
use crate::ports::random::Random;

/// How often one model call is tried.
pub(super) const ATTEMPTS: u32 = 4;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// A provider that wants us to wait longer than this ends the run instead: a person should know.
const PATIENCE: Duration = Duration::from_secs(300);

/// The wait before the next attempt, or none when there is none: exponential with full jitter,
/// and never sooner than the provider asked.
pub(super) fn delay(error: &ModelError, attempt: u32, random: &dyn Random) -> Option<Duration> {
    if !error.kind.is_transient() || attempt >= ATTEMPTS {
        return None;
    }
    let ceiling = FIRST
        .saturating_mul(2_u32.saturating_pow(attempt - 1))
        .min(LONGEST);
    let jittered = ceiling.mul_f64(0.5 + random.fraction() / 2.0);
    match error.retry_after {
        Some(wanted) if wanted > PATIENCE => None,
        Some(wanted) => Some(wanted.max(jittered)),
        None => Some(jittered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::model::ModelErrorKind;

    struct Half;
    impl Random for Half {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0x7f);
        }
    }

    #[test]
    fn waits_grow_and_honour_the_provider() {
        let mut error = ModelError::new(ModelErrorKind::RateLimit, "slow down");
        let waits: Vec<_> = (1..=ATTEMPTS)
            .map(|attempt| delay(&error, attempt, &Half))
            .collect();
        assert!(waits[0] < waits[1] && waits[1] < waits[2], "{waits:?}");
        assert_eq!(
            waits[3], None,
            "the last attempt is not followed by another"
        );
        error.retry_after = Some(Duration::from_secs(7));
        assert_eq!(delay(&error, 1, &Half), Some(Duration::from_secs(7)));
        error.retry_after = Some(Duration::from_secs(3600));
        assert_eq!(
            delay(&error, 1, &Half),
            None,
            "nobody waits an hour unasked"
        );
    }

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        let error = ModelError::new(ModelErrorKind::Authentication, "wrong key");
        assert_eq!(delay(&error, 1, &Half), None);
    }
}
