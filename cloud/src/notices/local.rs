//! Notices within this process.

use tokio::sync::broadcast;

use super::{Heard, MANY, Notices, Topic};

/// Notices within this process.
#[derive(Debug, Clone)]
pub struct LocalNotices(broadcast::Sender<Topic>);

impl Default for LocalNotices {
    fn default() -> Self {
        Self(broadcast::Sender::new(MANY))
    }
}

impl Notices for LocalNotices {
    fn publish(&self, topic: Topic) {
        // Nobody may listen.
        let _ = self.0.send(topic);
    }

    fn subscribe(&self, topic: Topic) -> Heard {
        Heard {
            topic,
            notices: self.0.subscribe(),
        }
    }
}
