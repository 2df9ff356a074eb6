//! A Redis that goes and comes back: the log tells of it once for each change, however many requests there are.

use std::time::Duration;

use super::data;
use crate::kit::get_plain;
use crate::kit::process::Process;
use crate::kit::redis::Redis;

/// What the log tells when it goes, by what uses it.
const GONE: [&str; 2] = [
    "rate limits are this copy's own until it does",
    "copies do not tell each other until it does",
];
/// And when it is back.
const BACK: [&str; 2] = [
    "Redis answers: rate limits are shared",
    "Redis answers: copies tell each other again",
];
/// How long a line that must come is waited for.
const SURELY: Duration = Duration::from_secs(60);

/// Asks for something that is counted.
async fn ask(server: &Process) {
    let url = format!("{}/.well-known/jwks.json", server.url());
    assert_eq!(get_plain(&url).await.0, 200);
}

/// Asks until the log has each of these so often.
async fn asked_until(server: &Process, words: [&str; 2], times: usize) {
    let told = async {
        while words
            .iter()
            .any(|words| server.log().matches(words).count() < times)
        {
            ask(server).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let told = tokio::time::timeout(SURELY, told).await;
    assert!(told.is_ok(), "{words:?}: {}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_once_that_needs_redis_goes_and_once_that_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start().await;
    let (url, data) = (redis.url.clone(), data(folder.path()));
    let server = tokio::task::spawn_blocking(move || {
        Process::serve(&[
            ("SLIPWAY_CLOUD_DATA", &data),
            ("SLIPWAY_CLOUD_RATE_ADDRESS", "1000000"),
            ("REDIS_URL", &url),
        ])
    });
    let server = server.await.unwrap();
    // What is there when it starts is worth no word.
    assert!(!server.log().contains("Redis"), "{}", server.log());
    redis.kill();
    asked_until(&server, GONE, 1).await;
    // For longer than it is left alone before it is asked again.
    for _ in 0..60 {
        ask(&server).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    redis.start_again().await;
    asked_until(&server, BACK, 1).await;
    for _ in 0..40 {
        ask(&server).await;
    }
    for words in GONE.iter().chain(&BACK) {
        let told = server.log().matches(words).count();
        assert_eq!(told, 1, "{words}: {}", server.log());
    }
    // The next time it is told again.
    redis.kill();
    asked_until(&server, GONE, 2).await;
}
