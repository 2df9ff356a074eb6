//! One input to several models at once, each in a run of its own.

use std::path::PathBuf;
use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use slipway_agent::driver::Control;
use slipway_agent::ports::observer::Observer;
use slipway_contract::ErrorCode;
use slipway_contract::Problem;
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::tool::{DeclaredEffect, Effect};
use slipway_runner::system::new_run_id;

use super::copies;
use super::trial::not_begun;
use crate::runs::RunOptions;
use crate::{App, Target};

/// The most models that are compared at once.
const MOST: usize = 8;

/// A comparison that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What each model did, in the order in which they were named.
    pub trials: Vec<ModelTrial>,
    /// The folder that holds a copy of the working folder for each, where the agent writes.
    pub copies: Option<PathBuf>,
}

impl App {
    /// Gives the same input to several models at once. Nobody is asked: what would ask parks,
    /// unless all is allowed. An agent that can write works in a copy of its folder for each model.
    ///
    /// # Errors
    /// The models are none, too many or the same, the package is not valid, or its folder cannot
    /// be copied. That one model cannot serve ends nothing: its trial says why.
    pub async fn compare(
        &self,
        target: &Target,
        models: &[ModelRef],
        options: RunOptions,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<Compared, Problem> {
        check(models)?;
        let found = self.find(target, options.workdir.as_deref()).await?;
        let writes = self.can_write(&found.package);
        let copies = writes.then(|| {
            let id = new_run_id(&*self.runner().world().random);
            self.home().comparisons().join(id.short())
        });
        let mut trials = FuturesUnordered::new();
        for (number, model) in models.iter().enumerate() {
            let folder = copies
                .as_ref()
                .map(|copies| copies.join(copies::folder_name(number + 1, &model.to_string())));
            if let Some(folder) = &folder {
                let from = found.workdir.clone();
                let to = folder.clone();
                let copied = tokio::task::spawn_blocking(move || {
                    if from.exists() {
                        copies::copy(&from, &to)
                    } else {
                        std::fs::create_dir_all(&to)
                            .map_err(|error| crate::problem::from_io("made", &to, &error))
                    }
                });
                copied
                    .await
                    .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))??;
            }
            let options = RunOptions {
                model: Some(model.clone()),
                workdir: folder.clone().or_else(|| options.workdir.clone()),
                ..options.clone()
            };
            // A folder's package in its copy is granted what the folder is.
            let is_folder = matches!(target, Target::Folder(_)) && options.workdir == folder;
            let target = match &folder {
                Some(folder) if is_folder && holds_package(folder) => {
                    Target::Folder(folder.clone())
                }
                _ => target.clone(),
            };
            let (observer, control) = (observer.clone(), control.clone());
            trials.push(async move {
                let model = model.clone();
                let workdir = folder.as_ref().map(|folder| folder.display().to_string());
                let trial = match self.plan(&target, options).await {
                    Ok(planned) => self.try_model(model, planned, observer, control).await,
                    Err(problem) => not_begun(model, problem),
                };
                (number, ModelTrial { workdir, ..trial })
            });
        }
        let mut done: Vec<(usize, ModelTrial)> = Vec::new();
        while let Some(trial) = trials.next().await {
            done.push(trial);
        }
        done.sort_by_key(|(number, _)| *number);
        Ok(Compared {
            trials: done.into_iter().map(|(_, trial)| trial).collect(),
            copies,
        })
    }

    /// Whether the agent has a tool that may change something.
    fn can_write(&self, package: &slipway_agent::package::Package) -> bool {
        let tools = &self.runner().world().tools;
        package.manifest().tools.iter().any(|entry| {
            let name = entry.tool.to_string();
            tools
                .iter()
                .find(|tool| tool.definition().name == name)
                .is_none_or(|tool| tool.definition().effect != DeclaredEffect::Always(Effect::Read))
        })
    }
}

fn holds_package(folder: &std::path::Path) -> bool {
    folder.join("agent.toml").is_file()
}

fn check(models: &[ModelRef]) -> Result<(), Problem> {
    let wrong = |message: String| Err(Problem::new(ErrorCode::InvalidInput, message));
    if models.is_empty() {
        return wrong("no model is named to be compared".to_owned());
    }
    if models.len() > MOST {
        return wrong(format!(
            "{} models are too many at once: at most {MOST} are compared",
            models.len()
        ));
    }
    let twice = models
        .iter()
        .enumerate()
        .find(|(place, model)| models[..*place].contains(model));
    match twice {
        Some((_, model)) => wrong(format!("{model} is named twice")),
        None => Ok(()),
    }
}
