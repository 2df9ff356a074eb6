//! A run begun once more, as another was begun.

use std::sync::Arc;

use slipway_agent::driver::Control;
use slipway_agent::ports::observer::Observer;
use slipway_contract::message::NewFile;
use slipway_contract::{Problem, RunId};
use slipway_runner::system::new_run_id;

use super::start::Beginning;
use super::{Planned, RunOptions, RunReport};
use crate::App;
use crate::approve::Person;

impl App {
    /// Plans a run as another was begun: of the same version, in the same folder. What the options
    /// leave open is as it was there. Of a run that goes on from another, the beginning of the
    /// whole conversation counts.
    ///
    /// # Errors
    /// As [`App::plan`]; there is no such run.
    pub async fn plan_begin_again(
        &self,
        run: RunId,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let mut first = run;
        while let Some(parent) = self.summary_of(first).await?.parent {
            first = parent;
        }
        let spec = self.spec_of(first).await?;
        let (input, mut options) = (options.input.clone(), options);
        if input.is_none() && options.attach.is_empty() && options.files.is_empty() {
            let kept = spec.attachments.iter().map(|kept| NewFile {
                name: kept.name.clone(),
                data: kept.data.to_string(),
            });
            options.files = kept.collect();
        }
        self.plan_anew(first, input.unwrap_or(spec.input), options)
            .await
    }

    /// Drives a run that was planned like this until it ends, parks or is let go of.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn begin_again(
        &self,
        planned: Planned,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let run = new_run_id(&*self.runner().world().random);
        self.drive_new(run, Beginning::New, planned, person, observer, control)
            .await
    }
}
