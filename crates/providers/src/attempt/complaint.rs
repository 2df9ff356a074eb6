//! The forms in which providers and servers write their errors.

use std::time::Duration;

use serde_json::Value;
use slipway_agent::ports::model::ModelErrorKind;

use super::google;

/// What a provider says went wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Complaint {
    pub(crate) message: String,
    pub(crate) is_web_page: bool,
    /// How long the provider wants us to wait, where the body says it.
    pub(crate) retry_after: Option<Duration>,
    google: Option<ModelErrorKind>,
    code: String,
    kind: String,
    param: String,
}

impl Complaint {
    /// Reads an error's body: JSON in one of the usual forms, a web page, or plain text.
    pub(crate) fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            return Self::of(&value);
        }
        if is_web_page(&text) {
            return Self {
                message: title(&text),
                is_web_page: true,
                ..Self::default()
            };
        }
        Self {
            message: text.trim().to_owned(),
            ..Self::default()
        }
    }

    /// Reads an error that is JSON: the value itself, or what stands under `error` in it.
    pub(crate) fn of(value: &Value) -> Self {
        // Google writes a stream that is no SSE as a list, also when it holds nothing but an error.
        let value = value
            .as_array()
            .and_then(|list| list.first())
            .unwrap_or(value);
        let inner = value
            .get("error")
            .filter(|inner| !inner.is_null())
            .unwrap_or(value);
        if let Value::String(message) = inner {
            return Self {
                message: message.clone(),
                ..Self::default()
            };
        }
        let field = |name: &str| match inner.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let mut message = field("message");
        if message.is_empty() {
            message = match inner.get("detail") {
                Some(Value::String(detail)) => detail.clone(),
                Some(detail) => detail.to_string(),
                None => inner.to_string(),
            };
        }
        Self {
            message,
            is_web_page: false,
            retry_after: google::retry_after(inner),
            google: google::kind(inner),
            code: match field("code") {
                code if code.is_empty() => detail(inner),
                code => code,
            },
            kind: field("type"),
            param: field("param"),
        }
    }

    /// Whether summaries of reasoning are what is refused.
    pub(crate) fn is_about_summaries(&self) -> bool {
        self.param == "reasoning.summary"
    }

    /// What kind of failure its code and type name; none when they say nothing that is known.
    pub(crate) fn kind(&self) -> Option<ModelErrorKind> {
        self.google
            .or_else(|| {
                [&self.code, &self.kind]
                    .into_iter()
                    .find_map(|word| known(word))
            })
            // vLLM names the parameter only.
            .or_else(|| (self.param == "input_tokens").then_some(ModelErrorKind::ContextTooLong))
            .or_else(|| self.anthropic())
    }

    /// Anthropic has one type for all that is wrong with a request, and tells the rest in words.
    fn anthropic(&self) -> Option<ModelErrorKind> {
        let said = self.message.to_ascii_lowercase();
        let says = |words: &str| said.contains(words);
        if self.kind != "invalid_request_error" {
            None
        } else if says("credit balance is too low")
            || says("reached your specified api usage limits")
        {
            Some(ModelErrorKind::Quota)
        } else if says("prompt is too long") || says("exceed context limit") {
            Some(ModelErrorKind::ContextTooLong)
        } else if says("blocked by content filtering policy") {
            Some(ModelErrorKind::Refused)
        } else {
            None
        }
    }
}

