//! Errors as each provider writes them.

use serde_json::{Value, json};

use super::interface::Interface;
use super::reply::Answer;

/// What is wrong, in no provider's words yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The key is wrong.
    Authentication,
    /// The account has no credit left.
    Quota,
    /// Too many requests.
    RateLimit,
    /// The provider has too much to do.
    Overloaded,
    /// The input is longer than the context window.
    ContextTooLong,
    /// The input breaks the provider's rules.
    Refused,
    /// The model does not know a parameter.
    Unsupported,
    /// There is no such model.
    NotFound,
    /// The provider gave up waiting for the model.
    Timeout,
}

impl Trouble {
    /// The status and body of an answer that tells nothing else.
    pub(super) fn alone(self, interface: Interface) -> (u16, Value) {
        match interface {
            Interface::Chat | Interface::Responses => {
                let (status, ..) = self.openai();
                (status, json!({"error": self.openai_error()}))
            }
            Interface::Anthropic => (self.anthropic().0, self.anthropic_error()),
            // Google does not call that an error.
            Interface::Gemini if self == Self::Refused => (200, blocked()),
            Interface::Gemini => {
                let (status, ..) = self.google();
                (status, json!({"error": self.google_error()}))
            }
        }
    }

    /// The body of a success that turns out to be none.
    pub(super) fn amid_whole(self, interface: Interface) -> Value {
        match interface {
            Interface::Responses => json!({
                "id": "resp_scripted",
                "object": "response",
                "status": "failed",
                "error": self.openai_error(),
                "output": [],
            }),
            other => self.alone(other).1,
        }
    }

    /// A stream that begins to answer, and then breaks off with this.
    pub(super) fn amid_events(self, interface: Interface, answer: &Answer) -> String {
        let begun = interface.events(answer).replace("\r\n", "\n");
        let events: Vec<&str> = begun.split_inclusive("\n\n").collect();
        let mut stream = events[..events.len() / 2].concat();
        stream.push_str(&match interface {
            Interface::Chat => format!("data: {}\n\n", json!({"error": self.openai_error()})),
            Interface::Responses => {
                let mut error = self.openai_error();
                error["type"] = json!("error");
                format!("event: error\ndata: {error}\n\n")
            }
            Interface::Anthropic => format!("event: error\ndata: {}\n\n", self.anthropic_error()),
            Interface::Gemini => format!("data: {}\n\n", self.alone(interface).1),
        });
        stream
    }

    fn openai_error(self) -> Value {
        let (_, kind, code, message) = self.openai();
        json!({"message": message, "type": kind, "param": null, "code": code})
    }

    const fn openai(self) -> (u16, &'static str, Option<&'static str>, &'static str) {
        let invalid = "invalid_request_error";
        match self {
            Self::Authentication => (
                401,
                invalid,
                Some("invalid_api_key"),
                "Incorrect API key provided: sk-scri*****ipt.",
            ),
            Self::Quota => (
                429,
                "insufficient_quota",
                Some("insufficient_quota"),
                "You exceeded your current quota, please check your plan and billing details.",
            ),
            Self::RateLimit => (
                429,
                "requests",
                Some("rate_limit_exceeded"),
                "Rate limit reached for requests.",
            ),
            Self::Overloaded => (
                503,
                "server_error",
                Some("server_error"),
                "The engine is currently overloaded, please try again later.",
            ),
            Self::ContextTooLong => (
                400,
                invalid,
                Some("context_length_exceeded"),
                "Your input exceeds the context window of this model.",
            ),
            Self::Refused => (
                400,
                invalid,
                Some("invalid_prompt"),
                "Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
            ),
            Self::Unsupported => (
                400,
                invalid,
                Some("unsupported_parameter"),
                "Unsupported parameter: 'temperature' is not supported with this model.",
            ),
            Self::NotFound => (
                404,
                invalid,
                Some("model_not_found"),
                "The model does not exist or you do not have access to it.",
            ),
            Self::Timeout => (
                504,
                "server_error",
                Some("timeout"),
                "The request timed out.",
            ),
        }
    }

    fn anthropic_error(self) -> Value {
        let (_, kind, message) = self.anthropic();
        json!({
            "type": "error",
            "error": {"type": kind, "message": message},
            "request_id": "req_scripted",
        })
    }

    const fn anthropic(self) -> (u16, &'static str, &'static str) {
        let invalid = "invalid_request_error";
        match self {
            Self::Authentication => (401, "authentication_error", "invalid x-api-key"),
            Self::Quota => (
                400,
                invalid,
                "Your credit balance is too low to access the Anthropic API.",
            ),
            Self::RateLimit => (
                429,
                "rate_limit_error",
                "This request would exceed your organization's rate limit.",
            ),
            Self::Overloaded => (529, "overloaded_error", "Overloaded"),
            Self::ContextTooLong => (
                400,
                invalid,
                "prompt is too long: 210000 tokens > 200000 maximum",
            ),
            Self::Refused => (400, invalid, "Output blocked by content filtering policy"),
            Self::Unsupported => (400, invalid, "temperature: this model does not take it"),
            Self::NotFound => (404, "not_found_error", "model: claude-of-yesterday"),
            Self::Timeout => (504, "timeout_error", "Request timed out"),
        }
    }

    fn google_error(self) -> Value {
        let (code, status, message) = self.google();
        let reason = match self {
            Self::Authentication => Some("API_KEY_INVALID"),
            Self::Quota => Some("BILLING_DISABLED"),
            _ => None,
        };
        let details: Vec<Value> = reason
            .into_iter()
            .map(|reason| {
                json!({
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": reason,
                    "domain": "googleapis.com",
                })
            })
            .collect();
        json!({"code": code, "message": message, "status": status, "details": details})
    }

    const fn google(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Authentication => (
                400,
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
            ),
            Self::Quota => (
                403,
                "PERMISSION_DENIED",
                "This API method requires billing.",
            ),
            Self::RateLimit => (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
            Self::Overloaded => (503, "UNAVAILABLE", "The model is overloaded."),
            Self::ContextTooLong => (
                400,
                "INVALID_ARGUMENT",
                "The input token count (2551556) exceeds the maximum number of tokens allowed (1048576).",
            ),
            Self::Refused => (200, "", ""),
            Self::Unsupported => (
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"topQ\".",
            ),
            Self::NotFound => (
                404,
                "NOT_FOUND",
                "models/gemini-of-yesterday is not found for API version v1beta.",
            ),
            Self::Timeout => (
                504,
                "DEADLINE_EXCEEDED",
                "Deadline expired before operation could complete.",
            ),
        }
    }
}

/// What Google answers to an input that breaks its rules.
fn blocked() -> Value {
    json!({
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 100, "totalTokenCount": 100},
        "modelVersion": "gemini-scripted",
        "responseId": "scripted-response",
    })
}
