//! A model tested for real: the smallest run that there is, which counts in the budgets and is
//! listed like any other.

use std::str::FromStr as _;
use std::sync::Arc;

use slipway_agent::driver::Control;
use slipway_agent::package::{Files, Package, PackagePath};
use slipway_contract::id::InvalidId;
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::run::EndReason;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::{Message, Origin};

use super::trial::not_begun;
use crate::App;
use crate::problem::from_package;
use crate::runs::RunOptions;
use crate::target::Found;

/// Its name, in lists of runs.
const NAME: &str = "model-test";

const MANIFEST: &str = r#"format = 1

[agent]
name = "model-test"
title = "Model test"
description = "Asks a model for one word, to find out whether it answers."

[model]
use = "openai/gpt-5-mini"
max_output_tokens = 1000

[limits]
max_steps = 1
timeout = "2m"
"#;

const INSTRUCTIONS: &str = "Answer with the single word: ready\n";

impl App {
    /// Asks a model for one word, in a run of its own.
    pub async fn test_model(&self, model: ModelRef, control: Control) -> ModelTrial {
        match self.plan_test(model.clone()).await {
            Ok(planned) => {
                let trial = self.try_model(model, planned, Arc::new(()), control);
                in_time(Box::pin(trial).await)
            }
            Err(problem) => not_begun(model, problem),
        }
    }

    async fn plan_test(&self, model: ModelRef) -> Result<crate::Planned, Problem> {
        self.check_prices_for([&model])?;
        let name = NAME
            .parse()
            .map_err(|error: InvalidId| Problem::new(ErrorCode::Internal, error.to_string()))?;
        let files = [("agent.toml", MANIFEST), ("instructions.md", INSTRUCTIONS)];
        let found = Found {
            package: package(files)?,
            origin: Origin::Imported,
            workdir: self.own_workdir(&name)?,
            own_workdir: true,
        };
        let options = RunOptions {
            model: Some(model),
            ..RunOptions::default()
        };
        let input = Message::First("Are you there?".to_owned());
        self.assemble(found, input, options).await
    }
}

/// Whoever tests a model set no limit, and is told of none.
fn in_time(mut trial: ModelTrial) -> ModelTrial {
    if trial.reason == Some(EndReason::Timeout) {
        let message = format!("{} did not answer within two minutes", trial.model);
        let help = "A model of this machine may take longer the first time, while it is loaded: test it again. Otherwise see what its provider says of it.";
        trial.problem = Some(Problem::new(ErrorCode::Provider, message).help(help));
    }
    trial
}

fn package(files: [(&str, &str); 2]) -> Result<Package, Problem> {
    let mut entries = Vec::new();
    for (path, text) in files {
        let path = PackagePath::from_str(path)
            .map_err(|fault| Problem::new(ErrorCode::Internal, fault.to_string()))?;
        entries.push((path, text.as_bytes().to_vec()));
    }
    let files = Files::from_entries(entries).map_err(|error| from_package(&error))?;
    Package::from_files(files, &[]).map_err(|error| from_package(&error))
}
