//! The state in Redis, for several copies.

use std::time::Duration;

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult, Script};

use super::{Leave, Limits, NoLimits, Rate, seconds};
use crate::clock::Moment;

/// The same steps as [`decide`](super::decide), done where the state is, so that copies do not race.
const STEPS: &str = r"
local now, share, whole = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local at = tonumber(redis.call('GET', KEYS[1]) or now)
if at < now then at = now end
if at > now + whole then at = now + whole end
local following = at + share
local given = following - now <= whole
if given then at = following end
local keep = math.ceil((at - now) / 1000) + 1000
redis.call('SET', KEYS[1], string.format('%.0f', at), 'PX', keep)
return {given and 1 or 0, string.format('%.0f', at - now), string.format('%.0f', following - now - whole)}
";

/// The state in Redis.
pub struct RedisLimits {
    connection: ConnectionManager,
    steps: Script,
}

impl std::fmt::Debug for RedisLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisLimits(…)")
    }
}

/// How long Redis may take to be connected to.
const CONNECTING: Duration = Duration::from_secs(2);

/// A connection that is made when it is first needed, and anew when it breaks.
///
/// # Errors
/// When it could never be made.
pub fn lazily(client: Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECTING))
        .set_number_of_retries(1);
    ConnectionManager::new_lazy_with_config(client, config)
}

impl RedisLimits {
    /// Over this connection, which is made anew when it breaks.
    #[must_use]
    pub fn new(connection: ConnectionManager) -> Self {
        Self {
            connection,
            steps: Script::new(STEPS),
        }
    }
}

#[async_trait]
impl Limits for RedisLimits {
    async fn take(&self, key: &str, rate: Rate, now: Moment) -> Result<Leave, NoLimits> {
        let mut connection = self.connection.clone();
        let asked: Result<(i64, String, String), _> = self
            .steps
            .key(format!("slipway:limit:{key}"))
            .arg(now.0.saturating_mul(1000))
            .arg(rate.share())
            .arg(rate.whole())
            .invoke_async(&mut connection)
            .await;
        let (given, ahead, over) = asked.map_err(|error| NoLimits(error.to_string()))?;
        let micros = |text: &str| {
            text.parse::<i64>()
                .map_err(|error| NoLimits(error.to_string()))
        };
        let (ahead, over, given) = (micros(&ahead)?, micros(&over)?, given == 1);
        Ok(Leave {
            given,
            remaining: u32::try_from((rate.whole() - ahead) / rate.share().max(1)).unwrap_or(0),
            retry_after: if given { 0 } else { seconds(over).max(1) },
            whole_after: seconds(ahead),
        })
    }
}
