//! Which models serve a run, in the order in which they are asked.

use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::package::Package;
use slipway_agent::package::manifest::wrong_fallback;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_agent::spec::Route;
use slipway_contract::message::{Attachment, Media};
use slipway_contract::model::{Abilities, Ability, ModelRef};
use slipway_providers::{ResolveError, Resolved};

use crate::{RunError, Runner};

/// The models that a run asks, the first unless it fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) model: ModelRef,
    pub(crate) fallback: Vec<ModelRef>,
}

impl Chain {
    /// What a person wants goes before what the package says. Whoever names a model means that
    /// one: the package's stand-ins were chosen for another.
    pub(crate) fn chosen(
        of_package: (&ModelRef, &[ModelRef]),
        model: Option<ModelRef>,
        fallback: Option<Vec<ModelRef>>,
    ) -> Result<Self, RunError> {
        let (own, own_fallback) = of_package;
        let fallback = match (fallback, &model) {
            (Some(named), _) => named,
            (None, Some(_)) => Vec::new(),
            (None, None) => own_fallback.to_vec(),
        };
        let model = model.unwrap_or_else(|| own.clone());
        match wrong_fallback(&model, &fallback).first() {
            Some((place, why)) => Err(RunError::Fallback(format!("{} {why}", fallback[*place]))),
            None => Ok(Self { model, fallback }),
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &ModelRef> {
        std::iter::once(&self.model).chain(&self.fallback)
    }
}

impl Runner {
    /// Leaves out the models that a run off the network cannot ask, and says which.
    ///
    /// # Errors
    /// None is left.
    pub(crate) fn off_the_network(
        &self,
        chain: Chain,
        network: bool,
    ) -> Result<(Chain, Option<String>), RunError> {
        let stays = |model: &&ModelRef| self.world().providers.stays_on_this_machine(model);
        if network || chain.all().all(|model| stays(&model)) {
            return Ok((chain, None));
        }
        let mut left = chain.all().filter(stays).cloned();
        let Some(model) = left.next() else {
            return Err(RunError::NoNetwork(chain.model.to_string()));
        };
        let fallback = left.collect();
        let gone: Vec<String> = chain
            .all()
            .filter(|model| !stays(model))
            .map(ToString::to_string)
            .collect();
        let (are, they) = match gone.len() {
            1 => ("is", "it"),
            _ => ("are", "they"),
        };
        let note = format!(
            "{} {are} left out, since {they} would be reached over the network; {model} is asked first",
            gone.join(", ")
        );
        Ok((Chain { model, fallback }, Some(note)))
    }

    /// Looks for the models, the first to be asked first.
    ///
    /// # Errors
    /// None can be had: why the first cannot.
    pub(crate) async fn find_models(
        &self,
        chain: Vec<ModelRef>,
        (network, package, workdir): (bool, &Package, &str),
    ) -> Result<Vec<Candidate>, RunError> {
        let mut found = Vec::new();
        for model in chain {
            let known = match self.check_network(network, &model) {
                Ok(()) => self.model(&model, package, workdir).await,
                Err(error) => Err(error),
            };
            found.push(Candidate { model, known });
        }
        if found.iter().all(|candidate| candidate.known.is_err()) {
            let mut why = found
                .into_iter()
                .filter_map(|candidate| candidate.known.err());
            return why.next().map_or_else(|| Ok(Vec::new()), Err);
        }
        Ok(found)
    }

    /// Leaves out the models to fall back to that cannot take what goes with the input, and says
    /// which.
    ///
    /// # Errors
    /// The first cannot: nobody meant to ask it in vain.
    pub(crate) fn able_to_take(
        &self,
        found: &mut Vec<Candidate>,
        files: &[Attachment],
    ) -> Result<Option<String>, RunError> {
        let Some((first, others)) = found.split_first() else {
            return Ok(None);
        };
        if let Some((file, what)) = self.refused(first, files) {
            return Err(RunError::Attachment {
                model: first.model.to_string(),
                what,
                file: file.name.clone(),
            });
        }
        let blind = |other: &&Candidate| self.refused(other, files).is_some();
        let gone: Vec<ModelRef> = others
            .iter()
            .filter(blind)
            .map(|other| other.model.clone())
            .collect();
        let names: Vec<String> = gone.iter().map(ToString::to_string).collect();
        let note = (!gone.is_empty()).then(|| {
            format!(
                "{} cannot stand in for {} in this run: not every model takes the attached files",
                names.join(", "),
                first.model
            )
        });
        found.retain(|candidate| !gone.contains(&candidate.model));
        Ok(note)
    }

    /// The first of the files that the model is known not to take, and what it is.
    fn refused<'f>(
        &self,
        candidate: &Candidate,
        files: &'f [Attachment],
    ) -> Option<(&'f Attachment, &'static str)> {
        let Abilities { images, pdfs, .. } = match &candidate.known {
            Ok(known) => known.abilities,
            Err(_) => self.world().providers.abilities(&candidate.model),
        };
        let client = candidate.known.as_ref().ok().map(|known| &known.model);
        files.iter().find_map(|file| {
            let media = file.media;
            // Its place may take none where the model would, or none of this kind.
            let here = client.and_then(|client| client.takes(media));
            let (can, what) = match media {
                Media::Pdf => (pdfs, "PDF documents"),
                Media::Gif if here == Some(false) && images != Ability::No => {
                    (images, "GIF images")
                }
                _ => (images, "images"),
            };
            (can == Ability::No || here == Some(false)).then_some((file, what))
        })
    }

    /// What a run has to know of the model.
    pub(crate) fn route(&self, candidate: &Candidate) -> Route {
        let listed = || self.world().providers.context_tokens(&candidate.model);
        let known = candidate.known.as_ref().ok();
        Route {
            model: candidate.model.clone(),
            context_tokens: known.and_then(|known| known.context_tokens).or_else(listed),
        }
    }
}

/// A model that a run may ask.
pub(crate) struct Candidate {
    pub(crate) model: ModelRef,
    known: Result<Resolved, RunError>,
}

/// The model port of a run that asks these. One that cannot be had fails when it is asked, so that
/// the journal says why another one answered.
pub(crate) fn port(found: Vec<Candidate>) -> Arc<dyn Model> {
    let by_name = found.into_iter().map(|Candidate { model, known }| {
        let client = match known {
            Ok(known) => known.model,
            Err(error) => Arc::new(Unusable(reason(&error))),
        };
        (model, client)
    });
    Arc::new(ByName(by_name.collect()))
}

/// Asks whom the request names.
struct ByName(Vec<(ModelRef, Arc<dyn Model>)>);

#[async_trait]
impl Model for ByName {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        match self.0.iter().find(|(name, _)| *name == request.model) {
            Some((_, client)) => client.call(request, deltas).await,
            None => Err(ModelError::new(
                ModelErrorKind::NotFound,
                format!("{} is no model of this run.", request.model),
            )),
        }
    }

