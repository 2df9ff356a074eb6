//! Chance that tests stop, so that something else happens in the midst of a request.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use slipway_cloud::chance::{Chance, NoChance, SystemChance};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Cloud;

/// How long what happens in the midst of a request may take before that goes on: where the request holds what the
/// other needs, they would wait for each other.
const A_WHILE: Duration = Duration::from_millis(50);

/// What a request draws.
#[derive(Debug, Clone, Copy)]
pub enum Draw {
    /// Whatever it is, after so many others.
    After(usize),
    /// The salt of a password: nothing else has 16 bytes.
    Salt,
}

#[derive(Debug)]
struct Stop {
    at: Draw,
    reached: oneshot::Sender<()>,
    go_on: mpsc::Receiver<()>,
}

/// The system's chance, which stops who draws, once, when a test asks for it.
#[derive(Debug, Default)]
pub struct TestChance(Mutex<Option<Stop>>);

impl TestChance {
    /// What to do before so many bytes are drawn.
    fn stop(&self, bytes: usize) -> Option<Stop> {
        let mut waiting = self.0.lock().expect("whole");
        let is_here = match &mut waiting.as_mut()?.at {
            Draw::After(0) => true,
            Draw::After(others) => {
                *others -= 1;
                false
            }
            Draw::Salt => bytes == 16,
        };
        waiting.take_if(|_| is_here)
    }
}

impl Chance for TestChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        if let Some(Stop { reached, go_on, .. }) = self.stop(bytes.len()) {
            let _ = reached.send(());
            // Until the other end is gone.
            let _ = tokio::task::block_in_place(|| go_on.recv());
        }
        SystemChance.fill(bytes)
    }
}

impl Cloud {
    /// Does the one, and the other in the midst of it, when the server draws this; what the one gives, and whether
    /// the server drew that.
    pub fn amid<'a, T: 'a>(
        &'a self,
        at: Draw,
        one: impl Future<Output = T> + 'a,
        other: impl Future<Output = ()> + 'a,
    ) -> LocalBoxFuture<'a, (T, bool)> {
        let (one, mut other) = (Box::pin(one), Box::pin(other));
        let ((reached, is_reached), (held, go_on)) = (oneshot::channel(), mpsc::channel::<()>());
        *self.chance.0.lock().expect("whole") = Some(Stop { at, reached, go_on });
        let one = async move {
            let given = one.await;
            drop(self.chance.0.lock().expect("whole").take());
            given
        };
        let other = async move {
            if is_reached.await.is_err() {
                return false;
            }
            // Nothing is held while passwords are hashed.
            let is_done = match at {
                Draw::Salt => {
                    other.as_mut().await;
                    true
                }
                Draw::After(_) => timeout(A_WHILE, other.as_mut()).await.is_ok(),
            };
            drop(held);
            if !is_done {
                other.await;
            }
            true
        };
        async move { tokio::join!(one, other) }.boxed_local()
    }
}
