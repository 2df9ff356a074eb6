//! Models and their providers: listed, tested, and side by side.

mod compare;
mod copies;
mod places;
mod test;
#[cfg(test)]
mod tests;
mod trial;

use slipway_agent::driver::Control;
use slipway_contract::model::{ModelRef, ModelSummary};
use slipway_contract::provider::{ModelTrial, ProviderSummary, ProviderTest, TestFailure};
use slipway_contract::tool::ToolSummary;
use slipway_contract::{AgentName, ErrorCode, Problem};

use crate::runs::RunOptions;
use crate::{App, Target, providers};

/// The provider of servers on this machine.
const LOCAL: &str = "local";

pub use compare::Compared;

/// Models, and what else there is to say of them.
pub struct ModelListing {
    /// The models that are known.
    pub models: Vec<ModelSummary>,
    /// Providers of whose models none is known. They can be asked ([`App::ask_for_models`]).
    pub unlisted: Vec<ProviderSummary>,
    /// What is wrong with what the person says of servers of this machine.
    pub notes: Vec<String>,
    /// What is wrong in the files in which the person speaks of providers and prices.
    pub wrong: Vec<Problem>,
}

impl App {
    /// The models that can be used now, and why others cannot. With a wrong `prices.toml`
    /// ([`App::check_prices`]) the prices are those that Slipway ships with.
    pub async fn list_models(&self) -> Vec<ModelSummary> {
        self.runner().world().providers.listing().await.models
    }

    /// The same, with what else there is to say of models.
    pub async fn model_listing(&self) -> ModelListing {
        let listed = self.runner().world().providers.listing().await;
        let is_listed = |provider: &ProviderSummary| {
            let of = |model: &ModelSummary| model.model.provider == provider.id;
            provider.on_this_machine || listed.models.iter().any(of)
        };
        let providers = listed.providers.iter();
        let unlisted = providers.filter(|provider| !is_listed(provider));
        ModelListing {
            unlisted: unlisted.cloned().collect(),
            notes: listed.notes,
            wrong: [self.check_providers(), self.check_prices()]
                .into_iter()
                .filter_map(Result::err)
                .collect(),
            models: listed.models,
        }
    }

    /// The providers that are known, and the servers of this machine that answer.
    pub async fn list_providers(&self) -> Vec<ProviderSummary> {
        let mut listed = self.runner().world().providers.list_providers().await;
        // With a wrong file none of them can be used, and each says why.
        let registry = providers::read(&self.home().providers()).unwrap_or_default();
        let secrets = self.keys().port();
        for provider in listed.iter_mut().filter(|provider| provider.key.is_some()) {
            let known = registry.get(&provider.id);
            for name in known.iter().flat_map(|known| &known.keys) {
                if secrets.whereabouts(name).await.ok().flatten() == provider.key {
                    provider.key_name = Some(name.clone());
                    break;
                }
            }
        }
        listed
    }

    /// One input to several models, as the window asks for it: its events go to [`App::watch`].
    ///
    /// # Errors
    /// As [`App::compare`].
    pub async fn compare_models(
        &self,
        agent: AgentName,
        input: String,
        models: &[ModelRef],
    ) -> Result<Vec<ModelTrial>, Problem> {
        let options = RunOptions {
            input: Some(input).filter(|input| !input.trim().is_empty()),
            ..RunOptions::default()
        };
        let (target, watching) = (Target::Agent(agent), self.broadcast());
        let compared = self.compare(&target, models, options, watching, Control::default());
        Ok(Box::pin(compared).await?.trials)
    }

    /// The models that a provider itself says its key may use.
    ///
    /// # Errors
    /// There is no such provider or no key, or the provider does not answer as it should.
    pub async fn ask_for_models(&self, provider: &str) -> Result<Vec<ModelSummary>, Problem> {
        self.check_providers_for(provider)?;
        let listed = self.runner().models_of(provider).await;
        listed.map_err(|error| error.to_problem())
    }

    /// Asks a provider whether it takes its key. It costs nothing.
    pub async fn test_provider(&self, provider: &str) -> ProviderTest {
        let runner = self.runner();
        let world = runner.world();
        let begun = world.clock.monotonic();
        let found = match (provider, self.check_providers_for(provider)) {
            (LOCAL, _) => self.models_here().await,
            (_, Err(problem)) => Err((TestFailure::Address, problem)),
            (_, Ok(())) => match self.runner().models_of(provider).await {
                Ok(listed) => Ok(u32::try_from(listed.len()).unwrap_or(u32::MAX)),
                Err(error) => Err((error.test_failure(), error.to_problem())),
            },
        };
        let took = world.clock.monotonic().saturating_sub(begun);
        let test = ProviderTest {
            provider: provider.to_owned(),
            works: true,
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            models: 0,
            failure: None,
            problem: None,
        };
        match found {
            Ok(models) => ProviderTest { models, ..test },
            Err((failure, problem)) => ProviderTest {
                works: false,
                failure: Some(failure),
                problem: Some(problem),
                ..test
            },
        }
    }

    /// How many models the servers of this machine have.
    async fn models_here(&self) -> Result<u32, (TestFailure, Problem)> {
        let listed = self.runner().world().providers.list_providers().await;
        let mut here = listed
            .iter()
            .filter(|provider| provider.on_this_machine)
            .peekable();
        if here.peek().is_some() {
            return Ok(here
                .map(|server| server.models)
                .fold(0, u32::saturating_add));
        }
        let message = "no server with models answers on this machine";
        let problem = Problem::new(ErrorCode::NoModel, message)
            .help("Start Ollama, LM Studio, llama.cpp's server or vLLM, and load a model there.");
        Err((TestFailure::Unreachable, problem))
    }
}

/// The built-in tools. Opens no database.
#[must_use]
pub fn tools() -> Vec<ToolSummary> {
    slipway_runner::tool_summaries()
}
