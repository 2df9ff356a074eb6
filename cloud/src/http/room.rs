//! Room for so many at once, in all and of each one, so that nobody takes the places of all others.

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
    who: String,
}

/// There is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// For nobody.
    ForAll,
    /// For this one, who has so many.
    ForOne(usize),
}

impl Room {
    /// So many places, and so many of them for one.
    #[must_use]
    pub fn split(all: usize, of_one: usize) -> Arc<Self> {
        Arc::new(Self {
            all,
            of_one,
            taken: Mutex::default(),
        })
    }

    /// So many places, a quarter of them for one.
    #[must_use]
    pub fn new(all: usize) -> Arc<Self> {
        Self::split(all, all.div_ceil(SHARE))
    }

    /// Takes a place for somebody.
    ///
    /// # Errors
    /// When there is none.
    pub fn take(self: &Arc<Self>, who: String) -> Result<Place, Full> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.all {
            return Err(Full::ForAll);
        }
        let of_this = taken.by.get(&who).copied().unwrap_or_default();
        if of_this >= self.of_one {
            return Err(Full::ForOne(of_this));
        }
        taken.all += 1;
        taken.by.insert(who.clone(), of_this + 1);
        drop(taken);
        let room = Arc::clone(self);
        Ok(Place { room, who })
    }
}

/// The network that a request comes from, whose places it takes.
pub(super) fn network(request: &Request) -> String {
    let address = request.extensions().get::<Address>();
    address.map(|address| address.network()).unwrap_or_default()
}

impl From<Full> for Failure {
    fn from(full: Full) -> Self {
        match full {
            Full::ForAll => Self::later(
                ProblemCode::Unavailable,
                "The server has more to do than it can. Try again in a moment.",
                1,
            ),
            Full::ForOne(count) => Self::later(
                ProblemCode::RateLimited,
                format!("{count} requests of yours run already. Let some of them end first."),
                1,
            ),
        }
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
        match taken.by.get_mut(&self.who) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.by.remove(&self.who)),
        }
    }
}

/// Tells more requests than may run at once to come back, rather than let all become slow.
pub async fn admit(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    match room.take(network(&request)) {
        Ok(_place) => next.run(request).await,
        Err(full) => Failure::from(full).into_response(),
    }
}
