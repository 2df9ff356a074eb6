//! Second factors.

use std::collections::BTreeSet;

use sea_orm::EntityTrait as _;
use slipway_cloud::tables::recovery_codes;
use totp_rs::{Builder, Secret};

use super::PASSWORD;
use crate::kit::{Browser, Cloud};

const ANNA: &str = "anna@example.com";

/// What an authenticator app shows now.
pub fn code(cloud: &Cloud, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("a secret");
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name("anna")
        .build()
        .expect("an app");
    let now = cloud.server.clock.now().seconds();
    totp.generate(u64::try_from(now).expect("a time"))
        .to_string()
}

/// Adds an app to who is signed in: its secret, and the recovery codes.
pub async fn add_app(cloud: &Cloud, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    browser.open("/account").await.is(200);
    browser.submit("/account/totp", &[]).await.is(200);
    let page = browser.page.clone();
    let inside = |start: &str, end: &str| {
        let at = page.find(start).expect("a start") + start.len();
        page[at..].split(end).next().expect("an end").to_owned()
    };
    assert!(page.contains("<svg"));
    let secret = inside("<p class=\"well\"><code>", "<");
    browser
        .submit("/account/totp/confirm", &[("code", "000000")])
        .await
        .is(422);
    browser
        .submit("/account/totp/confirm", &[("code", &code(cloud, &secret))])
        .await
        .is(200);
    let codes = browser
        .page
        .split("<code>")
        .skip(1)
        .map(|rest| rest.split('<').next().expect("a code").to_owned());
    (secret, codes.collect())
}

