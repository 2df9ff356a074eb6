//! Rate limits: the same cases on the state in the process and in Redis, and over requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use slipway_cloud::clock::Moment;
use slipway_cloud::config::Config;
use slipway_cloud::http::origin::Origin;
use slipway_cloud::http::rate::Class;
use slipway_cloud::limits::{
    Leave, Limits, LocalLimits, NoLimits, Rate, RedisLimits, SharedLimits,
};
use slipway_cloud::pages;
use slipway_contract::cloud::ProblemCode;

use crate::kit::redis::Redis;
use crate::kit::{Cloud, Engine};

const START: i64 = 1_790_000_000_000;

/// What every place of the state must do.
async fn keeps_its_contract(limits: Arc<dyn Limits>) {
    let rate = Rate {
        count: 4,
        seconds: 8,
    };
    let ask = |key: &'static str, at: i64| {
        let limits = Arc::clone(&limits);
        async move {
            let leave = limits
                .take(key, rate, Moment(START + at))
                .await
                .expect("leave or none");
            (
                leave.given,
                leave.remaining,
                leave.retry_after,
                leave.whole_after,
            )
        }
    };
    assert_eq!(ask("anna", 0).await, (true, 3, 0, 2));
    assert_eq!(ask("anna", 0).await, (true, 2, 0, 4));
    assert_eq!(
        ask("bert", 0).await,
        (true, 3, 0, 2),
        "others have their own"
    );
    assert_eq!(ask("anna", 0).await, (true, 1, 0, 6));
    assert_eq!(ask("anna", 0).await, (true, 0, 0, 8));
    assert_eq!(ask("anna", 0).await, (false, 0, 2, 8));
    assert_eq!(
        ask("anna", 500).await,
        (false, 0, 2, 8),
        "a refusal costs nothing"
    );
    assert_eq!(ask("anna", 2000).await, (true, 0, 0, 8));
    assert_eq!(ask("anna", 60_000).await, (true, 3, 0, 2));
    // A clock that was set back by an hour shuts nobody out for longer than the allowance takes to grow.
    let (given, _, retry_after, _) = ask("anna", -3_540_000).await;
    assert!(!given && retry_after == 2);
    assert!(ask("anna", -3_538_000).await.0);
    // At once, from many: exactly as many as there are.
    let many: Vec<_> = (0..50).map(|_| tokio::spawn(ask("many", 0))).collect();
    let mut given = 0;
    for one in many {
        given += u32::from(one.await.expect("no panic").0);
    }
    assert_eq!(given, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_process() {
    keeps_its_contract(Arc::new(LocalLimits::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_needs_redis() {
    let redis = Redis::start().await;
    let connection = redis.connect().await.expect("a connection");
    keeps_its_contract(Arc::new(RedisLimits::new(connection))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_share_over_needs_redis_and_go_on_without_it() {
    let mut redis = Redis::start().await;
    let mut copies = Vec::new();
    for _ in 0..2 {
        copies.push(SharedLimits::new(RedisLimits::new(
            redis.connect().await.expect("a connection"),
        )));
    }
    let rate = Rate {
        count: 2,
        seconds: 3600,
    };
    let now = Moment(START);
    assert!(
        copies[0]
            .take("anna", rate, now)
            .await
            .expect("leave")
            .given
    );
    assert!(
        copies[1]
            .take("anna", rate, now)
            .await
            .expect("leave")
            .given
    );
    assert!(!copies[0].take("anna", rate, now).await.expect("none").given);
    assert!(!copies[1].take("anna", rate, now).await.expect("none").given);
    redis.kill();
    // Each by itself now, and still not without end.
    for copy in &copies {
        let mut given = 0;
        for _ in 0..5 {
            given += u32::from(copy.take("anna", rate, now).await.expect("an answer").given);
        }
        assert_eq!(given, 2);
    }
}

/// A place of the state that never answers; how often it was asked.
#[derive(Debug, Default)]
struct Hanging(AtomicU32);

#[async_trait::async_trait]
impl Limits for &'static Hanging {
    async fn take(&self, _: &str, _: Rate, _: Moment) -> Result<Leave, NoLimits> {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_hangs_is_not_asked_for_each_request() {
    let hanging: &'static Hanging = Box::leak(Box::default());
    let limits = SharedLimits::new(hanging);
    let rate = Rate::a_minute(100);
    for _ in 0..100 {
        let leave = limits
            .take("anna", rate, Moment(START))
            .await
            .expect("leave");
        assert!(leave.given);
    }
    assert!(
        !limits
            .take("anna", rate, Moment(START))
            .await
            .expect("none")
            .given
    );
    assert_eq!(hanging.0.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_and_addresses_are_told_when_they_ask_too_often() {
    let mut config = Config::at("");
    config.rates.reads = Rate::a_minute(3);
    config.rates.writes = Rate::a_minute(2);
    config.rates.address = Rate::a_minute(12);
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
    for left in [
        "\"read\";r=2;t=20",
        "\"read\";r=1;t=40",
        "\"read\";r=0;t=60",
    ] {
        let answer = cloud.get("/api/v1/account").by(&anna).send().await.is(200);
        assert_eq!(answer.header("ratelimit"), left);
        assert_eq!(answer.header("ratelimit-policy"), "\"read\";q=3;w=60");
    }
    let answer = cloud.get("/api/v1/account").by(&anna).send().await;
    assert_eq!(answer.header("retry-after"), "20");
    assert_eq!(answer.header("ratelimit"), "\"read\";r=0;t=60");
    answer.refused(ProblemCode::RateLimited);
    // Writing is counted by itself, and others are not held up.
    let change = serde_json::json!({"name": "Anna"});
    cloud
        .patch("/api/v1/account")
        .by(&anna)
        .header("if-match", "*")
        .json(&change)
        .send()
        .await
        .is(200);
    cloud.get("/api/v1/account").by(&bert).send().await.is(200);
    cloud.clock.forward(20);
    cloud.get("/api/v1/account").by(&anna).send().await.is(200);
    // All of one address, with whatever token.
    for _ in 0..9 {
        cloud.get("/.well-known/jwks.json").send().await.is(200);
    }
    cloud
        .get("/.well-known/jwks.json")
        .send()
        .await
        .refused(ProblemCode::RateLimited);
    // What asks whether the server is there is answered all the same.
    for probe in ["/health", "/ready"] {
        cloud.get(probe).send().await.is(204);
    }
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_find_out_who_somebody_is_share_the_rate_of_signing_in() {
    let listed = pages::routes();
    let listed: Vec<_> = listed
        .iter()
        .filter(|page| page.class == Some(Class::SignIn))
        .map(|page| page.path)
        .collect();
    let expected = [
        "/verify",
        "/sign-in",
        "/sign-in/known",
        "/sign-in/second",
        "/sign-in/passkey",
        "/sign-in/{provider}/back",
        "/reset",
        "/account/password",
    ];
    assert_eq!(listed, expected);
    let mut config = Cloud::config();
    (config.rates.sign_in, config.rates.tokens) = (Rate::a_minute(3), Rate::a_minute(2));
    config.proxies = 1;
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let mut eve = cloud.browser_at("10.0.0.1");
    let fields = [("email", "anna@example.com"), ("password", "a wrong word")];
    eve.open("/sign-in").await.is(200);
    for left in [2, 1, 0] {
        let answer = eve.post("/sign-in", &fields).await.is(422);
        let told = answer.header("ratelimit");
        assert!(
            told.starts_with(&format!("\"sign-in\";r={left};")),
            "{told}"
        );
    }
    let answer = eve.post("/sign-in", &fields).await.is(429);
    assert_eq!(answer.header("retry-after"), "20");
    // Programs that renew their tokens keep nobody from signing in, nor the other way round, and another network's rates
    // are others.
    let token = |address: &str| {
        let ask = cloud
            .post("/oauth/token")
            .header("x-forwarded-for", address);
        ask.form(&[("grant_type", "refresh_token")]).send()
    };
    for left in [1, 0] {
        let answer = token("10.0.0.1").await.is(400);
        let told = answer.header("ratelimit");
        assert!(told.starts_with(&format!("\"tokens\";r={left};")), "{told}");
    }
    for _ in 0..2 {
        token("10.0.0.2").await.is(400);
    }
    token("10.0.0.2").await.is(429);
    cloud
        .browser_at("10.0.0.2")
        .sign_in("anna@example.com", "a wrong word")
        .await
        .is(422);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_site_has_a_part_of_the_places_where_passwords_are_hashed() {
    let mut config = Cloud::config();
    (config.people.at_once, config.people.waiting, config.proxies) = (1, 3, 1);
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    let from = |address: &str| Origin {
        address: address.to_owned(),
        agent: String::new(),
        request: String::new(),
    };
    let sign_in = async |address: &str| {
        let mut eve = cloud.browser_at(address);
        eve.sign_in("anna@example.com", "a wrong word").await.status
    };
    let places = [from("10.0.0.1"), from("2001:db8:1:2::3")];
    let held: Vec<_> = places
        .iter()
        .map(|origin| cloud.server.people.place(origin).expect("a place"))
        .collect();
    for address in ["10.0.0.1", "2001:db8:1:7::1"] {
        assert_eq!(sign_in(address).await, 429, "{address}");
    }
    for address in ["10.0.0.2", "2001:db8:2:2::3"] {
        assert_eq!(sign_in(address).await, 422, "{address}");
    }
    drop(held);
    assert_eq!(sign_in("10.0.0.1").await, 422);
    cloud.stop().await;
}
