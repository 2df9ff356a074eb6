//! Where pages lead: on to where somebody was going, and back to what they were doing.

use slipway_cloud::config::Config;
use slipway_cloud::tables::passkeys;

use super::PASSWORD;
use super::factors::add_app;
use crate::kit::{Browser, Cloud, Engine, Person};

const ANNA: &str = "anna@example.com";
const ON: &str = "/sign-in?next=%2Fdevice%3Fuser_code%3DABC";

/// The secret of the app that is being added.
fn secret(browser: &Browser<'_>) -> String {
    let rest = browser.page.split("<p class=\"well\"><code>").nth(1);
    let rest = rest.unwrap_or_else(|| panic!("a secret in {}", browser.page));
    rest.split('<').next().expect("an end").to_owned()
}

/// Gives somebody a passkey as far as the server's lists see.
async fn give_passkey(cloud: &Cloud, person: &Person) -> String {
    let now = cloud.server.clock.now();
    let id = cloud.server.chance.id(now).unwrap();
    let row = passkeys::Model {
        id,
        account_id: person.id.0,
        credential_id: id.as_bytes().to_vec(),
        credential: "{}".to_owned(),
        name: "A key on a ring".to_owned(),
        revision: 1,
        created_at: now,
        last_used_at: None,
    };
    passkeys::insert(cloud.server.database.read(), row)
        .await
        .unwrap();
    format!("/account/passkeys/remove?passkey={id}")
}

