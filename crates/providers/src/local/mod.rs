//! Model servers of this machine: which are there, what they serve, and how much of it can be
//! used. A server is known by what it answers, not by its port; nothing that it answers is trusted.

mod ask;
mod by_name;
mod llama_cpp;
mod lm_studio;
mod ollama;
mod openai;
mod places;

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesOrdered;
use slipway_contract::model::{Abilities, Ability};

use self::ask::Asker;
use crate::endpoint::BaseUrl;

pub(crate) use self::by_name::by_name;
pub(crate) use self::places::{Named, Places};

/// How long servers may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalPatience {
    /// To say who they are and what they have.
    first: Duration,
    /// Then to say more of their models.
    second: Duration,
}

impl LocalPatience {
    /// Where nobody knows whether anything is there.
    pub(crate) const USUAL: Self = Self {
        first: Duration::from_millis(500),
        second: Duration::from_millis(300),
    };

    /// Where the person says that something is.
    pub(crate) const NAMED: Self = Self {
        first: Duration::from_secs(5),
        second: Duration::from_secs(5),
    };
}

/// Models of one server that are listed.
const MOST_MODELS: usize = 500;

/// Tokens that servers give to a model that they load without being told how many.
const USUAL_WINDOW: u64 = 4_096;

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ollama,
    LmStudio,
    LlamaCpp,
    Vllm,
    /// It speaks like OpenAI, and says nothing more: perhaps a proxy to whoever asks money for it.
    Other,
}

impl Kind {
    /// As people call it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Ollama => "Ollama",
            Self::LmStudio => "LM Studio",
            Self::LlamaCpp => "llama.cpp",
            Self::Vllm => "vLLM",
            Self::Other => "this machine",
        }
    }
}

/// A server that answered, with the models that it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalServer {
    pub(crate) kind: Kind,
    pub(crate) base: BaseUrl,
    pub(crate) models: Vec<LocalModel>,
}

/// A model of such a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalModel {
    /// The server's own name for it.
    pub(crate) name: String,
    pub(crate) window: Window,
    pub(crate) abilities: Abilities,
    /// The server passes what it is asked on to another machine.
    pub(crate) is_elsewhere: bool,
}

/// Tokens that fit a model's context window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Window {
    /// With which it is or will be loaded. A server may silently forget what is beyond.
    pub(crate) usable: Option<u64>,
    /// That the model could take.
    pub(crate) of: Option<u64>,
    /// Nobody said how many it will be loaded with.
    pub(crate) is_assumed: bool,
}

impl Window {
    /// Of a model that is loaded with so many, where that is known.
    pub(crate) fn new(usable: Option<u64>, of: Option<u64>) -> Self {
        Self {
            usable: usable.map(|tokens| of.map_or(tokens, |of| tokens.min(of))),
            of,
            is_assumed: false,
        }
    }

    /// Of a model that its server will load as it sees fit.
    pub(crate) fn assumed(of: Option<u64>) -> Self {
        Self {
            is_assumed: true,
            ..Self::new(Some(USUAL_WINDOW), of)
        }
    }
}

impl LocalModel {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            window: Window::default(),
            abilities: Abilities {
                // None of these servers takes documents.
                pdfs: Ability::No,
                ..Abilities::default()
            },
            is_elsewhere: false,
        }
    }
}

impl LocalServer {
    /// The model of this name: as it is, or with the tag that it stands for.
    pub(crate) fn model(&self, name: &str) -> Option<&LocalModel> {
        let named = |wanted: &str| self.models.iter().find(|model| model.name == wanted);
        named(name).or_else(|| named(&format!("{name}:latest")))
    }
}

impl LocalServer {
    /// Whether it computes this model's answers itself, so that they cost nothing.
    pub(crate) fn computes_here(&self, name: &str) -> bool {
        self.kind != Kind::Other && self.model(name).is_some_and(|model| !model.is_elsewhere)
    }
}

/// Asks all of these at once; those that answer, in the order given. Where one model is wanted, no
/// others are asked about, and nothing is waited for once it is found.
pub(crate) async fn survey(
    http: &reqwest::Client,
    places: &Places,
    wanted: Option<&str>,
) -> Vec<LocalServer> {
    let asked = |base| ask(http, base, places.patience(base), wanted);
    let mut asked: FuturesOrdered<_> = places.bases.iter().map(asked).collect();
    let mut servers = Vec::new();
    while let Some(answer) = asked.next().await {
        let found = |server: &LocalServer| wanted.is_some_and(|name| server.model(name).is_some());
        let is_over = answer.as_ref().is_some_and(found);
        servers.extend(answer);
        if is_over {
            break;
        }
    }
    servers
}

async fn ask(
    http: &reqwest::Client,
    base: &BaseUrl,
    patience: LocalPatience,
    wanted: Option<&str>,
) -> Option<LocalServer> {
    let first = Asker::new(http, base, patience.first);
    let second = Asker::new(http, base, patience.second);
    let (listed, props, studio, older_studio, tags) = futures::join!(
        first.get(first.api("/models")),
        first.get(first.native("/props")),
        first.get(first.native("/api/v1/models")),
        first.get(first.native("/api/v0/models")),
        first.get(first.native("/api/tags")),
    );
    let listed = listed.as_ref();
    // llama.cpp also answers some of what Ollama is asked.
    let (kind, mut models) = if let Some(server) = props.as_ref().and_then(llama_cpp::recognise) {
        let models = server.models(listed, &second).await;
        (Kind::LlamaCpp, models)
    } else if let Some(models) = studio.as_ref().and_then(lm_studio::models) {
        (Kind::LmStudio, models)
    } else if let Some(models) = older_studio.as_ref().and_then(lm_studio::older_models) {
        (Kind::LmStudio, models)
    } else if let Some(entries) = tags.as_ref().and_then(ollama::entries) {
        let models = ollama::models(&entries, wanted, &second).await;
        (Kind::Ollama, models)
    } else {
        openai::models(listed?)?
    };
    models.truncate(MOST_MODELS);
    Some(LocalServer {
        kind,
        base: base.clone(),
        models,
    })
}

/// Reads a server's answer as each of the lists that there are; the number of models in them.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn taken(list: &serde_json::Value) -> usize {
    let counted = |models: Option<Vec<LocalModel>>| models.map_or(0, |models| models.len());
    let other = openai::models(list).map(|(_, models)| models);
    counted(lm_studio::models(list))
        + counted(lm_studio::older_models(list))
        + counted(other)
        + ollama::taken(list)
        + usize::from(llama_cpp::taken(list))
}

/// Whether a request can name this model.
fn is_sendable(name: &str) -> bool {
    let visible = |c: char| !c.is_whitespace() && !c.is_control();
    !name.is_empty() && name.len() < 200 && name.chars().all(visible)
}
