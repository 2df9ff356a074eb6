//! Run events as they happen, handed to whoever shows them once a frame.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use slipway_contract::RunId;
use slipway_contract::command::{RUN_EVENTS, RUN_EVENTS_MISSED, RUNS_CHANGED, TESTS_CHANGED};
use slipway_contract::event::RunEvent;
use slipway_contract::test::TestProgress;
use yew::prelude::*;

use super::host;
use crate::browser;

/// What a frame brought.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    /// Events, oldest first.
    Events(Rc<[RunEvent]>),
    /// Some were missed: what is shown has to be read again.
    Missed,
    /// Runs changed. Those that another process drives are named: their events are not heard.
    Elsewhere(Rc<[RunId]>),
    /// How far tests are that are being run, in any process.
    Tests(Rc<TestProgress>),
}

/// The window's one subscription to the host's run events.
#[derive(Clone, Default)]
pub(crate) struct Stream(Rc<Inner>);

#[derive(Default)]
struct Inner {
    waiting: RefCell<Vec<RunEvent>>,
    scheduled: Cell<bool>,
    listeners: RefCell<Vec<Weak<Callback<Heard>>>>,
}

/// Hears events until it is dropped.
pub(crate) struct Listener {
    _callback: Rc<Callback<Heard>>,
}

impl PartialEq for Stream {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Stream {
    /// Calls back with each frame's events.
    pub(crate) fn listen(&self, callback: Callback<Heard>) -> Listener {
        let callback = Rc::new(callback);
        self.0.listeners.borrow_mut().push(Rc::downgrade(&callback));
        Listener {
            _callback: callback,
        }
    }

    async fn subscribe(self) -> Result<(), slipway_contract::Problem> {
        let missing = self.clone();
        let elsewhere = self.clone();
        host::listen(RUNS_CHANGED, move |message| {
            let runs: Vec<RunId> = serde_json::from_slice(message.as_bytes()).unwrap_or_default();
            elsewhere.tell(&Heard::Elsewhere(runs.into()));
        })
        .await?;
        let tests = self.clone();
        host::listen(TESTS_CHANGED, move |message| {
            match serde_json::from_slice::<TestProgress>(message.as_bytes()) {
                Ok(progress) => tests.tell(&Heard::Tests(Rc::new(progress))),
                Err(error) => {
                    browser::warn(&format!("progress of tests could not be read: {error}"));
                }
            }
        })
        .await?;
        host::listen(RUN_EVENTS_MISSED, move |_| missing.tell(&Heard::Missed)).await?;
        host::listen(RUN_EVENTS, move |message| self.receive(&message)).await
    }

    fn receive(&self, message: &str) {
        match serde_json::from_slice::<Vec<RunEvent>>(message.as_bytes()) {
            Ok(events) => self.0.waiting.borrow_mut().extend(events),
            Err(error) => return browser::warn(&format!("run events could not be read: {error}")),
        }
        // A hidden window gets no frames; what waits must not grow until it is shown again.
        if browser::is_hidden() {
            self.flush();
        } else if !self.0.scheduled.replace(true) {
            let stream = self.clone();
            browser::next_frame(move || stream.flush());
        }
    }

    fn flush(&self) {
        self.0.scheduled.set(false);
        let events = self.0.waiting.take();
        if events.is_empty() {
            return;
        }
        self.tell(&Heard::Events(events.into()));
    }

    fn tell(&self, heard: &Heard) {
        self.0
            .listeners
            .borrow_mut()
            .retain(|listener| listener.strong_count() > 0);
        let listeners: Vec<_> = self
            .0
            .listeners
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect();
        for listener in listeners {
            listener.emit(heard.clone());
        }
    }
}

/// Subscribes once, for the whole window; says so when that failed.
#[hook]
pub(crate) fn use_stream() -> (Stream, Option<slipway_contract::Problem>) {
    let stream = use_memo((), |()| Stream::default());
    let failed = use_state(|| None);
    {
        let (stream, failed) = (Stream::clone(&stream), failed.clone());
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(problem) = stream.subscribe().await {
                    failed.set(Some(problem));
                }
            });
        });
    }
    (Stream::clone(&stream), (*failed).clone())
}

/// Calls back with events for as long as the component lives.
#[hook]
pub(crate) fn use_events(callback: Callback<Heard>) {
    let stream = use_context::<Stream>().unwrap_or_default();
    let newest = use_mut_ref(|| callback.clone());
    *newest.borrow_mut() = callback;
    use_effect_with(stream, move |stream| {
        let listener = stream.listen(Callback::from(move |heard: Heard| {
            let callback = newest.borrow().clone();
            callback.emit(heard);
        }));
        move || drop(listener)
    });
}
