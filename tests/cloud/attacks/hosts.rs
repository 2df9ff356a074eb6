//! What a request says of the host it is for, and of where it comes from, is its sender's word alone.

use serde_json::{Value, json};
use slipway_cloud::limits::Rate;
use slipway_contract::cloud::ProblemCode;

use crate::kit::{Ask, Cloud, Engine};

const EVIL: &str = "evil.example";

/// A request for another host, by everything that may name one.
fn misled(ask: Ask) -> Ask {
    ask.header("host", EVIL)
        .header("x-forwarded-host", EVIL)
        .header("x-forwarded-proto", "gopher")
        .header("x-forwarded-port", "1")
        .header("x-forwarded-prefix", "/evil.example")
        .header("x-original-url", "/evil.example")
        .header("x-rewrite-url", "/evil.example")
        .header("forwarded", "host=evil.example;proto=https;for=6.6.6.6")
}

on_both! {
    async fn links_and_redirects_never_lead_to_the_host_that_is_asked(cloud: &Cloud) {
        let own = &cloud.server.config.public_url;
        for path in ["/account", "/sign-in", "/confirm", "/device", "/oauth/consent", "/health", "/api/docs", "/nowhere",
            "/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/api/v1/openapi.json"] {
            let answer = misled(cloud.get(path)).header("accept", "text/html").send().await;
            assert!(!format!("{:?} {}", answer.headers, answer.text()).contains(EVIL), "{path}: {answer:?}");
        }
        for path in ["/register", "/forgot"] {
            let mut browser = cloud.browser();
            browser.register("Anna", &format!("anna{}@example.com", path.len()), "a hull on its slope").await;
            let mut browser = cloud.browser();
            browser.open(path).await.is(200);
            let (token, cookie) = (browser.token(), format!("slipway-visit={}", browser.cookies["slipway-visit"]));
            let email = format!("anna{}@example.com", path.len());
            let ask = misled(cloud.post(path)).header("cookie", &cookie).header("origin", own);
            ask.form(&[("form_token", &*token), ("email", &*email)]).send().await.is(200);
            let text = cloud.letter(&email).await.0.text;
            assert!(text.contains(own.as_str()) && !text.contains(EVIL), "{path}: {text}");
        }
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let ask = misled(cloud.post(&format!("{}/invitations", harbour.path))).by(&anna);
        ask.json(&json!({"email": "bert@example.com", "role": "viewer"})).send().await.is(201);
        let text = cloud.letter("bert@example.com").await.0.text;
        assert!(text.contains(own.as_str()) && !text.contains(EVIL), "{text}");
    }

    async fn the_audit_log_has_the_address_that_was_seen(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let make = cloud.post("/api/v1/organizations").by(&anna);
        let make = make.header("x-forwarded-for", "6.6.6.6").header("x-real-ip", "6.6.6.6").header("forwarded", "for=6.6.6.6");
        make.json(&json!({"name": "Harbour"})).send().await.is(201);
        let log = cloud.get("/api/v1/account/audit-events").by(&anna).send().await.is(200).read::<Value>();
        assert_eq!(log["items"][0]["address"], "127.0.0.1", "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_does_not_become_another_by_saying_so() {
    let mut config = Cloud::config();
    config.rates.address = Rate::a_minute(3);
    let cloud = Cloud::start_with(Engine::Sqlite, config.clone()).await;
    let ask = |cloud: &Cloud, forwarded: &str| {
        let ask = cloud
            .get("/.well-known/jwks.json")
            .header("x-forwarded-for", forwarded);
        ask.header("x-real-ip", forwarded).send()
    };
    for last in 1..=3 {
        ask(&cloud, &format!("10.0.0.{last}")).await.is(200);
    }
    ask(&cloud, "10.0.0.4")
        .await
        .refused(ProblemCode::RateLimited);
    cloud.stop().await;
    // Behind a proxy of ours, what stands before that one's word is the stranger's still.
    config.proxies = 1;
    let cloud = Cloud::start_with(Engine::Sqlite, config).await;
    for last in 1..=3 {
        ask(&cloud, &format!("10.0.0.{last}, 1.2.3.4"))
            .await
            .is(200);
    }
    ask(&cloud, "10.0.0.4, 1.2.3.4")
        .await
        .refused(ProblemCode::RateLimited);
    ask(&cloud, "1.2.3.4, 10.0.0.4").await.is(200);
    cloud.stop().await;
}
