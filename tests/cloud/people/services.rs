//! Signing in with GitHub and Google, played by a script.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use url::Url;

use super::PASSWORD;
use crate::kit::{Answer, Browser, Cloud, Signer};

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

/// What Google says of Anna, but for the sign-in that it is for.
fn claims(now: i64) -> Value {
    json!({
        "iss": "https://accounts.google.com", "aud": "slipway-test", "sub": "g-1", "exp": now + 600,
        "email": ANNA, "email_verified": true, "name": "Anna Lind",
    })
}

/// Goes to Google, which tells this token of what it says; what is answered, and whether that let somebody in.
async fn with_google(
    cloud: &Cloud,
    mut claims: Value,
    token: impl FnOnce(&Value) -> String,
) -> (u16, bool) {
    let mut browser = cloud.browser();
    browser.open("/sign-in").await.is(200);
    let url = go(&mut browser, "/sign-in/google", &[]).await;
    if claims["nonce"].is_null() {
        claims["nonce"] = given(&url, "nonce").into();
    }
    cloud.elsewhere.tell(|told| told.id_token = token(&claims));
    let status = back(&mut browser, "google", &given(&url, "state"))
        .await
        .status;
    (status, browser.is_in().await)
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
        let signer = Signer::new("theirs");
        cloud.elsewhere.tell(|told| told.keys = signer.told());
        let attempt = async |change: &dyn Fn(&mut Value)| {
            let mut claims = claims(now);
            change(&mut claims);
            with_google(cloud, claims, |claims| signer.signed(claims)).await
        };
        for issuer in ["https://evil.example", "https://accounts.google.com.evil.example", ""] {
            assert_eq!(attempt(&|claims| claims["iss"] = issuer.into()).await, (503, false), "{issuer}");
        }
        assert_eq!(attempt(&|claims| claims["aud"] = "another-client".into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["nonce"] = "another".into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["exp"] = (now - 61).into()).await, (503, false));
        assert_eq!(attempt(&|claims| claims["email_verified"] = false.into()).await, (422, false));
        assert_eq!(attempt(&|_| {}).await, (200, true));
    }

    async fn google_is_believed_only_what_it_signed(cloud: &Cloud) {
        let now = cloud.server.clock.now().seconds();
        let (signer, evil) = (Signer::new("theirs"), Signer::new("theirs"));
        let unknown = Signer::new("unknown");
        cloud.elsewhere.tell(|told| told.keys = signer.told());
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let forgeries: [&dyn Fn(&Value) -> String; 7] = [
            // By a key that is not theirs, whatever it calls itself.
            &|claims| evil.signed(claims),
            &|claims| unknown.signed(claims),
            // Signed for something else.
            &|claims| {
                let (signed, said) = (signer.signed(&json!({"sub": "g-2"})), encoded(claims));
                let parts = parts(&signed);
                format!("{}.{said}.{}", parts[0], parts[2])
            },
            // With half a signature, and with none.
            &|claims| {
                let signed = signer.signed(claims);
                signed[..signed.len() - 100].to_owned()
            },
            &|claims| {
                let parts = parts(&signer.signed(claims));
                format!("{}.{}.", parts[0], parts[1])
            },
            &|claims| format!("{}.{}.", encoded(&json!({"alg": "none", "kid": "theirs"})), encoded(claims)),
            // With what everybody knows for a secret (RFC 8725, section 2.1).
            &|claims| {
                let mut header = Header::new(Algorithm::HS256);
                header.kid = Some("theirs".to_owned());
                let known = serde_json::to_vec(&signer.told()).unwrap();
                jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(&known)).unwrap()
            },
        ];
        for (count, forgery) in forgeries.iter().enumerate() {
            let became = with_google(cloud, claims(now), |claims| forgery(claims)).await;
            assert_eq!(became, (503, false), "the forgery at {count}");
        }
        assert_eq!(with_google(cloud, claims(now), |claims| signer.signed(claims)).await, (200, true));
        // A key that it does not tell any more.
        cloud.elsewhere.tell(|told| told.keys = unknown.told());
        assert_eq!(with_google(cloud, claims(now), |claims| signer.signed(claims)).await, (503, false));
    }

    async fn a_session_here_and_one_at_a_service_end_apart(cloud: &Cloud) {
        anna_at_github(cloud);
        let is_asked = || !cloud.elsewhere.asked().is_empty();
        let forget = || cloud.elsewhere.tell(|told| told.asked.clear());
        let mut browser = cloud.browser();
        with_github(&mut browser).await.is(200);
        assert!(browser.is_in().await && is_asked());
        // Whatever becomes of her there, the service is not asked again, and the session has its own time.
        forget();
        cloud.elsewhere.tell(|told| (told.subject, told.verified) = (666, false));
        for _ in 0..4 {
            cloud.clock.forward(6 * 24 * 3600);
            assert!(browser.is_in().await);
        }
        cloud.clock.forward(6 * 24 * 3600);
        assert!(!browser.is_in().await, "a month is the most");
        // Then the service is asked anew, and what it says now counts.
        assert!(!is_asked());
        with_github(&mut browser).await.is(422);
        assert!(is_asked() && !browser.is_in().await);
        anna_at_github(cloud);
        cloud.elsewhere.tell(|told| told.verified = true);
        with_github(&mut browser).await.is(200);
        // Signing out here is signing out here: the service does not hear of it, and no answer of before lets in again.
        forget();
        browser.open("/account").await.is(200);
        browser.submit("/sign-out", &[]).await.is(200);
        assert!(!browser.is_in().await && !is_asked());
        with_github(&mut browser).await.is(200);
        assert!(browser.is_in().await && is_asked());
        // After a quarter of an hour, what matters takes a new answer of the service.
        cloud.clock.forward(15 * 60);
        browser.open("/account/delete").await.is(200);
        assert!(browser.path.starts_with("/confirm?next="), "{}", browser.path);
        with_github(&mut browser).await.is(200);
        browser.open("/account/delete").await.is(200);
        assert_eq!(browser.path, "/account/delete");
    }
}
