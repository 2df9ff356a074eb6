//! Notices: the same cases in the process and over Redis.

use std::sync::Arc;
use std::time::Duration;

use slipway_cloud::failure::Failure;
use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::notices::{Heard, LocalNotices, Notices, RedisNotices, Topic};
use slipway_contract::cloud::ProblemCode;
use tokio::time::timeout;

use crate::kit::redis::Redis;

/// The longest that a notice which must come is waited for.
const SURELY: Duration = Duration::from_secs(30);

/// Waits for a notice that must come.
async fn comes(heard: &mut Heard) {
    let came = timeout(SURELY, heard.next()).await;
    assert!(came.is_ok(), "nothing was told");
}

/// What every way to tell must do; `one` and `other` are of two copies, or of the same.
async fn keeps_its_contract(one: Arc<dyn Notices>, other: Arc<dyn Notices>) {
    // Nobody listens yet, and that is no trouble.
    one.publish(Topic::Letters);
    let mut first = one.subscribe(Topic::Letters);
    let mut second = other.subscribe(Topic::Letters);
    let mut third = other.subscribe(Topic::Letters);
    for teller in [&one, &other] {
        teller.publish(Topic::Letters);
        for heard in [&mut first, &mut second, &mut third] {
            comes(heard).await;
        }
    }
    // Told while nobody waits, it is there when somebody does.
    one.publish(Topic::Letters);
    tokio::task::yield_now().await;
    comes(&mut second).await;
    // However many come before one looks, it is told.
    for _ in 0..1000 {
        other.publish(Topic::Letters);
    }
    comes(&mut first).await;
    comes(&mut third).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_process() {
    let notices = Arc::new(LocalNotices::default());
    keeps_its_contract(Arc::clone(&notices) as _, notices).await;
}

/// A copy.
fn copy(redis: &Redis) -> Arc<RedisNotices> {
    let client = redis::Client::open(&*redis.url).expect("a URL");
    Arc::new(RedisNotices::new(client).expect("a copy"))
}

/// Two copies that hear each other.
async fn copies(redis: &Redis) -> (Arc<RedisNotices>, Arc<RedisNotices>) {
    let (one, other) = (copy(redis), copy(redis));
    for (teller, hearer) in [(&one, &other), (&other, &one)] {
        let mut heard = hearer.subscribe(Topic::Letters);
        let joined = async {
            while timeout(Duration::from_millis(100), heard.next())
                .await
                .is_err()
            {
                teller.publish(Topic::Letters);
            }
        };
        timeout(SURELY, joined).await.expect("they hear each other");
    }
    (one, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn between_copies_over_needs_redis() {
    let redis = Redis::start().await;
    let (one, other) = copies(&redis).await;
    keeps_its_contract(one, other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_find_needs_redis_again_and_go_on_by_themselves() {
    let mut redis = Redis::start().await;
    let (one, other) = copies(&redis).await;
    let (mut own, mut others) = (
        one.subscribe(Topic::Letters),
        other.subscribe(Topic::Letters),
    );
    redis.kill();
    one.publish(Topic::Letters);
    comes(&mut own).await;
    redis.start_again().await;
    // That something may have been told meanwhile is told by itself.
    comes(&mut others).await;
    let heard = async {
        while timeout(Duration::from_millis(100), others.next())
            .await
            .is_err()
        {
            one.publish(Topic::Letters);
        }
    };
    timeout(SURELY, heard).await.expect("it is told again");
}

on_both! {
    async fn who_carries_letters_is_told_of_each_that_is_kept(cloud: &Cloud) {
        let mut heard = cloud.server.notices.subscribe(Topic::Letters);
        let letter = &Letter {
            to: "anna@example.com".parse().unwrap(),
            subject: Subject::new("A hull"),
            text: "On its slope.".to_owned(),
        };
        let undone = cloud.server.database.write(|on| async move {
            mail::post(&cloud.server, &on, letter).await?;
            Err::<(), _>(Failure::new(ProblemCode::Conflict, "undone"))
        });
        undone.await.expect_err("undone");
        assert!(futures::FutureExt::now_or_never(heard.next()).is_none(), "of one that was not kept");
        let kept = cloud.server.database.write(|on| async move { mail::post(&cloud.server, &on, letter).await });
        kept.await.expect("kept");
        assert!(futures::FutureExt::now_or_never(heard.next()).is_some(), "of one that is there");
        assert_eq!(cloud.letters().await.len(), 1);
    }
}
