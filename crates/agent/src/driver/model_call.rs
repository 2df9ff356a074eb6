//! One attempt at a model call.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::{ModelRef, Price};
use slipway_contract::run::Tokens;
use slipway_contract::{RunId, StepId};

use super::{Ports, money, retry};
use crate::event::Event;
use crate::ports::model::{
    Billing, Deltas, Exchanged, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use crate::ports::wire::WireRecord;

/// How long one attempt may take in all.
const TIMEOUT: Duration = Duration::from_secs(600);

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
        first: OnceLock::new(),
    };
    let call = std::panic::AssertUnwindSafe(ports.model.call(&request, &stream)).catch_unwind();
    let answer = tokio::select! {
        biased;
        answer = call => answer.unwrap_or_else(|_| Err(ModelError::new(
            ModelErrorKind::Unsupported,
            "The model client failed with a fault of its own. This is a bug in Slipway.",
        ).billed(Billing::Unknown))),
        () = ports.clock.sleep(TIMEOUT) => Err(ModelError::new(
            ModelErrorKind::Timeout,
            format!("{} gave no complete answer within {} minutes.", request.model, TIMEOUT.as_secs() / 60),
        )),
    };
    let took_ms = milliseconds(ports.clock.monotonic().saturating_sub(begun));
    let first_token_ms = stream.first.get().copied();
    match answer {
        Ok(response) => {
            let usage = response
                .usage
                .unwrap_or_else(|| estimate(&ports, &request, &response));
            let cost_usd = price.map(|price| money::cost(&price, usage));
            Event::ModelResponded {
                step,
                attempt,
                content: response.content,
                stop: response.stop,
                usage,
                cost_usd,
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
    first: OnceLock<u64>,
}

impl Deltas for Stream<'_> {
    fn text(&self, text: &str) {
        self.first
            .get_or_init(|| milliseconds(self.ports.clock.monotonic().saturating_sub(self.begun)));
        let index = self.index.fetch_add(1, Ordering::Relaxed);
        let kind = EventKind::ModelDelta {
            step: self.step,
            index,
            text: text.to_owned(),
        };
        let at = self.ports.clock.now();
        self.ports.observer.event(&RunEvent {
            run_id: self.run,
            at,
            seq: None,
            kind,
        });
    }

    fn wants_exchange(&self) -> bool {
        self.ports.wire.is_on()
    }

    fn exchanged(&self, exchanged: Exchanged) {
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
