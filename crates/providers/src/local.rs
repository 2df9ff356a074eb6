//! Model servers on this machine: whether one is there, and what it serves.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use serde::Deserialize;

use crate::endpoint::BaseUrl;

/// Where the usual servers listen: Ollama, LM Studio, llama.cpp, vLLM.
pub(crate) const USUAL: [(&str, u16); 4] = [
    ("Ollama", 11434),
    ("LM Studio", 1234),
    ("llama.cpp", 8080),
    ("vLLM", 8000),
];

/// How long a server of this machine may take to list its models.
const PATIENCE: Duration = Duration::from_millis(800);

/// Bytes of a list that are read.
const LONGEST_LIST: usize = 1 << 20;

/// A server that answered, with the models that it serves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LocalServer {
    pub(crate) base: BaseUrl,
    pub(crate) models: Vec<String>,
}

impl LocalServer {
    /// The server's own name for this model: as it is, or with the tag that it stands for.
    pub(crate) fn name_of(&self, model: &str) -> Option<&str> {
        let tagged = format!("{model}:latest");
        self.models
            .iter()
            .map(String::as_str)
            .find(|id| *id == model)
            .or_else(|| {
                self.models
                    .iter()
                    .map(String::as_str)
                    .find(|id| *id == tagged)
            })
    }
}

/// The usual addresses.
pub(crate) fn usual_addresses() -> Vec<SocketAddr> {
    USUAL
        .iter()
        .map(|(_, port)| SocketAddr::from((Ipv4Addr::LOCALHOST, *port)))
        .collect()
}

/// Asks all of these at once; those that answer, in the order given.
pub(crate) async fn probe(http: &reqwest::Client, bases: &[BaseUrl]) -> Vec<LocalServer> {
    join_all(bases.iter().map(|base| ask(http, base)))
        .await
        .into_iter()
        .flatten()
        .collect()
}

#[derive(Deserialize)]
struct List {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
}

async fn ask(http: &reqwest::Client, base: &BaseUrl) -> Option<LocalServer> {
    let list = async {
        let response = http.get(format!("{base}/models")).send().await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let mut body = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(Ok(piece)) = pieces.next().await {
            if body.len() + piece.len() > LONGEST_LIST {
                return None;
            }
            body.extend_from_slice(&piece);
        }
        serde_json::from_slice::<List>(&body).ok()
    };
    let list = tokio::time::timeout(PATIENCE, list).await.ok()??;
    let sendable =
        |id: &String| !id.is_empty() && id.len() < 200 && !id.contains(char::is_whitespace);
    Some(LocalServer {
        base: base.clone(),
        models: list
            .data
            .into_iter()
            .map(|entry| entry.id)
            .filter(sendable)
            .collect(),
    })
}
