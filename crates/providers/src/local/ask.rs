//! One question to a server of this machine. Whatever goes wrong, there is no answer.

use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;

use crate::endpoint::BaseUrl;

/// Bytes of an answer that are read.
const LONGEST: usize = 2 << 20;

/// Asks one server. No key is ever sent: whoever listens on a port of this machine has no claim to
/// one.
pub(super) struct Asker<'a> {
    http: &'a reqwest::Client,
    base: &'a BaseUrl,
    patience: Duration,
}

impl<'a> Asker<'a> {
    pub(super) const fn new(
        http: &'a reqwest::Client,
        base: &'a BaseUrl,
        patience: Duration,
    ) -> Self {
        Self {
            http,
            base,
            patience,
        }
    }

    /// A URL of the interface that is like OpenAI's.
    pub(super) fn api(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A URL of the server's own interface, which lies beside the other.
    pub(super) fn native(&self, path: &str) -> String {
        let base = self.base.as_str();
        format!("{}{path}", base.strip_suffix("/v1").unwrap_or(base))
    }

    /// The end of its time.
    pub(super) fn end(&self) -> tokio::time::Sleep {
        tokio::time::sleep(self.patience)
    }

    pub(super) async fn get(&self, url: String) -> Option<Value> {
        self.read(self.http.get(url)).await
    }

    pub(super) async fn post(&self, url: String, body: &Value) -> Option<Value> {
        self.read(self.http.post(url).json(body)).await
    }

    /// Whether it takes this; none when it does not say.
    pub(super) async fn takes(&self, url: String, body: &Value) -> Option<bool> {
        let answer = self.http.post(url).json(body).send();
        let answer = tokio::time::timeout(self.patience, answer).await.ok()?;
        Some(answer.ok()?.status().is_success())
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Option<Value> {
        let answer = async {
            let answer = request.send().await.ok()?;
            if !answer.status().is_success() {
                return None;
            }
            let mut body = Vec::new();
            let mut pieces = answer.bytes_stream();
            while let Some(piece) = pieces.next().await {
                let piece = piece.ok()?;
                if body.len() + piece.len() > LONGEST {
                    return None;
                }
                body.extend_from_slice(&piece);
            }
            serde_json::from_slice(&body).ok()
        };
        tokio::time::timeout(self.patience, answer).await.ok()?
    }
}

/// The texts of a list; none when it is no list.
pub(super) fn words<'v>(value: &'v Value, field: &str) -> Option<Vec<&'v str>> {
    let list = value.get(field)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).collect())
}

/// A number of tokens from 1 on.
pub(super) fn tokens(value: &Value, field: &str) -> Option<u64> {
    value.get(field)?.as_u64().filter(|tokens| *tokens > 0)
}
