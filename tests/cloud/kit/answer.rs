//! A request and what came back.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;
use slipway_contract::cloud::{Problem, ProblemCode};

use super::Person;

/// Words that are in traces, in messages of libraries, in SQL and in paths, and in no answer.
const INSIDE: &[&str] = &[
    "panicked",
    "backtrace",
    "sqlx::",
    "returned from database",
    "sea_orm",
    "select ",
    "insert into",
    "constraint",
    "/src/",
    ".rs:",
    "/tmp/",
    "/home/",
    "/root/",
];

/// A request that is being put together.
pub struct Ask(reqwest::RequestBuilder);

impl Ask {
    pub(super) fn new(request: reqwest::RequestBuilder) -> Self {
        Self(request)
    }

    /// As this person.
    pub fn by(self, person: &Person) -> Self {
        self.token(&person.access)
    }

    /// With this token or key.
    pub fn token(self, token: &str) -> Self {
        Self(self.0.header(AUTHORIZATION, format!("Bearer {token}")))
    }

    /// With this header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// With this body, as JSON.
    pub fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    /// With these fields, as a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        Self(self.0.form(fields))
    }

    /// With these bytes.
    pub fn body(self, kind: &str, bytes: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header(CONTENT_TYPE, kind).body(bytes))
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let response = self.0.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a whole answer").to_vec();
        Answer {
            status,
            headers,
            body,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// With this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// A problem with this code, in the right form.
    #[track_caller]
    pub fn refused(self, code: ProblemCode) -> Problem {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem: Problem = self.read();
        assert_eq!(problem.code, code, "{problem:?}");
        assert_eq!(
            (self.status, problem.status),
            (code.status(), code.status())
        );
        assert_eq!(
            problem.request_id.as_deref(),
            Some(&*self.header("x-request-id"))
        );
        problem
    }

    /// One header, or an empty text.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// What a program branches on, or nothing.
    pub fn code(&self) -> String {
        let problem: Option<Problem> = serde_json::from_slice(&self.body).ok();
        problem.map_or_else(String::new, |problem| problem.code.as_str().to_owned())
    }

    /// All that the headers tell, but for the time of day.
    pub fn told(&self) -> Vec<(String, String)> {
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| !["date", "ratelimit"].contains(&name.as_str()));
        let told = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
        let mut told: Vec<_> = told.collect();
        told.sort();
        told
    }

    /// Something of the server's inside that the answer tells, if it does.
    pub fn leak(&self) -> Option<&'static str> {
        let text = format!("{:?} {}", self.headers, self.text()).to_lowercase();
        INSIDE.iter().copied().find(|word| text.contains(word))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body, read.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}
