//! Questions to a person and their answers.

use serde_json::Value;
use slipway_contract::approval::{Answer, Approval, Question};
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{ContentHash, StepId};

use super::Step;
use crate::event::{Event, Recorded};
use crate::machine::answer::failed;
use crate::machine::calls::CallStatus;
use crate::machine::state::{Grant, State};

impl State {
    /// An answer counts before its question expires, and not after.
    pub(super) fn is_in_time(&self, recorded: &Recorded) -> Step {
        let Event::ApprovalResolved { step, .. } = &recorded.event else {
            return Ok(());
        };
        let questions = self.questions();
        let mut questions = questions.iter().filter(|asked| asked.step == *step);
        if questions.any(|asked| asked.has_expired(recorded.at)) {
            return Err("the answer came after the question had expired");
        }
        Ok(())
    }

    pub(super) fn asked(&mut self, approval: &Approval) -> Step {
        if self.ending.is_some() {
            return Err("the run is ending");
        }
        if let Question::Price { .. } = approval.question {
            return self.price_asked(approval);
        }
        if let Question::Grant { .. } = approval.question {
            let asks_for_what_is_missing = self.spec().is_some_and(|spec| {
                matches!(&approval.question, Question::Grant { permissions, .. } if *permissions == spec.missing)
            });
            if self.grant != Grant::Wanted
                || approval.step.0 != self.last_step + 1
                || !asks_for_what_is_missing
            {
                return Err("nothing of this is to be granted");
            }
            self.last_step = approval.step.0;
            self.grant = Grant::Asked(Box::new(approval.clone()));
            return Ok(());
        }
        let call = self.call_mut(approval.step)?;
        call.status = match &call.status {
            // The binding was made with the definition as it was then, and is not made again.
            CallStatus::NeedsApproval(wanted) if wanted.question == approval.question => {
                CallStatus::Asked(approval.clone())
            }
            CallStatus::Unknown if call.outcome_question().question == approval.question => {
                CallStatus::AskedOutcome(approval.clone())
            }
            _ => return Err("the tool call needs no answer of a person"),
        };
        Ok(())
    }

    pub(super) fn answered(&mut self, step: StepId, binding: ContentHash, answer: &Answer) -> Step {
        let stop = |message: &str| End {
            status: RunStatus::Cancelled,
            reason: EndReason::Stopped,
            message: message.to_owned(),
            output: None,
        };
        if let Some(answered) = self.price_answered(step, binding, answer) {
            return answered;
        }
        if let Grant::Asked(approval) = &self.grant
            && approval.step == step
        {
            if approval.binding != binding {
                return Err("the answer is to another question");
            }
            match answer {
                Answer::Approve => {
                    if let Some(spec) = &mut self.spec {
                        let missing = std::mem::take(&mut spec.missing);
                        spec.granted.extend(missing);
                    }
                }
                Answer::Deny { .. } => {
                    let message = "What the agent asks for was refused, so it did nothing.";
                    self.ending = Some(failed(EndReason::NotGranted, message));
                }
                Answer::Stop => self.ending = Some(stop("Stopped before it began.")),
                Answer::Happened { .. } | Answer::NotHappened | Answer::Price { .. } => {
                    return Err("a grant is approved or denied");
                }
            }
            self.grant = Grant::Settled;
            return Ok(());
        }
        let call = self.call_mut(step)?;
        let Some(approval) = call.asked() else {
            return Err("nothing was asked");
        };
        if approval.binding != binding {
            return Err("the answer is to another question");
        }
        match (&call.status, answer) {
            (_, Answer::Stop) => self.ending = Some(stop("Stopped when asked about a tool call.")),
            (CallStatus::Asked(_), Answer::Approve) => {
                call.approved = Some(binding);
                call.status = CallStatus::Wanted;
            }
            (CallStatus::Asked(_), Answer::Deny { reason }) => {
                let told = match reason.trim() {
                    "" => "The person refused this call.".to_owned(),
                    reason => format!("The person refused this call: {reason}"),
                };
                call.status = CallStatus::Refused(told);
            }
            (CallStatus::AskedOutcome(_), Answer::Happened { result }) => {
                return self.settle(step, Value::String(result.clone()), false);
            }
            (CallStatus::AskedOutcome(_), Answer::NotHappened) => call.status = CallStatus::Wanted,
            _ => return Err("the answer does not fit the question"),
        }
        Ok(())
    }
}
