//! Many attempts, some at once.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use slipway_agent::driver::Control;
use tokio::sync::mpsc::{Receiver, channel};

use super::attempt::attempt;
use super::{Begun, Done, Ended, Setup, UnderWay, Work, is_stopped};

/// Attempts that are over and wait to be looked at, at most, for each that is made.
const WAITING: usize = 4;

/// Makes attempts in their order, at most `at_once` at once, and tells of each that is over. It
/// stops when nobody listens any more, or when it is told to.
pub fn run(
    setup: &Arc<Setup>,
    work: Vec<Work>,
    at_once: usize,
    begun: &Arc<dyn Begun>,
    under_way: &UnderWay,
    control: &Control,
) -> Receiver<Ended> {
    let at_once = at_once.clamp(1, work.len().max(1));
    let (tell, told) = channel(at_once * WAITING);
    let left = Arc::new(Mutex::new(work.into_iter()));
    for _ in 0..at_once {
        let (setup, left, begun) = (Arc::clone(setup), Arc::clone(&left), Arc::clone(begun));
        let (tell, control, under_way) = (tell.clone(), control.clone(), under_way.clone());
        tokio::spawn(async move {
            while !is_stopped(&control) {
                let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some(work) = next else { return };
                let _making = under_way.begin(&work);
                let made = AssertUnwindSafe(attempt(&setup, &work, &*begun, &control));
                // A fault in one case says nothing of the others.
                let ended = made.catch_unwind().await.unwrap_or_else(|_| {
                    let why = "Slipway made a mistake over it; its log says more";
                    Ended::Done(Box::new(Done::not_run(&work, why)))
                });
                if tell.send(ended).await.is_err() {
                    return;
                }
            }
        });
    }
    told
}
