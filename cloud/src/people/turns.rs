//! Threads on which passwords are hashed, and on nothing else.
//!
//! They step back behind all that answers requests: where there are fewer processors than work, requests go first,
//! so that however many sign in at once, the rest is as fast as before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::failure::Failure;

type Work = Box<dyn FnOnce() + Send>;

/// How far they step back: at nice 10, Linux gives a thread a tenth of the time that it gives to others (sched(7)).
#[cfg(target_os = "linux")]
const BACK: i32 = 10;

/// Threads that hash, one thing after the other each. They end with this.
#[derive(Debug)]
pub(super) struct Turns {
    queue: Sender<Work>,
}

impl Turns {
    /// So many threads.
    pub(super) fn new(threads: usize) -> Self {
        let (queue, work) = channel::<Work>();
        let work = Arc::new(Mutex::new(work));
        for _ in 0..threads {
            let work = Arc::clone(&work);
            thread::spawn(move || take_turns(&work));
        }
        Self { queue }
    }

    /// Does this when its turn comes, whether or not somebody still waits for it.
    ///
    /// # Errors
    /// When it panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let (done, given) = oneshot::channel();
        let lost = || Failure::Internal("a password was not hashed".to_owned());
        let work = Box::new(move || drop(done.send(work())));
        self.queue.send(work).map_err(|_| lost())?;
        given.await.map_err(|_| lost())
    }
}

fn take_turns(queue: &Mutex<Receiver<Work>>) {
    #[cfg(target_os = "linux")]
    if let Err(error) = step_back() {
        tracing::warn!(%error, "passwords are hashed at the priority of requests");
    }
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // Whoever waits hears of a panic by getting nothing.
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

/// On Linux a priority is a thread's, not a process's.
#[cfg(target_os = "linux")]
fn step_back() -> std::io::Result<()> {
    use rustix::process::{getpriority_process, setpriority_process};
    if getpriority_process(None)? < BACK {
        setpriority_process(None, BACK)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told_and_costs_no_thread() {
        let turns = Turns::new(1);
        let broken = turns.run(|| panic!("broken")).await;
        assert!(matches!(broken, Err(Failure::Internal(_))));
        assert_eq!(turns.run(|| 7).await.unwrap(), 7);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_threads_step_back_and_no_others() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let there = Turns::new(2).run(nice).await.unwrap();
        assert_eq!(there, BACK.max(before));
        assert_eq!(nice(), before);
    }
}
