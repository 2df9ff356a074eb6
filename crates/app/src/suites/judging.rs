//! The model that judges by rubrics.

use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::package::Package;
use slipway_contract::Problem;
use slipway_evals::assertion::ports::{Judge, JudgeQuestion, JudgeReply, NotAvailable};
use slipway_evals::judge::ModelJudge;
use slipway_evals::report::Mode;

use super::plan::TestOptions;
use super::propose::Asked;
use crate::App;

/// A model as a judge.
struct Judging(Asked);

#[async_trait]
impl Judge for Judging {
    async fn ask(&self, question: &JudgeQuestion) -> Result<JudgeReply, NotAvailable> {
        ModelJudge::new(self.0.model()).ask(question).await
    }
}

impl App {
    /// The judge that the person names; where they name none, the agent's own model, if models are
    /// asked at all.
    pub(super) async fn judge(
        &self,
        options: &TestOptions,
        package: &Package,
        mode: Mode,
    ) -> Result<Option<Arc<dyn Judge>>, Problem> {
        let judge = |asked| -> Arc<dyn Judge> { Arc::new(Judging(asked)) };
        match (&options.judge, mode) {
            (Some(model), _) => self.asked(model).await.map(judge).map(Some),
            (None, Mode::Replay) => Ok(None),
            (None, Mode::Live | Mode::Record) => {
                let own = &package.manifest().model.model;
                let model = options.model.as_ref().unwrap_or(own);
                // Who has no judge is told so where a rubric could not be judged.
                Ok(self.asked(model).await.ok().map(judge))
            }
        }
    }
}
