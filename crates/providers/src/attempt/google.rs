//! Errors in Google's form: a canonical code in `status` (`google.rpc.Code`), and details by type
//! (`google.rpc.ErrorInfo`, `QuotaFailure`, `RetryInfo`).

use std::time::Duration;

use serde_json::Value;
use slipway_agent::ports::model::ModelErrorKind;

/// What kind of failure an error names; none when it is not in this form.
pub(super) fn kind(error: &Value) -> Option<ModelErrorKind> {
    let status = error.get("status")?.as_str()?;
    let reason = detail(error, "ErrorInfo")
        .and_then(|info| info.get("reason")?.as_str())
        .unwrap_or_default();
    let said = error.get("message").and_then(Value::as_str);
    let said = |words: &str| said.is_some_and(|said| said.contains(words));
    Some(match (status, reason) {
        (_, "BILLING_DISABLED") => ModelErrorKind::Quota,
        (_, reason) if reason.starts_with("API_KEY_") => ModelErrorKind::Authentication,
        (
            // The last one is what an account gets where the API is not offered.
            "UNAUTHENTICATED" | "PERMISSION_DENIED" | "FAILED_PRECONDITION",
            _,
        ) => ModelErrorKind::Authentication,
        // For these two Google has no code beside the words.
        ("INVALID_ARGUMENT", _) if said("input token count") => ModelErrorKind::ContextTooLong,
        ("RESOURCE_EXHAUSTED", _) if said("credits are depleted") => ModelErrorKind::Quota,
        ("RESOURCE_EXHAUSTED", _) if is_spent(error) => ModelErrorKind::Quota,
        ("RESOURCE_EXHAUSTED", _) => ModelErrorKind::RateLimit,
        ("INVALID_ARGUMENT" | "OUT_OF_RANGE" | "UNIMPLEMENTED", _) => ModelErrorKind::Unsupported,
        ("NOT_FOUND", _) => ModelErrorKind::NotFound,
        ("DEADLINE_EXCEEDED", _) => ModelErrorKind::Timeout,
        ("UNAVAILABLE" | "INTERNAL" | "UNKNOWN" | "ABORTED" | "CANCELLED" | "DATA_LOSS", _) => {
            ModelErrorKind::Overloaded
        }
        _ => return None,
    })
}

/// How long the provider wants us to wait.
pub(super) fn retry_after(error: &Value) -> Option<Duration> {
    let delay = detail(error, "RetryInfo")?.get("retryDelay")?.as_str()?;
    let seconds = delay.strip_suffix('s')?.parse::<f64>().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Whether waiting a little does not help: a day's quota is used up, or there is none.
fn is_spent(error: &Value) -> bool {
    let violations =
        detail(error, "QuotaFailure").and_then(|failure| failure.get("violations")?.as_array());
    violations.into_iter().flatten().any(|violation| {
        let field = |name: &str| {
            let value = violation.get(name).and_then(Value::as_str);
            value.unwrap_or_default()
        };
        field("quotaId").contains("PerDay") || field("quotaValue") == "0"
    })
}

/// The first detail of this type.
fn detail<'a>(error: &'a Value, name: &str) -> Option<&'a Value> {
    let details = error.get("details")?.as_array()?;
    details.iter().find(|detail| {
        let kind = detail.get("@type").and_then(Value::as_str);
        kind.and_then(|kind| kind.rsplit('.').next()) == Some(name)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limited(violation: &Value) -> Value {
        json!({
            "code": 429,
            "message": "You exceeded your current quota.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.4s"},
            ],
        })
    }

    #[test]
    fn a_minutes_limit_passes_and_a_days_does_not() {
        let minute = limited(&json!({"quotaId": "GenerateRequestsPerMinutePerProjectPerModel"}));
        assert_eq!(kind(&minute), Some(ModelErrorKind::RateLimit));
        assert_eq!(retry_after(&minute), Some(Duration::from_millis(34_400)));
        for spent in [
            json!({"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}),
            json!({"quotaId": "GenerateRequestsPerMinutePerProjectPerModel", "quotaValue": "0"}),
        ] {
            assert_eq!(kind(&limited(&spent)), Some(ModelErrorKind::Quota));
        }
    }

    #[test]
    fn nonsense_says_nothing() {
        for error in [
            json!({}),
            json!({"status": 7}),
            json!({"status": "error"}),
            json!([1]),
        ] {
            assert_eq!(kind(&error), None, "{error}");
        }
        for delay in ["", "s", "-1s", "NaNs", "1e400s", "7", "soon"] {
            let info = json!([{"@type": "x/google.rpc.RetryInfo", "retryDelay": delay}]);
            assert_eq!(retry_after(&json!({"details": info})), None, "{delay:?}");
        }
    }
}
