//! A model as a judge.

#[cfg(test)]
mod tests;

use async_trait::async_trait;

use crate::asking::AskedModel;
use crate::assertion::ports::{Judge, JudgeQuestion, JudgeReply, NotAvailable};

/// A model that judges by rubrics. What it is told and how its answer is read is the rubric's
/// ([`crate::assertion::Rubric`]): the judged text stands between marks that it cannot contain.
#[derive(Debug, Clone, Copy)]
pub struct ModelJudge<'m>(AskedModel<'m>);

impl<'m> ModelJudge<'m> {
    /// This model as a judge.
    #[must_use]
    pub const fn new(model: AskedModel<'m>) -> Self {
        Self(model)
    }
}

#[async_trait]
impl Judge for ModelJudge<'_> {
    async fn ask(&self, question: &JudgeQuestion) -> Result<JudgeReply, NotAvailable> {
        let said = self.0.ask(&question.instructions, &question.text).await?;
        Ok(JudgeReply {
            model: self.0.named().to_string(),
            text: said.text,
            cost_usd: said.cost_usd,
        })
    }
}
