//! A model of this machine by its name alone, whatever it can do: what only makes embeddings is in
//! no list of models to talk to.

use futures::StreamExt;
use futures::stream::FuturesOrdered;

use super::ask::Asker;
use super::{Kind, Places, ollama, openai};
use crate::endpoint::BaseUrl;

/// A model that a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) base: BaseUrl,
    /// The server's own name for it.
    pub(crate) name: String,
    /// The server passes what it is asked on to another machine.
    pub(crate) is_elsewhere: bool,
    /// The server, as people call it.
    pub(crate) server: &'static str,
}

/// The model of this name: as it is, or with the tag that it stands for; that of the first server
/// in the order given which has it.
pub(crate) async fn by_name(http: &reqwest::Client, places: &Places, name: &str) -> Option<Found> {
    let asked = places.bases.iter().map(|base| {
        let patience = places.patience(base);
        async move {
            let asker = Asker::new(http, base, patience.first);
            all(&asker, base).await
        }
    });
    let mut asked: FuturesOrdered<_> = asked.collect();
    while let Some(models) = asked.next().await {
        let tagged = format!("{name}:latest");
        let named = |wanted: &str| models.iter().find(|model| model.name == wanted);
        if let Some(found) = named(name).or_else(|| named(&tagged)) {
            return Some(found.clone());
        }
    }
    None
}

async fn all(asker: &Asker<'_>, base: &BaseUrl) -> Vec<Found> {
    let (listed, tags) = futures::join!(
        asker.get(asker.api("/models")),
        asker.get(asker.native("/api/tags")),
    );
    if let Some(entries) = tags.as_ref().and_then(ollama::entries) {
        let entries = entries.into_iter();
        return entries
            .map(|entry| Found {
                base: base.clone(),
                name: entry.name,
                is_elsewhere: entry.is_elsewhere,
                server: Kind::Ollama.title(),
            })
            .collect();
    }
    let models = listed.as_ref().and_then(openai::models);
    let (kind, models) = models.unwrap_or((Kind::Other, Vec::new()));
    let models = models.into_iter();
    models
        .map(|model| Found {
            base: base.clone(),
            name: model.name,
            is_elsewhere: false,
            server: kind.title(),
        })
        .collect()
}
