//! Notices: what one part of the server tells all others, in this copy and in every other, so that nobody waits for
//! their next look.
//!
//! A notice says that there is something, and no more; it may be lost, or come twice. Whoever listens also looks by
//! themselves now and then.

mod local;
mod redis;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

pub use self::local::LocalNotices;
pub use self::redis::RedisNotices;

/// How many notices may wait for one who listens.
const MANY: usize = 64;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A letter was written.
    Letters,
}

impl Topic {
    /// All there are.
    pub const ALL: [Self; 1] = [Self::Letters];

    /// As it is called between copies.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Letters => "letters",
        }
    }
}

/// Where notices go, and come from.
pub trait Notices: Send + Sync {
    /// Tells all who listen, without waiting for it.
    fn publish(&self, topic: Topic);

    /// What is told from now on.
    fn subscribe(&self, topic: Topic) -> Heard;
}

/// The notices of one topic, to one who listens.
#[derive(Debug)]
pub struct Heard {
    topic: Topic,
    notices: broadcast::Receiver<Topic>,
}

impl Heard {
    /// Comes true with the next one, or with the one that came since the last; never when there will be none any more.
    pub async fn next(&mut self) {
        loop {
            match self.notices.recv().await {
                Ok(topic) if topic == self.topic => return,
                Ok(_) => {}
                // Too many to be told of each; one of them may have been meant.
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
