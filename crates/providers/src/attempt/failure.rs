//! From what a provider said to an error for the engine: what happened, to what, what to do.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use slipway_agent::ports::model::{Billing, ModelError, ModelErrorKind};
use slipway_contract::Secret;
use slipway_contract::model::ModelRef;

use super::complaint::Complaint;
use super::retry_after::retry_after;
use crate::catalog::LOCAL;

/// Characters of a provider's own words that a message takes over.
const QUOTED: usize = 600;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// A model's answer.
    Model,
    /// Something about the provider, such as its list of models.
    Provider,
}

/// Writes the errors of one model at one place.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    pub(crate) model: ModelRef,
    pub(crate) asks: Asks,
    /// The host, as a person knows it.
    pub(crate) place: String,
    /// What no message may hold.
    pub(crate) secret: Option<Secret>,
    /// What the key is called, where one is sent or could be.
    pub(crate) key_name: Option<String>,
    /// The variable that named the address.
    pub(crate) base_variable: Option<String>,
    /// Whether addresses of what is spoken to in this way mostly end in `/v1`.
    pub(crate) ends_in_v1: bool,
    /// Whether a web page or a 404 may come from a wrong address.
    pub(crate) custom_base: bool,
}

impl Reporter {
    pub(crate) fn error(&self, kind: ModelErrorKind, message: impl Display) -> ModelError {
        ModelError::new(kind, self.clean(&message.to_string()))
    }

    /// The text without the key and without what looks like one.
    pub(crate) fn clean(&self, text: &str) -> String {
        let secrets: Vec<&str> = self
            .secret
            .iter()
            .map(|secret| secret.expose().trim())
            .collect();
        slipway_net::scrub(text, &secrets)
            .split_inclusive(char::is_whitespace)
            .map(|word| {
                // Providers echo keys with stars in the middle, which still tells their ends.
                if word
                    .trim_start_matches(['"', '\'', '(', '`'])
                    .starts_with("sk-")
                {
                    Cow::Borrowed("[secret] ")
                } else {
                    Cow::Borrowed(word)
                }
            })
            .collect()
    }

    /// An answer that is no success.
    pub(crate) fn status(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> ModelError {
        let complaint = Complaint::read(body);
        let kind = complaint
            .kind()
            .filter(|_| status.is_client_error())
            .unwrap_or_else(|| kind_of(status));
        let advice = match complaint.is_about_summaries() {
            true => "Have the organization verified there, or do without summaries: put `dialect = { summaries = false }` for this provider into providers.toml, as docs/models.md shows.".to_owned(),
            false => self.advice(kind, complaint.is_web_page),
        };
        let advice = match status.is_redirection() {
            true => self.redirected(headers),
            false => advice,
        };
        let retry_after = retry_after(headers).or(complaint.retry_after);
        let wait = match retry_after {
            Some(wait) if !wait.is_zero() => {
                format!(" It asks to wait {}.", in_words(wait))
            }
            _ => String::new(),
        };
        let mut error = self.error(
            kind,
            format_args!(
                "{} answered {}{}.{wait} {advice}",
                self.place,
                status_words(status),
                self.quoted(&complaint)
            ),
        );
        error.retry_after = retry_after;
        // What is turned away is not billed; whoever answered with such a status while it waited
        // for the model may be.
        match status.as_u16() {
            408 | 409 | 425 | 499 => error.billed(Billing::Unknown),
            300..=499 => error.billed(Billing::Nothing),
            _ => error.billed(Billing::Unknown),
        }
    }

    /// An error that came inside an answer that had begun as a success.
    pub(crate) fn event(&self, complaint: &Complaint) -> ModelError {
        let kind = complaint.kind().unwrap_or(ModelErrorKind::Overloaded);
        let error = self.error(
            kind,
            format_args!(
                "{} broke off its answer{}. {}",
                self.place,
                self.quoted(complaint),
                self.advice(kind, false)
            ),
        );
        let retry_after = complaint.retry_after;
        ModelError {
            retry_after,
            ..error
        }
        .billed(Billing::Unknown)
    }

    /// The request or the answer broke on its way.
    pub(crate) fn transport(&self, error: reqwest::Error) -> ModelError {
        let error = error.without_url();
        // Without a connection nothing was sent.
        let billing = if error.is_connect() {
            Billing::Nothing
        } else {
            Billing::Unknown
        };
        let cause = root_cause(&error);
        if error.is_timeout() {
            return self
                .error(
                    ModelErrorKind::Timeout,
                    format_args!(
                        "{} could not be reached in time. Check the network.",
                        self.place
                    ),
                )
                .billed(billing);
        }
        let what = if error.is_connect() {
            "could not be connected to"
        } else {
            "broke the connection"
        };
        let advice = match self.base_variable.as_deref() {
            Some(name) if self.custom_base => {
                format!("Check that the server runs and that {name} is right.")
            }
            _ if self.custom_base => {
                "Check that the server runs and that the base URL is right.".to_owned()
            }
            _ => "Check the network, and whether a proxy is in the way.".to_owned(),
        };
        self.error(
            ModelErrorKind::Network,
            format_args!("{} {what} ({cause}). {advice}", self.place),
        )
        .billed(billing)
    }

    /// The answer ended before its end.
    pub(crate) fn cut(&self) -> ModelError {
        self.error(
            ModelErrorKind::Network,
            format_args!(
                "The answer of {} was cut in the middle: the connection ended before the answer did. {}",
                self.place,
                self.further()
            ),
        )
    }

    /// Nothing came for too long.
    pub(crate) fn silence(&self, patience: Duration) -> ModelError {
        self.error(
            ModelErrorKind::Timeout,
            format_args!(
                "{} sent nothing for {} seconds. {}",
                self.place,
                patience.as_secs(),
                self.further()
            ),
        )
    }

    /// What to do where an answer stopped coming, or never came.
    const fn further(&self) -> &'static str {
        if self.custom_base {
            "Try again later; if it stays so, look at that server's own log, and at a proxy before it."
        } else {
            "Try again later; if it stays so, check the network, and whether a proxy is in the way."
        }
    }

