//! What the machine knows of a run's money.

use slipway_contract::approval::{Answer, Approval};
use slipway_contract::model::{ModelRef, Price};
use slipway_contract::run::{End, EndReason, RunStatus, Usage};
use slipway_contract::{ContentHash, StepId, Usd};

use super::answer::failed;
use super::state::{ModelStatus, State};

/// The money of a run, beside its figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Money {
    /// The worst case of the attempt under way.
    reserved: Option<Usd>,
    /// Whether a budget bounds that attempt.
    budgeted: bool,
    /// Whether nobody knows its price.
    unpriced: bool,
    /// Every attempt of this run that was announced with a reservation.
    announced: Vec<(StepId, u32)>,
    price: Asked,
    /// Why no further call may be made.
    stopped: Option<String>,
}

/// Where the question for an unknown price stands.
#[derive(Debug, Clone, PartialEq, Default)]
enum Asked {
    #[default]
    Not,
    Waits(Box<Approval>),
    Given(Price),
    /// The run goes on without a limit of money.
    Waived,
}

/// A bill that was higher than what was agreed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overbilled<'a> {
    pub(super) model: &'a ModelRef,
    pub(super) announced: u32,
    pub(super) billed: u64,
    pub(super) beyond: Usd,
}

impl State {
    /// The worst case of the model call under way, as its intent says.
    #[must_use]
    pub const fn reserved(&self) -> Option<Usd> {
        self.money.reserved
    }

    /// Whether a budget bounds the model call under way.
    #[must_use]
    pub const fn is_budgeted(&self) -> bool {
        self.money.budgeted
    }

    /// The price that a person gave where none was known.
    #[must_use]
    pub const fn price_given(&self) -> Option<Price> {
        match &self.money.price {
            Asked::Given(price) => Some(*price),
            _ => None,
        }
    }

    /// Whether the person let the run go on without a limit of money.
    #[must_use]
    pub const fn is_unlimited(&self) -> bool {
        matches!(self.money.price, Asked::Waived)
    }

    /// The question for the model's price, while it waits.
    #[must_use]
    pub fn price_question(&self) -> Option<&Approval> {
        match &self.money.price {
            Asked::Waits(approval) => Some(approval),
            _ => None,
        }
    }

    /// The run's end where a provider does not keep to what was agreed.
    pub(super) fn overbilled_end(&self) -> Option<End> {
        let message = self.money.stopped.as_ref()?;
        Some(failed(EndReason::OverBudget, message.clone()))
    }

    /// Every attempt of this run that its journal announces with a reservation.
    #[must_use]
    pub fn announced(&self) -> &[(StepId, u32)] {
        &self.money.announced
    }

    pub(super) fn reserve(
        &mut self,
        attempt: (StepId, u32),
        reserved: Option<Usd>,
        budgeted: bool,
    ) {
        self.money.reserved = reserved;
        self.money.budgeted = budgeted;
        if reserved.is_some() {
            self.money.announced.push(attempt);
        }
    }

    pub(super) fn cost_is(&mut self, cost: Option<Usd>) {
        let Usage {
            cost_usd: sum,
            cost_at_most_usd: most,
            ..
        } = &mut self.usage;
        match cost {
            Some(cost) => {
                *sum = sum.map(|sum| sum.plus(cost));
                *most = most.map(|most| most.plus(cost));
            }
            None => (*sum, *most) = (None, None),
        }
    }

    /// Whether nobody knows what the attempt under way costs.
    pub(super) const fn without_price(&mut self, unpriced: bool) {
        self.money.unpriced = unpriced;
    }

    /// What became of the attempt under way nobody knows: it may have cost what was reserved, and
    /// without a price nobody knows how much.
    pub(super) fn cost_is_unknown(&mut self) {
        if self.money.unpriced {
            self.usage.cost_usd = None;
            self.usage.cost_at_most_usd = None;
        }
        if let Some(reserved) = self.money.reserved.take() {
            let known = self.usage.cost_usd.take().or(self.usage.cost_at_most_usd);
            self.usage.cost_at_most_usd = known.map(|known| known.plus(reserved));
        }
    }

    /// The run stops, or goes on, without having heard of the attempt under way.
    pub(super) fn model_call_was_cut_off(&mut self) {
        if self
            .model
            .is_some_and(|call| call.status == ModelStatus::InFlight)
        {
            self.cost_is_unknown();
        }
    }

    pub(super) fn overbilled(&mut self, bill: Overbilled<'_>) {
        if self.money.budgeted && bill.billed > u64::from(bill.announced) {
            self.money.stopped = Some(format!(
                "{} billed {} tokens of answer where the call allowed {}, {} beyond what was reserved. No budget can be kept with a provider that does so: no further call was made.",
                bill.model.provider,
                bill.billed,
                bill.announced,
                bill.beyond.display_exact(),
            ));
        }
    }

    /// What a person said of a model's price holds for that model alone.
    pub(super) fn price_is_another(&mut self) {
        self.money.price = Asked::Not;
    }

    pub(super) fn price_asked(&mut self, approval: &Approval) -> Result<(), &'static str> {
        let due = match self.model {
            Some(call) => call.status == ModelStatus::Wanted && call.step == approval.step,
            None => approval.step.0 == self.last_step + 1,
        };
        if !due || self.money.price != Asked::Not {
            return Err("no price is wanted");
        }
        self.money.price = Asked::Waits(Box::new(approval.clone()));
        Ok(())
    }

    /// The answer to the question for a price; none when this step asks no price.
    pub(super) fn price_answered(
        &mut self,
        step: StepId,
        binding: ContentHash,
        answer: &Answer,
    ) -> Option<Result<(), &'static str>> {
        let approval = self.price_question().filter(|asked| asked.step == step)?;
        if approval.binding != binding {
            return Some(Err("the answer is to another question"));
        }
        self.money.price = match answer {
            Answer::Price { price } if !price.is_whole() => {
                return Some(Err("the price is not known for every request"));
            }
            Answer::Price { price } => Asked::Given(*price),
            Answer::Approve => Asked::Waived,
            Answer::Deny { .. } => {
                let message = "The price of the model is unknown, and the run was not let go on without a limit of money.";
                self.end_unpriced(failed(EndReason::PriceUnknown, message))
            }
            Answer::Stop => self.end_unpriced(End {
                status: RunStatus::Cancelled,
                reason: EndReason::Stopped,
                message: "Stopped when asked about the price of the model.".to_owned(),
                output: None,
            }),
            _ => return Some(Err("the answer does not fit the question")),
        };
        Some(Ok(()))
    }

    fn end_unpriced(&mut self, end: End) -> Asked {
        self.model = None;
        self.ending = Some(end);
        Asked::Not
    }
}