    fn is_prompted(&self, model: &ModelRef) -> bool {
        let named = self.0.iter().find(|(name, _)| name == model);
        named.is_some_and(|(name, client)| client.is_prompted(name))
    }

    fn is_out_of_reach(&self, model: &ModelRef) -> bool {
        let named = self.0.iter().find(|(name, _)| name == model);
        named.is_none_or(|(name, client)| client.is_out_of_reach(name))
    }
}

/// Stands where a model could not be had.
struct Unusable(ModelError);

#[async_trait]
impl Model for Unusable {
    async fn call(&self, _: &ModelRequest, _: &dyn Deltas) -> Result<ModelResponse, ModelError> {
        Err(self.0.clone())
    }

    fn is_out_of_reach(&self, _: &ModelRef) -> bool {
        true
    }
}

/// Why a model cannot be asked, as the failure of a call that never left this machine. None of
/// these gets better while a run waits.
fn reason(error: &RunError) -> ModelError {
    let kind = match error {
        RunError::Model(
            ResolveError::NoKey { .. } | ResolveError::Key { .. } | ResolveError::Secrets(_),
        ) => ModelErrorKind::Authentication,
        RunError::Model(ResolveError::NoLocalModel { .. }) => ModelErrorKind::NotFound,
        _ => ModelErrorKind::Unsupported,
    };
    ModelError::new(kind, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str) -> ModelRef {
        name.parse().unwrap()
    }

    fn chosen(model_flag: Option<&str>, fallback_flag: Option<&[&str]>) -> Result<Chain, RunError> {
        let (own, stands_in) = (model("openai/a"), [model("local/b")]);
        Chain::chosen(
            (&own, &stands_in),
            model_flag.map(model),
            fallback_flag.map(|names| names.iter().map(|name| model(name)).collect()),
        )
    }

    #[test]
    fn a_named_model_stands_alone_unless_others_are_named_with_it() {
        for (model_flag, fallback_flag, expected) in [
            (None, None, "openai/a local/b"),
            (Some("local/c"), None, "local/c"),
            (Some("openai/a"), None, "openai/a"),
            (Some("local/c"), Some(&["local/d"][..]), "local/c local/d"),
            (None, Some(&["local/d"][..]), "openai/a local/d"),
            (None, Some(&[][..]), "openai/a"),
        ] {
            let chain = chosen(model_flag, fallback_flag).unwrap();
            let names: Vec<String> = chain.all().map(ToString::to_string).collect();
            assert_eq!(names.join(" "), expected);
        }
    }

    #[test]
    fn a_chain_that_makes_no_sense_is_refused() {
        for (model_flag, fallback, says) in [
            (None, &["openai/a"][..], "openai/a"),
            (None, &["local/c", "local/c"][..], "twice"),
            (None, &["recording/r"][..], "recording"),
            (Some("recording/r"), &["local/c"][..], "recording"),
        ] {
            let error = chosen(model_flag, Some(fallback)).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let many: Vec<String> = (0..9).map(|n| format!("local/m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(
            chosen(None, Some(&many))
                .unwrap_err()
                .to_string()
                .contains('8')
        );
    }
}