    /// The answer does not end within reason.
    pub(crate) fn too_long(&self, what: &str, bytes: usize) -> ModelError {
        self.error(
            ModelErrorKind::AnswerTooLong,
            format_args!(
                "{} of {} is longer than the {} MiB that Slipway takes in. Ask for less, or set model.max_output_tokens.",
                what,
                self.model,
                bytes / (1 << 20)
            ),
        )
    }

    /// A success whose body is a web page.
    pub(crate) fn web_page(&self, body: &[u8]) -> ModelError {
        let complaint = Complaint::read(body);
        // Asked again it would answer so again.
        self.error(
            ModelErrorKind::NotFound,
            format_args!(
                "{} answered with a web page instead of {}{}. {}",
                self.place,
                match self.asks {
                    Asks::Model => "a model's answer",
                    Asks::Provider => "what was asked for",
                },
                self.quoted(&complaint),
                self.advice(ModelErrorKind::Network, true)
            ),
        )
    }

    /// A success whose body cannot be read.
    pub(crate) fn unreadable(&self, why: impl Display, sample: &str) -> ModelError {
        self.error(
            ModelErrorKind::Malformed,
            format_args!(
                "The answer of {} cannot be read: {why}. It begins with {:?}.",
                self.place,
                shortened(&self.clean(sample), 120)
            ),
        )
    }

    /// The provider's own words, cleaned before they are cut: half a key is one too.
    fn quoted(&self, complaint: &Complaint) -> String {
        let said = self.clean(&complaint.message);
        let said = said.trim().trim_end_matches('.');
        if said.is_empty() {
            String::new()
        } else {
            format!(": {}", shortened(said, QUOTED))
        }
    }

    /// Where a redirect leads is not followed: a key and a conversation go where the person said.
    fn redirected(&self, headers: &HeaderMap) -> String {
        let to = headers
            .get(LOCATION)
            .and_then(|to| to.to_str().ok())
            .map(|to| shortened(to.split(['?', '#']).next().unwrap_or_default(), 200))
            .filter(|to| !to.is_empty());
        let to = to.map_or_else(String::new, |to| format!(" to {to}"));
        let check = match self.custom_base {
            true => format!("Check {}", self.address()),
            false => "A proxy or a log-in page seems to be in the way".to_owned(),
        };
        format!("It redirects{to}, and Slipway follows no redirect. {check}.")
    }

    /// What names the address, for a person who may have to mend it.
    fn address(&self) -> String {
        match self.base_variable.as_deref() {
            None => "the base URL".to_owned(),
            Some(name) if self.ends_in_v1 => format!("{name} (most end in /v1)"),
            Some(name) => name.to_owned(),
        }
    }

    fn advice(&self, kind: ModelErrorKind, web_page: bool) -> String {
        if web_page {
            return if self.custom_base {
                format!(
                    "Check {}, and whether a proxy or a log-in page is in the way.",
                    self.address()
                )
            } else {
                "A proxy or a log-in page seems to be in the way.".to_owned()
            };
        }
        match kind {
            ModelErrorKind::Authentication => match (&self.key_name, &self.secret) {
                (Some(name), Some(_)) => match self.asks {
                    Asks::Model => {
                        format!("Check that the key in {name} is right and may use {}.", self.model)
                    }
                    Asks::Provider => format!("Check that the key in {name} is right."),
                },
                (Some(name), None) => format!("It wants a key: slipway secrets set {name}"),
                (None, _) if self.model.provider == LOCAL => "It wants a key, and no key is sent to servers of this machine unasked: name it in providers.toml as a provider of your own, with its base_url and `keys`.".to_owned(),
                (None, _) => format!(
                    "It wants a key: give {} `keys` in providers.toml, and set one of them with `slipway secrets set`.",
                    self.model.provider
                ),
            },
            ModelErrorKind::Quota => {
                "Add credit to the account or raise its spending limit with the provider.".to_owned()
            }
            ModelErrorKind::RateLimit => {
                "Wait, make fewer calls at once, or raise the account's limit with the provider.".to_owned()
            }
            ModelErrorKind::ContextTooLong => {
                "Give the model less at once, or choose one with a larger context window.".to_owned()
            }
            ModelErrorKind::Refused => "Change the input, or choose another model.".to_owned(),
            ModelErrorKind::NotFound if self.asks == Asks::Provider => format!(
                "Check that {} is right.",
                if self.custom_base { self.address() } else { "its address".to_owned() }
            ),
            ModelErrorKind::NotFound if self.custom_base => format!(
                "Check that this server has the model {:?}, and that {} is right.",
                self.model.model,
                self.address()
            ),
            ModelErrorKind::NotFound => {
                "Check the model's name; `slipway models` lists those that are known.".to_owned()
            }
            ModelErrorKind::Unsupported => {
                "Change what agent.toml asks of the model, or choose another one.".to_owned()
            }
            _ => "Try again later.".to_owned(),
        }
    }
}

