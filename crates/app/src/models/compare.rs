//! One input to several models at once, each in a run of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
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
use super::places::Places;
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
    /// The folder that holds what each changed in its copy of the working folder.
    pub copies: Option<PathBuf>,
    /// What else the person must know.
    pub notes: Vec<String>,
}

impl App {
    /// Gives the same input to several models at once. Nobody is asked: what would ask parks,
    /// unless all is allowed. An agent that can write works in a copy of its folder for each model.
    ///
    /// # Errors
    /// The models are none, too many or the same, the package, `prices.toml` or `providers.toml` is
    /// not valid, or the folder cannot be copied. That one model cannot serve ends nothing: its trial says why.
    pub async fn compare(
        &self,
        target: &Target,
        models: &[ModelRef],
        options: RunOptions,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<Compared, Problem> {
        check(models)?;
        if options.record.is_some() && models.len() > 1 {
            return Err(several_recordings());
        }
        // What is wrong in a file is told once, and not of each model.
        self.check_prices_for(models)?;
        for model in models {
            self.check_providers_for(&model.provider)?;
        }
        let found = self.find(target, options.workdir.as_deref()).await?;
        let writes = self.can_write(&found.package);
        let places = match writes {
            true => Some(self.places(&found.workdir)?),
            false => None,
        };
        let begun = self
            .try_all(
                target,
                models,
                options,
                (observer, control),
                places.as_ref(),
            )
            .await;
        let folder = places.as_ref().map(|places| places.folder().to_owned());
        if let Some(places) = places {
            self.leave(places).await;
        }
        let (mut trials, links) = begun?;
        for trial in &mut trials {
            trial.workdir = trial
                .workdir
                .take()
                .filter(|folder| Path::new(folder).exists());
        }
        Ok(Compared {
            trials,
            copies: folder.filter(|folder| folder.exists()),
            notes: links_left_out(&links).into_iter().collect(),
        })
    }

    /// The trials in the order of the models, and the links that are in no copy.
    async fn try_all(
        &self,
        target: &Target,
        models: &[ModelRef],
        options: RunOptions,
        (observer, control): (Arc<dyn Observer>, Control),
        places: Option<&Places>,
    ) -> Result<(Vec<ModelTrial>, BTreeSet<PathBuf>), Problem> {
        // One budget for all of them: what is tried together is paid together.
        let together = new_run_id(&*self.runner().world().random);
        let mut links = BTreeSet::new();
        let mut folders = Vec::with_capacity(models.len());
        for (number, model) in models.iter().enumerate() {
            folders.push(match places {
                None => None,
                Some(places) => {
                    let name = copies::folder_name(number + 1, &model.to_string());
                    let (folder, left_out) = places.copy(&name).await?;
                    links.extend(left_out);
                    Some(folder)
                }
            });
        }
        let mut trials = FuturesUnordered::new();
        for (number, (model, folder)) in models.iter().zip(folders).enumerate() {
            // A folder's package in its copy is granted what the folder is.
            let moves = matches!(target, Target::Folder(_)) && options.workdir.is_none();
            let target = match &folder {
                Some(folder) if moves && holds_package(folder) => Target::Folder(folder.clone()),
                _ => target.clone(),
            };
            let options = RunOptions {
                model: Some(model.clone()),
                workdir: folder.clone().or_else(|| options.workdir.clone()),
                ..options.clone()
            };
            let (observer, control) = (observer.clone(), control.clone());
            trials.push(async move {
                let model = model.clone();
                let workdir = folder.as_ref().map(|folder| folder.display().to_string());
                let trial = match self.plan(&target, options).await {
                    Ok(mut planned) => {
                        let limits = &mut planned.assembly.spec.limits;
                        limits.draws_from = Some(together);
                        limits.shared_budget_usd = limits.budget_usd.take();
                        self.try_model(model, planned, observer, control).await
                    }
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
        Ok((done.into_iter().map(|(_, trial)| trial).collect(), links))
    }

    /// Whether the agent has a tool that may change something.
    fn can_write(&self, package: &slipway_agent::package::Package) -> bool {
        let runner = self.runner();
        let tools = &runner.world().tools;
        package.manifest().tools.iter().any(|entry| {
            let name = entry.tool.to_string();
            tools
                .iter()
                .find(|tool| tool.definition().name == name)
                .is_none_or(|tool| tool.definition().effect != DeclaredEffect::Always(Effect::Read))
        })
    }
}

fn holds_package(folder: &Path) -> bool {
    folder.join("agent.toml").is_file()
}

fn several_recordings() -> Problem {
    let message = "--record keeps the recording of one run, and several models were named";
    Problem::new(ErrorCode::InvalidInput, message)
        .help("Record each alone: slipway run AGENT --model PROVIDER/MODEL --record NAME.")
}

fn links_left_out(links: &BTreeSet<PathBuf>) -> Option<String> {
    const NAMED: usize = 5;
    let mut named: Vec<String> = links
        .iter()
        .take(NAMED)
        .map(|link| link.display().to_string())
        .collect();
    if links.len() > NAMED {
        named.push("…".to_owned());
    }
    (!links.is_empty()).then(|| {
        format!(
            "links that lead out of the folder are not in the copies in which the models work: {}",
            named.join(", ")
        )
    })
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