on_both! {
    async fn a_forgotten_password_does_not_lose_where_somebody_was_going(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        let mut browser = cloud.browser();
        browser.open(ON).await.is(200);
        let forgot = ON.replace("/sign-in", "/forgot");
        assert!(browser.page.contains(&format!("href=\"{forgot}\"")), "{}", browser.page);
        browser.open(&forgot).await.is(200);
        assert!(browser.page.contains(&format!("href=\"{ON}\"")), "there is a way back: {}", browser.page);
        let next = browser.hidden("next");
        browser.submit("/forgot", &[("email", ANNA), ("next", &next)]).await.is(200);
        // A letter that is opened elsewhere may be one that a stranger asked for, and leads nowhere of theirs.
        let mut mailbox = cloud.browser();
        let link = cloud.letter(ANNA).await.link();
        mailbox.open(&link).await.is(200);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/reset", &[("ticket", &ticket), ("password", PASSWORD)]).await.is(200);
        assert!(!mailbox.page.contains(ON), "{}", mailbox.page);
        browser.open(&forgot).await.is(200);
        browser.submit("/forgot", &[("email", ANNA), ("next", &next)]).await.is(200);
        let letters = cloud.letters().await;
        browser.open(&letters.last().expect("a letter").link()).await.is(200);
        let ticket = browser.hidden("ticket");
        browser.submit("/reset", &[("ticket", &ticket), ("password", PASSWORD)]).await.is(200);
        assert!(browser.page.contains(&format!("href=\"{ON}\"")), "{}", browser.page);
        // Who was going nowhere is led to their account alone, and nobody away from here.
        for asked in ["", "//evil.example", "https://evil.example"] {
            mailbox.open("/forgot").await.is(200);
            mailbox.submit("/forgot", &[("email", ANNA), ("next", asked)]).await.is(200);
            let letters = cloud.letters().await;
            mailbox.open(&letters.last().expect("a letter").link()).await.is(200);
            let ticket = mailbox.hidden("ticket");
            mailbox.submit("/reset", &[("ticket", &ticket), ("password", PASSWORD)]).await.is(200);
            assert_eq!(mailbox.page.matches("/sign-in?next=").count(), 1, "{}", mailbox.page);
            assert!(mailbox.page.contains("/sign-in?next=%2Faccount%23access"), "{}", mailbox.page);
            cloud.clock.forward(3600);
            cloud.letters().await;
        }
    }

    async fn what_a_link_gets_on_its_way_changes_nothing(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.open("/register?next=%2Fdevice&utm_source=letter").await.is(200);
        assert_eq!(browser.hidden("next"), "/device");
        browser.submit("/register", &[("email", ANNA)]).await.is(200);
        let link = cloud.letter(ANNA).await.link();
        browser.open(&format!("{link}&utm_source=letter")).await.is(200);
        let ticket = browser.hidden("ticket");
        let fields = [("ticket", &*ticket), ("name", "Anna"), ("password", PASSWORD)];
        browser.submit("/verify", &fields).await.is(200);
        browser.open("/device?user_code=BCDF-GHJK&utm_source=letter").await.is(200);
        assert_eq!(browser.hidden("user_code"), "BCDF-GHJK");
        for path in ["/verify", "/reset", "/sign-in/known", "/account/email/confirm", "/account/email/undo"] {
            browser.open(&format!("{path}?ticket=made-up&utm_source=letter")).await.is(200);
            assert!(browser.page.contains("not good any more"), "{path}: {}", browser.page);
            for cut in ["", "?ticket=", "?utm_source=letter"] {
                browser.open(&format!("{path}{cut}")).await.is(422);
                assert!(browser.page.contains("This link is not whole."), "{path}{cut}: {}", browser.page);
            }
        }
        // What is sent is held to what its form has.
        for (path, name) in [("/sign-in/github", "next"), ("/account/totp", "next"), ("/device", "user_code"), ("/account/email/undo", "ticket")] {
            browser.open("/account").await.is(200);
            browser.post(path, &[(name, "a"), ("utm_source", "letter")]).await.is(422);
            assert!(browser.page.contains("utm_source"), "{path}: {}", browser.page);
        }
    }

    async fn what_answers_a_form_is_a_page_when_it_is_loaded_again(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        for path in ["/account/name", "/device/answer", "/sign-out"] {
            let page = browser.open(path).await.is(405);
            assert!(page.header("content-type").starts_with("text/html"), "{path}");
            assert!(page.text().contains("cannot be loaded again") && page.text().contains("Go to your account"), "{path}: {}", page.text());
            let problem = cloud.get(path).send().await.is(405);
            assert_eq!(problem.header("content-type"), "application/problem+json", "{path}");
        }
        let api = cloud.ask(reqwest::Method::PATCH, "/api/v1/keys").header("accept", "text/html").send().await.is(405);
        assert_eq!(api.header("content-type"), "application/problem+json");
    }

    async fn an_app_that_was_begun_is_there_when_the_page_is_loaded_again(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open("/account/totp").await.is(200);
        assert_eq!(browser.path, "/account#second-factor", "nothing was begun");
        browser.submit("/account/totp", &[("next", "/account/email")]).await.is(200);
        assert_eq!(browser.path, "/account/totp?next=%2Faccount%2Femail");
        let begun = secret(&browser);
        for path in [&*browser.path.clone(), "/account/totp/confirm"] {
            browser.open(path).await.is(200);
            assert_eq!(secret(&browser), begun, "{path}");
        }
        // Of one that was added nothing is shown any more.
        add_app(cloud, &mut browser).await;
        for path in ["/account/totp", "/account/totp/confirm"] {
            browser.open(path).await.is(200);
            assert_eq!(browser.path, "/account#second-factor");
        }
    }

    async fn who_need_not_set_up_a_second_factor_goes_on(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        for (asked, there) in [("", "/account#second-factor"), ("?next=%2Faccount%2Femail", "/account/email"), ("?next=%2F%2Fevil.example", "/account")] {
            browser.open(&format!("/account/second-factor{asked}")).await.is(200);
            assert_eq!(browser.path, there);
        }
    }

    async fn a_passkey_is_removed_after_a_question(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let (ask, other) = (give_passkey(cloud, &anna).await, give_passkey(cloud, &eve).await);
        let mut browser = cloud.browser_of(&anna).await;
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("action=\"/account/passkeys/remove\""), "{}", browser.page);
        assert!(browser.page.contains(&format!("href=\"{ask}\"")), "{}", browser.page);
        browser.open(&other).await.is(404);
        browser.open(&ask).await.is(200);
        assert!(browser.page.contains("A key on a ring") && browser.page.contains("recovery codes are void"), "{}", browser.page);
        let left = async || passkeys::of_account(cloud.server.database.read(), anna.id, None, 9).await.unwrap().len();
        assert_eq!(left().await, 1, "looking removes nothing");
        let passkey = browser.hidden("passkey");
        browser.submit("/account/passkeys/remove", &[("passkey", &passkey)]).await.is(200);
        assert_eq!((left().await, &*browser.path), (0, "/account?done=passkey-removed#passkeys"));
        assert!(browser.page.contains("The passkey is removed."), "{}", browser.page);
    }
}

/// Passkeys are only where a server has a name.
async fn with_a_name(engine: Engine) {
    let config = Config {
        public_url: "http://localhost:8787".to_owned(),
        ..Cloud::config()
    };
    let cloud = Cloud::start_with(engine, config).await;
    let anna = cloud.person("anna").await;
    let mut browser = cloud.browser();
    browser.open(&ON.replace('?', "/passkey?")).await.is(200);
    assert!(
        browser.page.contains(&format!("href=\"{ON}\"")),
        "{}",
        browser.page
    );
    let mut browser = cloud.browser_of(&anna).await;
    browser.open("/account/passkeys/new").await.is(200);
    let (question, answer) = (browser.hidden("question"), "{}");
    let fields = [
        ("question", &*question),
        ("answer", answer),
        ("name", "   "),
    ];
    browser.post("/account/passkeys/new", &fields).await.is(422);
    let page = &browser.page;
    assert!(
        page.contains("id=\"wrong\"") && page.contains("data-passkey=\"create\""),
        "{page}"
    );
    assert_ne!(
        browser.hidden("question"),
        question,
        "it can be tried again"
    );
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_lose_nothing_on_sqlite() {
    with_a_name(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_lose_nothing_on_needs_postgres() {
    with_a_name(Engine::Postgres).await;
}
