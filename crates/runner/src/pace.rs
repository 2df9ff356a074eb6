//! How many calls go to a provider at once, and how quickly one follows another.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_contract::message::Media;
use slipway_contract::model::ModelRef;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// How long a provider is left alone that says that it is asked too often, and not for how long.
const TOO_OFTEN: Duration = Duration::from_secs(2);
/// The longest that one call may hold all others up.
const LONGEST: Duration = Duration::from_secs(120);

/// The pace of calls, for each provider alone. A provider that says that it is asked too often is
/// left alone by all runs for as long as it says.
#[derive(Debug)]
pub struct Pace {
    at_once: usize,
    /// Between the beginnings of two calls.
    apart: Duration,
    lanes: Mutex<BTreeMap<String, Arc<Lane>>>,
}

#[derive(Debug)]
struct Lane {
    places: Semaphore,
    /// When the next call may begin.
    next: Mutex<Instant>,
}

impl Pace {
    /// So many calls at once, and so many a minute where that is limited, for each provider.
    #[must_use]
    pub fn new(at_once: usize, a_minute: Option<NonZeroU32>) -> Self {
        let minute = Duration::from_secs(60);
        Self {
            at_once: at_once.clamp(1, Semaphore::MAX_PERMITS),
            apart: a_minute.map_or(Duration::ZERO, |calls| minute / calls.get()),
            lanes: Mutex::default(),
        }
    }

    fn lane(&self, provider: &str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(provider.to_owned()).or_insert_with(|| {
            Arc::new(Lane {
                places: Semaphore::new(self.at_once),
                next: Mutex::new(Instant::now()),
            })
        });
        Arc::clone(lane)
    }
}

impl Lane {
    /// Waits for its turn.
    async fn turn(&self, apart: Duration) {
        loop {
            let until = {
                let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
                let now = Instant::now();
                if *next <= now {
                    *next = now + apart;
                    return;
                }
                *next
            };
            tokio::time::sleep_until(until).await;
        }
    }

    fn leave_alone(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST);
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(until);
    }
}

/// A model that is called at a pace.
pub(crate) struct Paced {
    pub(crate) model: Arc<dyn Model>,
    pub(crate) pace: Arc<Pace>,
}

#[async_trait]
impl Model for Paced {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        if self.model.is_out_of_reach(&request.model) {
            return self.model.call(request, deltas).await;
        }
        let lane = self.pace.lane(&request.model.provider);
        // Nobody closes the lane.
        let _place = lane.places.acquire().await.ok();
        lane.turn(self.pace.apart).await;
        let answer = self.model.call(request, deltas).await;
        if let Err(error) = &answer
            && error.kind == ModelErrorKind::RateLimit
        {
            lane.leave_alone(error.retry_after.unwrap_or(TOO_OFTEN));
        }
        answer
    }

    fn is_prompted(&self, model: &ModelRef) -> bool {
        self.model.is_prompted(model)
    }

    fn is_out_of_reach(&self, model: &ModelRef) -> bool {
        self.model.is_out_of_reach(model)
    }

    fn takes(&self, media: Media) -> Option<bool> {
        self.model.takes(media)
    }
}

#[cfg(test)]
mod tests {
    use slipway_agent::memory::model::{CollectedDeltas, Reply, ScriptedModel};
    use tokio::sync::Semaphore;

    use super::*;

    fn request() -> ModelRequest {
        ModelRequest {
            model: "openai/a".parse().unwrap(),
            instructions: "x".into(),
            messages: Vec::new(),
            tools: Arc::new([]),
            output_schema: None,
            temperature: None,
            max_output_tokens: None,
            reasoning: None,
            tool_choice: slipway_contract::model::ToolChoice::Auto,
        }
    }

    async fn call(model: &Arc<Paced>) -> Result<ModelResponse, ModelError> {
        model.call(&request(), &CollectedDeltas::default()).await
    }

    #[tokio::test(start_paused = true)]
    async fn calls_keep_their_distance() {
        let model = ScriptedModel::new(["a", "b", "c"].map(Reply::text));
        let pace = Arc::new(Pace::new(8, NonZeroU32::new(30)));
        let model = Arc::new(Paced {
            model: Arc::new(model),
            pace,
        });
        let began = Instant::now();
        for _ in 0..3 {
            call(&model).await.unwrap();
        }
        assert_eq!(began.elapsed().as_secs(), 4, "two distances of two seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_is_asked_too_often_is_left_alone_by_all() {
        let mut error = ModelError::new(ModelErrorKind::RateLimit, "slow down");
        error.retry_after = Some(Duration::from_secs(7));
        let model = ScriptedModel::new([Reply::error(error), Reply::text("a")]);
        let pace = Arc::new(Pace::new(8, None));
        let model = Arc::new(Paced {
            model: Arc::new(model),
            pace,
        });
        let began = Instant::now();
        call(&model).await.unwrap_err();
        call(&model).await.unwrap();
        assert_eq!(began.elapsed().as_secs(), 7);
    }

    #[tokio::test]
    async fn no_more_are_under_way_than_may_be() {
        let gate = Arc::new(Semaphore::new(0));
        let replies = (0..4).map(|_| Reply::text("a").gated(&gate));
        let scripted = Arc::new(ScriptedModel::new(replies));
        let pace = Arc::new(Pace::new(2, None));
        let model = Arc::new(Paced {
            model: scripted.clone(),
            pace,
        });
        let calls: Vec<_> = (0..4)
            .map(|_| {
                let model = Arc::clone(&model);
                tokio::spawn(async move { call(&model).await.map(drop) })
            })
            .collect();
        while scripted.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(scripted.requests().len(), 2);
        gate.add_permits(4);
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(scripted.requests().len(), 4);
    }
}