fn kind_of(status: StatusCode) -> ModelErrorKind {
    match status.as_u16() {
        401 | 403 | 407 => ModelErrorKind::Authentication,
        402 => ModelErrorKind::Quota,
        404 | 410 => ModelErrorKind::NotFound,
        408 | 504 => ModelErrorKind::Timeout,
        413 => ModelErrorKind::ContextTooLong,
        429 => ModelErrorKind::RateLimit,
        501 => ModelErrorKind::Unsupported,
        409 | 425 | 500.. => ModelErrorKind::Overloaded,
        300..=399 => ModelErrorKind::NotFound,
        _ => ModelErrorKind::Unsupported,
    }
}

/// A time to wait, as people say it; never shorter than it is.
fn in_words(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let of =
        |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match seconds {
        0..=119 => of(seconds, "second"),
        120..=7_199 => of(seconds.div_ceil(60), "minute"),
        _ => of(seconds.div_ceil(3_600), "hour"),
    }
}

fn status_words(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

fn shortened(text: &str, most: usize) -> String {
    let mut short: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(most)
        .collect();
    if short.len() < text.len() && text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    shortened(&cause.to_string(), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reporter(custom_base: bool) -> Reporter {
        Reporter {
            model: "groq/x".parse().unwrap(),
            asks: Asks::Model,
            place: "Groq".to_owned(),
            secret: None,
            key_name: Some("GROQ_API_KEY".to_owned()),
            base_variable: custom_base.then(|| "GROQ_BASE_URL".to_owned()),
            ends_in_v1: true,
            custom_base,
        }
    }

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn a_redirect_and_a_web_page_are_not_tried_again() {
        let to = headers("location", "https://login.example.com/start?token=hunter2");
        let error = reporter(true).status(StatusCode::FOUND, &to, b"");
        assert!(!error.kind.is_transient(), "{error:?}");
        assert!(
            error.message.contains("https://login.example.com/start"),
            "{error}"
        );
        assert!(error.message.contains("GROQ_BASE_URL"), "{error}");
        assert!(!error.message.contains("hunter2"), "{error}");
        assert_eq!(error.billing, Billing::Nothing);
        let page = reporter(false).web_page(b"<html><title>Log in</title>");
        assert!(!page.kind.is_transient(), "{page:?}");
        let gateway = reporter(false).status(
            StatusCode::BAD_GATEWAY,
            &HeaderMap::new(),
            b"<html><title>502 Bad Gateway</title>",
        );
        assert!(
            gateway.kind.is_transient(),
            "a gateway gets well again: {gateway:?}"
        );
    }

    #[test]
    fn how_long_to_wait_is_said() {
        let limited = StatusCode::TOO_MANY_REQUESTS;
        for (value, said) in [
            ("1", "wait 1 second."),
            ("0.2", "wait 1 second."),
            ("90", "wait 90 seconds."),
            ("121", "wait 3 minutes."),
            ("86400", "wait 24 hours."),
        ] {
            let error = reporter(false).status(limited, &headers("retry-after", value), b"");
            assert!(error.message.contains(said), "{value}: {error}");
            assert!(error.retry_after.is_some());
        }
        let error = reporter(false).status(limited, &headers("retry-after", "0"), b"");
        assert!(!error.message.contains("asks to wait"), "{error}");
    }

    #[test]
    fn advice_names_what_is_the_providers_own() {
        let wanted = reporter(true).status(StatusCode::UNAUTHORIZED, &HeaderMap::new(), b"");
        assert!(
            wanted.message.contains("slipway secrets set GROQ_API_KEY"),
            "{wanted}"
        );
        let keyless = Reporter {
            key_name: None,
            ..reporter(true)
        };
        let wanted = keyless.status(StatusCode::UNAUTHORIZED, &HeaderMap::new(), b"");
        assert!(!wanted.message.contains("OPENAI"), "{wanted}");
        assert!(
            wanted.message.contains("groq `keys` in providers.toml"),
            "{wanted}"
        );
    }
}