/// Anthropic's word for what is behind a type of error.
fn detail(error: &Value) -> String {
    let code = error
        .get("details")
        .and_then(|details| details.get("error_code"));
    code.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn known(word: &str) -> Option<ModelErrorKind> {
    Some(match word {
        "invalid_api_key"
        | "authentication_error"
        | "permission_denied"
        | "permission_error"
        | "unsupported_country_region_territory"
        | "401"
        | "403" => ModelErrorKind::Authentication,
        "insufficient_quota"
        | "billing_hard_limit_reached"
        | "billing_not_active"
        | "account_deactivated"
        | "billing_error"
        | "contract_spend_limit_reached"
        | "enforced_spend_limit_reached"
        | "linked_organization_spend_limit_reached"
        | "linked_organization_billing_unavailable"
        | "organization_on_hold"
        | "402" => ModelErrorKind::Quota,
        "rate_limit_exceeded" | "rate_limit_error" | "tokens" | "requests" | "429" => {
            ModelErrorKind::RateLimit
        }
        "server_error"
        | "internal_error"
        | "api_error"
        | "overloaded_error"
        | "service_unavailable"
        | "vector_store_timeout"
        | "500"
        | "502"
        | "503"
        | "529" => ModelErrorKind::Overloaded,
        "timeout" | "timeout_error" | "408" | "504" => ModelErrorKind::Timeout,
        "context_length_exceeded"
        | "exceed_context_size_error"
        | "string_above_max_length"
        | "request_too_large" => ModelErrorKind::ContextTooLong,
        "content_filter"
        | "content_policy_violation"
        | "invalid_prompt"
        | "cyber_policy_violation"
        | "bio_policy_violation" => ModelErrorKind::Refused,
        "model_not_found" | "not_found_error" | "404" => ModelErrorKind::NotFound,
        "unsupported_parameter" | "unsupported_value" | "unsupported_model" => {
            ModelErrorKind::Unsupported
        }
        _ => return None,
    })
}

/// Whether a text is HTML.
pub(crate) fn is_web_page(text: &str) -> bool {
    let start: String = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .chars()
        .take(32)
        .collect::<String>()
        .to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<?xml"]
        .iter()
        .any(|opening| start.starts_with(opening))
}

fn title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|from| {
        let start = from + lower[from..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        page.get(start..end)
    });
    title
        .map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|title| !title.is_empty())
        .map_or_else(String::new, |title| format!("a page titled {title:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        for (body, message, kind) in [
            (
                r#"{"error":{"message":"Too much.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#,
                "Too much.",
                Some(ModelErrorKind::RateLimit),
            ),
            (
                r#"{"error":"model 'x' not found"}"#,
                "model 'x' not found",
                None,
            ),
            (
                r#"{"object":"error","message":"too long","type":"BadRequestError","param":"input_tokens","code":400}"#,
                "too long",
                Some(ModelErrorKind::ContextTooLong),
            ),
            (
                r#"{"error":{"code":400,"message":"too long","type":"exceed_context_size_error","n_ctx":4096}}"#,
                "too long",
                Some(ModelErrorKind::ContextTooLong),
            ),
            (
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
                "prompt is too long: 210000 tokens > 200000 maximum",
                Some(ModelErrorKind::ContextTooLong),
            ),
            (
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"#,
                "Your credit balance is too low to access the Anthropic API.",
                Some(ModelErrorKind::Quota),
            ),
            (
                r#"{"type":"error","error":{"type":"rate_limit_error","message":"The monthly limit is reached.","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
                "The monthly limit is reached.",
                Some(ModelErrorKind::Quota),
            ),
            (
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too large"}}"#,
                "max_tokens: too large",
                None,
            ),
            (r#"{"detail":"Not Found"}"#, "Not Found", None),
            ("upstream timed out\n", "upstream timed out", None),
            ("", "", None),
            ("null", "null", None),
            (r#"{"error":null,"message":"m"}"#, "m", None),
        ] {
            let complaint = Complaint::read(body.as_bytes());
            assert_eq!(complaint.message, message, "{body}");
            assert_eq!(complaint.kind(), kind, "{body}");
            assert!(!complaint.is_web_page, "{body}");
        }
    }

    #[test]
    fn a_web_page_is_told_by_its_title() {
        for page in [
            "\u{feff} <!DOCTYPE html><html><head><title>Log\n in</title></head>",
            "<HTML><TITLE class=x>Log in</TITLE>",
        ] {
            let complaint = Complaint::read(page.as_bytes());
            assert!(complaint.is_web_page);
            assert_eq!(complaint.message, "a page titled \"Log in\"");
        }
        let complaint = Complaint::read(b"<html><title>never closed");
        assert!(complaint.is_web_page && complaint.message.is_empty());
    }
}
