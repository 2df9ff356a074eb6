//! Notices between copies, over Redis; within this one also while Redis is away.

use std::time::Duration;

use futures::StreamExt as _;
use redis::aio::{ConnectionManager, PubSub};
use redis::{Client, RedisResult};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{Heard, LocalNotices, MANY, Notices, Topic};
use crate::limits::lazily;

/// How long Redis may take to be connected to, or to pass one on.
const WAIT: Duration = Duration::from_secs(2);
/// After how long it is tried again when it is away.
const PAUSE: Duration = Duration::from_secs(2);

/// After how long without a notice Redis is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(10);

fn channel(topic: Topic) -> String {
    format!("slipway:notice:{}", topic.as_str())
}

/// Notices between copies.
#[derive(Debug)]
pub struct RedisNotices {
    own: LocalNotices,
    out: mpsc::Sender<Topic>,
    /// What sends and what hears; both end with this.
    _running: JoinSet<()>,
}

impl RedisNotices {
    /// Over this Redis. It needs a runtime of Tokio.
    ///
    /// # Errors
    /// When it could never be connected to.
    pub fn new(client: Client) -> RedisResult<Self> {
        let own = LocalNotices::default();
        let (out, waiting) = mpsc::channel(MANY);
        let mut running = JoinSet::new();
        running.spawn(send(lazily(client.clone())?, waiting));
        running.spawn(hear(client, own.clone()));
        Ok(Self {
            own,
            out,
            _running: running,
        })
    }
}

impl Notices for RedisNotices {
    fn publish(&self, topic: Topic) {
        self.own.publish(topic);
        // If as many wait already, one of them will do.
        let _ = self.out.try_send(topic);
    }

    fn subscribe(&self, topic: Topic) -> Heard {
        self.own.subscribe(topic)
    }
}

/// Passes on to other copies what this one tells. While Redis is away, it is lost.
async fn send(connection: ConnectionManager, mut waiting: mpsc::Receiver<Topic>) {
    while let Some(topic) = waiting.recv().await {
        let mut connection = connection.clone();
        let command = redis::cmd("PUBLISH").arg(channel(topic)).arg("").to_owned();
        let sent = timeout(WAIT, command.query_async::<()>(&mut connection)).await;
        if !matches!(sent, Ok(Ok(()))) {
            tracing::debug!(topic = topic.as_str(), "other copies were not told");
        }
    }
}

/// Passes on to this copy what is told by any, again and again.
async fn hear(client: Client, own: LocalNotices) {
    let mut was_away = false;
    loop {
        if let Ok(Ok(listener)) = timeout(WAIT, listening(&client)).await {
            if was_away {
                tracing::info!("Redis answers: copies tell each other again");
            }
            was_away = false;
            pass_on(listener, &own).await;
        }
        if !was_away {
            tracing::warn!("Redis does not answer: copies do not tell each other until it does");
        }
        was_away = true;
        sleep(PAUSE).await;
    }
}

async fn listening(client: &Client) -> RedisResult<PubSub> {
    let mut listener = client.get_async_pubsub().await?;
    for topic in Topic::ALL {
        listener.subscribe(channel(topic)).await?;
    }
    Ok(listener)
}

/// Passes on what comes, until Redis is away.
async fn pass_on(listener: PubSub, own: &LocalNotices) {
    // What was told before was not heard.
    Topic::ALL.into_iter().for_each(|topic| own.publish(topic));
    let (mut asks, mut notices) = listener.split();
    loop {
        match timeout(SILENCE, notices.next()).await {
            Ok(Some(message)) => {
                let name = message.get_channel_name();
                let topics = Topic::ALL.into_iter();
                topics
                    .filter(|topic| channel(*topic) == name)
                    .for_each(|topic| own.publish(topic));
            }
            Ok(None) => return,
            // A connection whose other end is gone is as silent as one with nothing to tell.
            Err(_) => {
                let answer = timeout(WAIT, asks.ping::<redis::Value>()).await;
                if !matches!(answer, Ok(Ok(_))) {
                    return;
                }
            }
        }
    }
}
