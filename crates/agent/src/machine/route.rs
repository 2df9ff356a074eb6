//! Which model is asked: the agent's own, or one of those that stand in for it. The one in force
//! stays so for the rest of the run.

use slipway_contract::StepId;
use slipway_contract::model::ModelRef;

use super::calls::Call;
use super::state::{Grant, ModelStatus, State};
use crate::ports::model::ModelErrorKind;
use crate::spec::Route;

/// How often a conversation that the provider finds too long is shortened before the model counts
/// as unable to take it.
pub(super) const SHRINKS: u32 = 2;

impl State {
    /// The model that is asked now; none before the run's first event.
    #[must_use]
    pub fn model_in_force(&self) -> Option<&ModelRef> {
        match self.stand_in() {
            Some(route) => Some(&route.model),
            None => self.spec().map(|spec| &spec.model),
        }
    }

    /// Tokens that fit the window of the model that is asked now; none when unknown.
    #[must_use]
    pub fn window(&self) -> Option<u64> {
        match self.stand_in() {
            Some(route) => route.context_tokens,
            None => self.spec()?.context_tokens,
        }
    }

    /// Whether another model than the run's own is asked by now.
    #[must_use]
    pub const fn has_fallen_back(&self) -> bool {
        self.route > 0
    }

    /// The models that are left should the one in force fail, in their order.
    #[must_use]
    pub fn routes_left(&self) -> &[Route] {
        let all = self.spec().map_or(&[][..], |spec| &spec.fallback);
        all.get(self.route..).unwrap_or_default()
    }

    /// The model that is asked from now on when the call under way fails like this and is not
    /// tried again; none when that ends the run, or the conversation is shortened first.
    #[must_use]
    pub fn falls_back(&self, kind: ModelErrorKind) -> Option<&ModelRef> {
        let shortens = kind == ModelErrorKind::ContextTooLong && self.shrinks < SHRINKS;
        if shortens || !kind.another_model_may_do() {
            return None;
        }
        self.routes_left().first().map(|route| &route.model)
    }

    fn stand_in(&self) -> Option<&Route> {
        self.spec()?.fallback.get(self.route.checked_sub(1)?)
    }

    /// Whether a model call of this step may be announced now.
    pub(super) fn model_call_is_due(&self, step: StepId) -> bool {
        match self.model {
            Some(call) => call.step == step && call.status == ModelStatus::Wanted,
            None => {
                matches!(self.grant, Grant::Settled)
                    && self.ending.is_none()
                    && step.0 == self.last_step + 1
                    && self.calls.iter().all(Call::is_settled)
            }
        }
    }

    pub(super) fn model_skipped(
        &mut self,
        step: StepId,
        model: &ModelRef,
        next: &ModelRef,
    ) -> Result<(), &'static str> {
        if !self.model_call_is_due(step) || self.price_question().is_some() {
            return Err("no model call is due");
        }
        if self.model_in_force() != Some(model) {
            return Err("another model is asked");
        }
        self.fall_back(next)?;
        if let Some(call) = &mut self.model {
            call.since = call.attempt;
        }
        Ok(())
    }

    /// What was found out about the other model, or said about it, does not hold for this one.
    pub(super) fn fall_back(&mut self, next: &ModelRef) -> Result<(), &'static str> {
        if self.routes_left().first().map(|route| &route.model) != Some(next) {
            return Err("that is not the model to fall back to");
        }
        self.route += 1;
        self.shrinks = 0;
        self.shrink_wanted = false;
        self.price_is_another();
        Ok(())
    }
}