on_both! {
    async fn a_code_is_asked_for_and_good_once(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (secret, _) = add_app(cloud, &mut browser).await;
        // The code that confirmed the app is used up.
        let mut other = cloud.browser();
        other.sign_in(ANNA, PASSWORD).await.is(200);
        assert!(other.path.starts_with("/sign-in/second"));
        let ticket = other.hidden("ticket");
        let now = code(cloud, &secret);
        other.submit("/sign-in/second", &[("ticket", &ticket), ("code", &now)]).await.is(422);
        cloud.clock.forward(30);
        let now = code(cloud, &secret);
        // Half a sign-in is none.
        assert!(!other.is_in().await);
        other.submit("/sign-in/second", &[("ticket", &ticket), ("code", &now)]).await.is(200);
        assert!(other.is_in().await);
        // Somebody who saw it cannot use it again within its time, nor the ticket.
        let mut eve = cloud.browser();
        eve.sign_in(ANNA, PASSWORD).await.is(200);
        let hers = eve.hidden("ticket");
        eve.submit("/sign-in/second", &[("ticket", &hers), ("code", &now)]).await.is(422);
        eve.submit("/sign-in/second", &[("ticket", &ticket), ("code", &now)]).await.is(422);
        assert!(!eve.is_in().await);
    }

    async fn half_a_sign_in_belongs_to_its_browser_and_its_time(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (secret, _) = add_app(cloud, &mut browser).await;
        cloud.clock.forward(30);
        let mut begun = cloud.browser();
        begun.sign_in(ANNA, PASSWORD).await.is(200);
        let (ticket, path) = (begun.hidden("ticket"), begun.path.clone());
        let mut eve = cloud.browser();
        eve.open(&path).await.is(422);
        eve.open("/sign-in").await.is(200);
        eve.post("/sign-in/second", &[("ticket", &ticket), ("code", &code(cloud, &secret))]).await.is(422);
        cloud.clock.forward(600);
        begun.open("/sign-in").await.is(200);
        begun.post("/sign-in/second", &[("ticket", &ticket), ("code", &code(cloud, &secret))]).await.is(422);
        assert!(!begun.is_in().await && !eve.is_in().await);
    }

    async fn a_recovery_code_is_good_once(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (_, codes) = add_app(cloud, &mut browser).await;
        assert_eq!(codes.len(), 10);
        // They are there as a file, too, each on a line of its own.
        let (_, file) = browser.page.split_once("href=\"data:text/plain,").expect("a file");
        let file = file.split('"').next().expect("an end").replace("%0A", "\n");
        assert!(file.ends_with(&format!("\n\n{}\n", codes.join("\n"))), "{file}");
        let enter = async |recovery: &str| {
            let mut other = cloud.browser();
            other.sign_in(ANNA, PASSWORD).await.is(200);
            let ticket = other.hidden("ticket");
            other.submit("/sign-in/second", &[("ticket", &ticket), ("recovery", recovery)]).await;
            other.is_in().await
        };
        assert!(!enter("0000-0000-0000-0000").await);
        assert!(enter(&codes[0].to_uppercase().replace('-', " ")).await);
        assert!(!enter(&codes[0]).await);
        assert!(enter(&codes[1]).await);
        // New ones void the old ones.
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("Recovery codes: 8 left"));
        // Not at one click: the others would be void before anybody thinks of it.
        assert!(!browser.page.contains("action=\"/account/recovery-codes\""));
        browser.open("/account/recovery-codes").await.is(200);
        assert!(browser.page.contains("void at once"));
        browser.submit("/account/recovery-codes", &[]).await.is(200);
        assert!(!enter(&codes[2]).await);
        let told = cloud.letters().await;
        assert!(told.iter().any(|letter| letter.0.text.contains("recovery codes was used")));
    }

    async fn recovery_codes_are_not_kept_as_they_are(cloud: &Cloud) {
        let mut browsers = Vec::new();
        let mut all = BTreeSet::new();
        for email in [ANNA, "eve@example.com"] {
            let mut browser = cloud.browser();
            browser.register("Anna", email, PASSWORD).await;
            all.extend(add_app(cloud, &mut browser).await.1);
            browsers.push(browser);
        }
        assert_eq!(all.len(), 20, "no two are the same");
        let kept = recovery_codes::Entity::find().all(cloud.server.database.read()).await.unwrap();
        assert_eq!(kept.len(), 20);
        for row in kept {
            assert_eq!(row.hash.len(), 32);
            let row = format!("{row:?}");
            assert!(all.iter().all(|code| !row.contains(&**code)), "{row}");
        }
    }

    async fn codes_are_not_guessed(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        add_app(cloud, &mut browser).await;
        let mut tried = 0;
        // Whoever knows the password, for three days: as often as they may.
        for _ in 0..3 * 12 {
            let mut eve = cloud.browser();
            eve.sign_in(ANNA, PASSWORD).await.is(200);
            let ticket = eve.hidden("ticket");
            for _ in 0..60 {
                let answer = eve.post("/sign-in/second", &[("ticket", &ticket), ("code", "000000")]).await;
                if answer.status != 422 {
                    assert!(answer.is(429).header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
                    break;
                }
                tried += 1;
            }
            cloud.clock.forward(2 * 3600);
        }
        // Less than 10 a day, of which one in 330,000 is right.
        assert!((15..30).contains(&tried), "{tried}");
    }

    async fn wrong_codes_shut_out_no_other_factor(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (secret, codes) = add_app(cloud, &mut browser).await;
        let half = async |password: &str| {
            let mut other = cloud.browser();
            other.sign_in(ANNA, password).await.is(200);
            let ticket = other.hidden("ticket");
            (other, ticket)
        };
        let guess = async || {
            let (mut eve, ticket) = half(PASSWORD).await;
            for _ in 0..10 {
                eve.post("/sign-in/second", &[("ticket", &ticket), ("code", "000000")]).await.is(422);
            }
            eve.post("/sign-in/second", &[("ticket", &ticket), ("code", "000000")]).await.is(429);
        };
        guess().await;
        let (mut anna, ticket) = half(PASSWORD).await;
        anna.submit("/sign-in/second", &[("ticket", &ticket), ("recovery", &codes[0])]).await.is(200);
        assert!(anna.is_in().await);
        // The app itself waits for a minute only.
        cloud.clock.forward(61);
        let (mut anna, ticket) = half(PASSWORD).await;
        anna.submit("/sign-in/second", &[("ticket", &ticket), ("code", &code(cloud, &secret))]).await.is(200);
        assert!(anna.is_in().await);
        let (mut eve, ticket) = half(PASSWORD).await;
        eve.post("/sign-in/second", &[("ticket", &ticket), ("code", "000000")]).await.is(422);
        eve.post("/sign-in/second", &[("ticket", &ticket), ("code", "000000")]).await.is(429);
        // With a new password, who guessed is out, and what they tried is forgotten.
        let (mut eve, begun) = half(PASSWORD).await;
        cloud.letters().await;
        let mut mailbox = cloud.browser();
        mailbox.open("/forgot").await.is(200);
        mailbox.submit("/forgot", &[("email", ANNA)]).await.is(200);
        mailbox.open(&cloud.letter(ANNA).await.link()).await.is(200);
        let reset = mailbox.hidden("ticket");
        mailbox.submit("/reset", &[("ticket", &reset), ("password", "a slope under a hull")]).await.is(200);
        cloud.clock.forward(30);
        eve.post("/sign-in/second", &[("ticket", &begun), ("code", &code(cloud, &secret))]).await.is(422);
        let (mut anna, ticket) = half("a slope under a hull").await;
        anna.submit("/sign-in/second", &[("ticket", &ticket), ("code", &code(cloud, &secret))]).await.is(200);
        assert!(anna.is_in().await);
    }

    async fn a_reset_does_not_go_round_the_second_factor(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        add_app(cloud, &mut browser).await;
        cloud.letters().await;
        let mut mailbox = cloud.browser();
        mailbox.open("/forgot").await.is(200);
        mailbox.submit("/forgot", &[("email", ANNA)]).await.is(200);
        mailbox.open(&cloud.letter(ANNA).await.link()).await.is(200);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/reset", &[("ticket", &ticket), ("password", "a slope under a hull")]).await.is(200);
        assert!(!mailbox.is_in().await);
        mailbox.sign_in(ANNA, "a slope under a hull").await.is(200);
        assert!(mailbox.path.starts_with("/sign-in/second") && !mailbox.is_in().await);
    }

    async fn an_app_is_removed_after_a_question(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        add_app(cloud, &mut browser).await;
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("action=\"/account/totp/remove\""), "{}", browser.page);
        browser.open("/account/totp/remove").await.is(200);
        browser.submit("/account/totp/remove", &[]).await.is(200);
        assert!(browser.page.contains("action=\"/account/totp\"") && browser.page.contains("app is removed."), "{}", browser.page);
    }

    async fn a_stolen_session_does_not_remove_the_app(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        add_app(cloud, &mut browser).await;
        cloud.clock.forward(15 * 60);
        browser.open("/account").await.is(200);
        browser.submit("/account/totp/remove", &[]).await.is(200);
        assert!(browser.path.starts_with("/confirm"), "{}", browser.path);
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("/account/totp/remove"));
    }
}
