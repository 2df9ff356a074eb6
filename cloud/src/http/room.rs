//! How many requests run at once, in all and of one network, so that who sends slowly holds up nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use slipway_contract::cloud::ProblemCode;

use super::origin::Address;
use crate::failure::Failure;

/// The part of all places that one network may have: a quarter.
const SHARE: usize = 4;

/// The places there are.
#[derive(Debug)]
pub struct Room {
    all: usize,
    of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by: HashMap<String, usize>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    room: Arc<Room>,
    network: String,
}

impl Room {
    /// Room for so many requests.
    #[must_use]
    pub fn new(all: usize) -> Arc<Self> {
        Arc::new(Self {
            all,
            of_one: all.div_ceil(SHARE),
            taken: Mutex::default(),
        })
    }

    /// A place for a request of a network.
    ///
    /// # Errors
    /// When there is none, or the network has its part.
    pub fn take(self: &Arc<Self>, network: String) -> Result<Place, Failure> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.all {
            return Err(Failure::later(
                ProblemCode::Unavailable,
                "The server has more to do than it can. Try again in a moment.",
                1,
            ));
        }
        let of_this = taken.by.get(&network).copied().unwrap_or_default();
        if of_this >= self.of_one {
            return Err(Failure::later(
                ProblemCode::RateLimited,
                format!(
                    "{of_this} requests from this address run already. Let some of them end first."
                ),
                1,
            ));
        }
        taken.all += 1;
        taken.by.insert(network.clone(), of_this + 1);
        drop(taken);
        let room = Arc::clone(self);
        Ok(Place { room, network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self
            .room
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        match taken.by.get_mut(&self.network) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.by.remove(&self.network)),
        }
    }
}

/// Tells more requests than may run at once to come back, rather than let all become slow.
pub async fn admit(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Address>();
    let network = address.map(|address| address.network()).unwrap_or_default();
    match room.take(network) {
        Ok(_place) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}
