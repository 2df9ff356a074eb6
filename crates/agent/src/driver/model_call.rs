//! One attempt at a model call.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::{ModelRef, Price};
use slipway_contract::run::{CostFrom, Tokens};
use slipway_contract::{RunId, StepId, Usd};

use super::{Ports, retry};
use crate::event::Event;
use crate::ports::model::{
    Billing, Deltas, ModelError, ModelErrorKind, ModelRequest, ModelResponse, Unclean,
};
use crate::ports::wire::WireRecord;

/// How long nothing of an answer may come. Who is connected hears much sooner that a server is
/// silent; this ends a call whose server says for ever that it is still there. How long an answer
/// may take in all is the run's own limit.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Makes the attempt and says what came of it, and what it cost at this price. `since` is the
/// first attempt of this model.
pub(super) async fn attempt(
    ports: Ports,
    run: RunId,
    (step, attempt): (StepId, u32),
    since: u32,
    request: ModelRequest,
    price: Option<Price>,
) -> Event {
    let begun = ports.clock.monotonic();
    let stream = Stream {
        ports: &ports,
        run,
        step,
        attempt,
        model: &request.model,
        begun,
        index: AtomicU64::new(0),
        thoughts: AtomicU64::new(0),
        first: OnceLock::new(),
        latest: AtomicU64::new(0),
    };
    let call = std::panic::AssertUnwindSafe(ports.model.call(&request, &stream)).catch_unwind();
    let answer = tokio::select! {
        biased;
        answer = call => answer.unwrap_or_else(|_| Err(ModelError::new(
            ModelErrorKind::Unsupported,
            "The model client failed with a fault of its own. This is a bug in Slipway.",
        ).billed(Billing::Unknown))),
        () = stream.falls_silent() => Err(ModelError::new(
            ModelErrorKind::Timeout,
            format!(
                "{} sent nothing of its answer for {} minutes, though its server kept the connection open.",
                request.model,
                PATIENCE.as_secs() / 60
            ),
        )),
    };
    let took_ms = milliseconds(ports.clock.monotonic().saturating_sub(begun));
    let first_token_ms = stream.first.get().copied();
    match answer {
        Ok(response) => {
            let usage_estimated = response.usage.is_none();
            let usage = response
                .usage
                .unwrap_or_else(|| estimate(&ports, &request, &response));
            let cost_from = match response.cost_usd {
                Some(_) => CostFrom::Provider,
                None => CostFrom::Price,
            };
            let cost_usd = response.cost_usd.or_else(|| match price {
                // Free whatever it used; else an estimate is no bill.
                Some(price) if price == Price::FREE => Some(Usd::ZERO),
                Some(price) if !usage_estimated => price.cost(usage),
                _ => None,
            });
            Event::ModelResponded {
                step,
                attempt,
                content: response.content,
                stop: response.stop,
                usage,
                usage_estimated,
                cost_usd,
                cost_from,
                first_token_ms,
                took_ms,
                verdicts: None,
                request_id: response.request_id,
            }
        }
        Err(error) => {
            let tries = attempt.saturating_sub(since) + 1;
            let retry_in_ms = retry::delay(&error, tries, &*ports.random).map(milliseconds);
            Event::ModelFailed {
                step,
                attempt,
                kind: error.kind,
                message: error.message,
                retry_in_ms,
                next: None,
                billing: error.billing,
                request_id: error.request_id,
            }
        }
    }
}

fn estimate(ports: &Ports, request: &ModelRequest, response: &ModelResponse) -> Tokens {
    let answer = serde_json::to_string(&response.content).unwrap_or_default();
    Tokens {
        input_tokens: ports.tokens.count(request),
        output_tokens: ports.tokens.count_text(&request.model, &answer),
        ..Tokens::default()
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Shows the pieces of an answer as they arrive.
struct Stream<'a> {
    ports: &'a Ports,
    run: RunId,
    step: StepId,
    attempt: u32,
    model: &'a ModelRef,
    begun: Duration,
    index: AtomicU64,
    thoughts: AtomicU64,
    /// Milliseconds to the first piece, of whatever kind.
    first: OnceLock<u64>,
    /// Milliseconds to the newest piece.
    latest: AtomicU64,
}

impl Stream<'_> {
    fn elapsed_ms(&self) -> u64 {
        milliseconds(self.ports.clock.monotonic().saturating_sub(self.begun))
    }

    /// Returns when nothing of the answer has come for too long.
    async fn falls_silent(&self) {
        loop {
            let latest = Duration::from_millis(self.latest.load(Ordering::Relaxed));
            let silent = Duration::from_millis(self.elapsed_ms()).saturating_sub(latest);
            let left = PATIENCE.saturating_sub(silent);
            if left.is_zero() {
                return;
            }
            self.ports.clock.sleep(left).await;
        }
    }

    fn show(&self, kind: EventKind) {
        self.ports.observer.event(&RunEvent {
            run_id: self.run,
            at: self.ports.clock.now(),
            seq: None,
            kind,
        });
    }
}

impl Deltas for Stream<'_> {
    fn text(&self, text: &str) {
        self.grew();
        self.show(EventKind::ModelDelta {
            step: self.step,
            index: self.index.fetch_add(1, Ordering::Relaxed),
            text: text.to_owned(),
        });
    }

    fn reasoning(&self, text: &str) {
        self.grew();
        self.show(EventKind::ModelReasoning {
            step: self.step,
            index: self.thoughts.fetch_add(1, Ordering::Relaxed),
            text: text.to_owned(),
        });
    }

    fn grew(&self) {
        let elapsed = self.elapsed_ms();
        self.first.get_or_init(|| elapsed);
        self.latest.fetch_max(elapsed, Ordering::Relaxed);
    }

    fn wants_exchange(&self) -> bool {
        self.ports.wire.is_on()
    }

    fn exchanged(&self, exchanged: Unclean) {
        let took = self.ports.clock.monotonic().saturating_sub(self.begun);
        let now = self.ports.clock.now();
        self.ports.wire.keep(WireRecord {
            run: self.run,
            step: self.step,
            attempt: self.attempt,
            model: self.model.clone(),
            at: now.saturating_sub(took).unwrap_or(now),
            took_ms: milliseconds(took),
            exchanged,
        });
    }
}
