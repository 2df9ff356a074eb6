//! The store keeps what the engine's ports promise.

use std::cell::RefCell;

use slipway_agent::memory::contract::{journal, lease, ledger};
use slipway_store::Store;

use crate::place::Place;

/// A new database each time; the folders stay until the test ends.
struct Places(RefCell<Vec<Place>>);

impl Places {
    fn new() -> Self {
        Self(RefCell::default())
    }

    async fn open(&self) -> (Store, slipway_agent::memory::clock::ManualClock) {
        let place = Place::new();
        let opened = (place.open().await, place.clock.clone());
        self.0.borrow_mut().push(place);
        opened
    }

    fn assert_intact(&self) {
        self.0.borrow().iter().for_each(Place::assert_intact);
    }
}

#[tokio::test]
async fn journal() {
    let places = Places::new();
    journal::journal_contract(async || {
        let (store, _) = places.open().await;
        (store.clone(), store)
    })
    .await;
    places.assert_intact();
}

#[tokio::test]
async fn leases() {
    let places = Places::new();
    lease::lease_contract(async || places.open().await).await;
    places.assert_intact();
}

#[tokio::test]
async fn ledger() {
    let places = Places::new();
    ledger::ledger_contract(async |budgets| {
        let place = Place::new();
        let store = place.open_in(ledger::zone()).await;
        for (key, limit) in budgets {
            store.set_budget(&key, limit).await.unwrap();
        }
        places.0.borrow_mut().push(place);
        (store.clone(), store)
    })
    .await;
    places.assert_intact();
}
