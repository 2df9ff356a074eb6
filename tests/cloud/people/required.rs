//! A server that asks everybody for a second factor.

use axum::http::Method;
use serde_json::{Value, json};
use slipway_cloud::config::Config;
use slipway_cloud::endpoints;
use slipway_cloud::http::access::Access;
use slipway_cloud::pages::{self, PageAccess};
use slipway_cloud::tables::totp_secrets;
use slipway_contract::cloud::ProblemCode;

use super::PASSWORD;
use super::factors::code;
use crate::kit::{Cloud, Engine, Person};

const ANNA: &str = "anna@example.com";

fn required() -> Config {
    let mut config = Cloud::config();
    config.people.second_factor_required = true;
    config
}

/// A path with something in the place of what varies in it.
fn some(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "01900000-0000-7000-8000-000000000000",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn a_page_leads_to_setting_one_up(cloud: &Cloud) {
    let mut browser = cloud.browser();
    browser
        .open("/register?next=%2Faccount%2Femail")
        .await
        .is(200);
    let next = browser.hidden("next");
    browser
        .submit("/register", &[("email", ANNA), ("next", &next)])
        .await
        .is(200);
    browser.open(&cloud.letter(ANNA).await.link()).await.is(200);
    let ticket = browser.hidden("ticket");
    let fields = [
        ("ticket", &*ticket),
        ("name", "Anna"),
        ("password", PASSWORD),
    ];
    browser.submit("/verify", &fields).await.is(200);
    let first = "/account/second-factor?next=%2Faccount%2Femail";
    assert_eq!(browser.path, first);
    for page in pages::routes() {
        if page.access == PageAccess::Anybody || page.leads_to_factor {
            continue;
        }
        let path = some(page.path);
        if page.method == Method::GET {
            browser.open(&path).await.is(200);
            assert!(
                browser.path.starts_with("/account/second-factor?next="),
                "{path}: {}",
                browser.path
            );
        } else {
            let answer = browser.post(&path, &[]).await.is(303);
            assert_eq!(
                answer.header("location"),
                "/account/second-factor?next=%2Faccount",
                "{path}"
            );
        }
    }
    // Also after a while, when setting one up takes signing in anew.
    cloud.clock.forward(3600);
    browser.open("/account/email").await.is(200);
    assert!(
        browser.path.starts_with("/confirm?next="),
        "{}",
        browser.path
    );
    let next = browser.hidden("next");
    browser
        .submit(
            "/sign-in",
            &[("email", ANNA), ("password", PASSWORD), ("next", &next)],
        )
        .await
        .is(200);
    assert_eq!(browser.path, first);
    let next = browser.hidden("next");
    browser
        .submit("/account/totp", &[("next", &next)])
        .await
        .is(200);
    let secret = browser
        .page
        .split("<p class=\"well\"><code>")
        .nth(1)
        .expect("a secret");
    let secret = secret.split('<').next().expect("a secret").to_owned();
    let next = browser.hidden("next");
    browser
        .submit(
            "/account/totp/confirm",
            &[("code", "000000"), ("next", &next)],
        )
        .await
        .is(422);
    let next = browser.hidden("next");
    browser
        .submit(
            "/account/totp/confirm",
            &[("code", &code(cloud, &secret)), ("next", &next)],
        )
        .await
        .is(200);
    assert!(
        browser.page.contains("href=\"/account/email\">Go on"),
        "{}",
        browser.page
    );
    browser.open("/account/email").await.is(200);
    assert_eq!(browser.path, "/account/email");
    // Who removes it has none again.
    browser.open("/account").await.is(200);
    browser.submit("/account/totp/remove", &[]).await.is(200);
    assert_eq!(
        browser.path,
        "/account/second-factor?next=%2Faccount%3Fdone%3Dapp-removed"
    );
    browser.submit("/sign-out", &[]).await.is(200);
    assert_eq!(browser.path, "/sign-in");
}

/// Gives somebody an app as far as the server sees.
async fn give_app(cloud: &Cloud, person: &Person) {
    let now = cloud.server.clock.now();
    let row = totp_secrets::Model {
        account_id: person.id.0,
        sealed: Vec::new(),
        confirmed_at: Some(now),
        last_step: 0,
        created_at: now,
    };
    totp_secrets::insert(cloud.server.database.read(), row)
        .await
        .expect("an app");
}

async fn a_token_does_nothing_without_one(cloud: &Cloud) {
    let anna = cloud.person("anna").await;
    let mut asked = 0;
    for route in endpoints::listed() {
        if route.access == Access::Public {
            continue;
        }
        let method = route.method.parse().expect("a method");
        let answer = cloud.ask(method, &some(&route.path)).by(&anna).send().await;
        let problem = answer.refused(ProblemCode::SecondFactorRequired);
        assert!(
            problem.detail.contains("/account/second-factor"),
            "{problem:?}"
        );
        asked += 1;
    }
    assert!(asked > 40, "{asked}");
    give_app(cloud, &anna).await;
    cloud.get("/api/v1/account").by(&anna).send().await.is(200);
    // A key is no sign-in, and goes on.
    let new = json!({"name": "Build", "scopes": ["account:read"]});
    let made = cloud
        .post("/api/v1/keys")
        .by(&anna)
        .json(&new)
        .send()
        .await
        .is(201)
        .read::<Value>();
    totp_secrets::delete(cloud.server.database.read(), anna.id)
        .await
        .expect("gone");
    cloud
        .get("/api/v1/account")
        .by(&anna)
        .send()
        .await
        .refused(ProblemCode::SecondFactorRequired);
    cloud
        .get("/api/v1/account")
        .token(made["secret"].as_str().unwrap())
        .send()
        .await
        .is(200);
}

async fn on(engine: Engine) {
    let cloud = Cloud::start_with(engine, required()).await;
    a_page_leads_to_setting_one_up(&cloud).await;
    a_token_does_nothing_without_one(&cloud).await;
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_none_sets_one_up_first_on_sqlite() {
    on(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_none_sets_one_up_first_on_needs_postgres() {
    on(Engine::Postgres).await;
}
