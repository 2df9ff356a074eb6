//! Signing in with GitHub and Google, played by a script.

use serde_json::json;
use url::Url;

use super::PASSWORD;
use crate::kit::{Answer, Browser, Cloud};

const ANNA: &str = "anna@example.com";

/// Goes to a service; where it was sent, and what it was given along.
async fn go(browser: &mut Browser<'_>, action: &str, fields: &[(&str, &str)]) -> Url {
    let answer = browser.post(action, fields).await.is(303);
    answer.header("location").parse().expect("a URL")
}

fn given(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// Comes back from it.
async fn back(browser: &mut Browser<'_>, service: &str, state: &str) -> Answer {
    browser
        .open(&format!(
            "/sign-in/{service}/back?state={state}&code=the-code"
        ))
        .await
}

pub async fn with_github(browser: &mut Browser<'_>) -> Answer {
    browser.open("/sign-in").await.is(200);
    let url = go(browser, "/sign-in/github", &[]).await;
    back(browser, "github", &given(&url, "state")).await
}

pub fn anna_at_github(cloud: &Cloud) {
    cloud.elsewhere.tell(|told| {
        told.subject = 42;
        told.email = ANNA.to_owned();
    });
}

on_both! {
    async fn github_lets_somebody_in(cloud: &Cloud) {
        anna_at_github(cloud);
        let mut browser = cloud.browser();
        browser.open("/sign-in?next=%2Faccount%2Fpassword").await.is(200);
        let next = browser.hidden("next");
        let url = go(&mut browser, "/sign-in/github", &[("next", &next)]).await;
        assert!(url.as_str().starts_with(&format!("{}/authorize", cloud.elsewhere.url)));
        assert_eq!(given(&url, "code_challenge_method"), "S256");
        assert_eq!(given(&url, "redirect_uri"), format!("{}/sign-in/github/back", cloud.server.config.public_url));
        let state = given(&url, "state");
        back(&mut browser, "github", &state).await.is(200);
        assert_eq!(browser.path, "/account/password");
        let asked = cloud.elsewhere.asked();
        let told = |name: &str| asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!((told("code"), told("client_secret")), (Some("the-code"), Some("their secret")));
        assert!(told("code_verifier").is_some_and(|verifier| verifier.len() == 43));
        // The answer is good once.
        back(&mut browser, "github", &state).await.is(422);
        // The next time it is the same account, also with another address there.
        cloud.elsewhere.tell(|told| told.email = "new@example.com".to_owned());
        let mut other = cloud.browser();
        with_github(&mut other).await.is(200);
        assert!(other.is_in().await && other.page.contains(ANNA));
    }

    async fn an_answer_belongs_to_the_browser_that_asked(cloud: &Cloud) {
        anna_at_github(cloud);
        let mut eve = cloud.browser();
        eve.open("/sign-in").await.is(200);
        let url = go(&mut eve, "/sign-in/github", &[]).await;
        let state = given(&url, "state");
        // Eve lures Anna's browser to the answer of her own sign-in.
        let mut anna = cloud.browser();
        anna.open("/sign-in").await.is(200);
        back(&mut anna, "github", &state).await.is(422);
        back(&mut anna, "github", "made-up").await.is(422);
        anna.open("/sign-in/github/back").await.is(422);
        assert!(!anna.is_in().await);
        // And of one service for the other.
        eve.open("/sign-in").await.is(200);
        let url = go(&mut eve, "/sign-in/github", &[]).await;
        back(&mut eve, "google", &given(&url, "state")).await.is(422);
        anna.open("/sign-in").await.is(200);
        anna.post("/sign-in/gitlab", &[]).await.is(404);
    }

    async fn an_address_that_is_not_verified_opens_nothing(cloud: &Cloud) {
        anna_at_github(cloud);
        cloud.elsewhere.tell(|told| told.verified = false);
        let mut browser = cloud.browser();
        with_github(&mut browser).await.is(422);
        assert!(!browser.is_in().await);
    }

    async fn an_account_is_connected_only_by_who_is_in_it(cloud: &Cloud) {
        anna_at_github(cloud);
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        // Somebody with a GitHub account of this address does not get in.
        let mut other = cloud.browser();
        let page = with_github(&mut other).await.is(409).text();
        assert!(page.contains("connect GitHub"), "{page}");
        assert!(!other.is_in().await);
        browser.open("/account").await.is(200);
        let url = go(&mut browser, "/account/services/github", &[]).await;
        // Signed in as somebody else, or not at all, nothing is connected.
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        back(&mut eve, "github", &given(&url, "state")).await.is(422);
        browser.open("/account").await.is(200);
        let url = go(&mut browser, "/account/services/github", &[]).await;
        back(&mut browser, "github", &given(&url, "state")).await.is(200);
        assert!(browser.page.contains("Disconnect") && browser.page.contains("The service is connected."), "{}", browser.page);
        with_github(&mut other).await.is(200);
        assert!(other.is_in().await);
        // It is Anna's now, and nobody else's.
        eve.open("/account").await.is(200);
        let url = go(&mut eve, "/account/services/github", &[]).await;
        back(&mut eve, "github", &given(&url, "state")).await.is(409);
        browser.open("/account").await.is(200);
        browser.submit("/account/services/github/remove", &[]).await.is(200);
        assert!(browser.page.contains("The service is disconnected."), "{}", browser.page);
        with_github(&mut cloud.browser()).await.is(409);
    }

    async fn google_is_believed_only_what_is_for_us(cloud: &Cloud) {
        let now = cloud.server.clock.now().seconds();
        let url = cloud.elsewhere.url.clone();
        let claims = |nonce: &str| json!({
            "iss": url, "aud": "slipway-test", "sub": "g-1", "exp": now + 600, "nonce": nonce,
            "email": ANNA, "email_verified": true, "name": "Anna Lind",
        });
        let attempt = async |change: &dyn Fn(&mut serde_json::Value)| {
            let mut browser = cloud.browser();
            browser.open("/sign-in").await.is(200);
            let url = go(&mut browser, "/sign-in/google", &[]).await;
            let mut claims = claims(&given(&url, "nonce"));
            change(&mut claims);
            cloud.elsewhere.tell(|told| told.claims = claims);
            let status = back(&mut browser, "google", &given(&url, "state")).await.status;
            (status, browser.is_in().await)
        };
        assert_eq!(attempt(&|claims| claims["iss"] = "https://evil.example".into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["aud"] = "another-client".into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["nonce"] = "another".into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["exp"] = (now - 61).into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["email_verified"] = false.into()).await, (422, false));
        assert_eq!(attempt(&|_| {}).await, (200, true));
    }
}
