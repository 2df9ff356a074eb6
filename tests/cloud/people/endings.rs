//! What was begun before everything ended goes on no more: one test for each thing that goes on by itself,
//! against each way to end it.

use serde_json::Value;
use slipway_cloud::admin::Operator;
use slipway_cloud::config::Config;
use slipway_cloud::oauth::{LetIn, asked::Asked, codes};
use slipway_cloud::people::{email, own};
use slipway_cloud::seal::fingerprint;
use slipway_cloud::tables::{accounts, browser_cookies, tickets};
use slipway_contract::Secret;
use slipway_contract::cloud::{ProblemCode, SessionId};

use super::PASSWORD;
use super::factors::{add_app, code};
use crate::kit::{Answer, Browser, Cloud, Engine, Person, Tokens, asking};

/// How all, or a thief's part of it, is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Everywhere,
    Elsewhere,
    One,
    Password,
    Reset,
    Operator,
    Everybody,
    Suspension,
}

pub(super) const ALL: [Ending; 8] = [
    Ending::Everywhere,
    Ending::Elsewhere,
    Ending::One,
    Ending::Password,
    Ending::Reset,
    Ending::Operator,
    Ending::Everybody,
    Ending::Suspension,
];

/// Which session a browser is in.
pub(super) async fn session(cloud: &Cloud, browser: &Browser<'_>) -> SessionId {
    let cookie = fingerprint(&browser.cookies["slipway"]);
    let row = browser_cookies::find(cloud.server.database.read(), &cookie);
    SessionId(row.await.unwrap().expect("a session").session_id)
}

async fn reset(cloud: &Cloud, email: &str) {
    cloud.letters().await;
    let mut mailbox = cloud.browser();
    mailbox.open("/forgot").await.is(200);
    mailbox.submit("/forgot", &[("email", email)]).await.is(200);
    let letters = cloud.letters().await;
    let mut links = letters
        .iter()
        .filter(|each| each.0.text.contains("/reset?"));
    mailbox
        .open(&links.next().expect("a letter").link())
        .await
        .is(200);
    let ticket = mailbox.hidden("ticket");
    let fields = [("ticket", &*ticket), ("password", "a slope under a hull")];
    mailbox.submit("/reset", &fields).await.is(200);
}

impl Ending {
    /// Ends it, as its person does in a browser of theirs, or as an operator.
    pub(super) async fn comes(
        self,
        cloud: &Cloud,
        email: &str,
        owner: &mut Browser<'_>,
        thief: SessionId,
    ) {
        let operator = Operator::new(&cloud.server).unwrap();
        let address = email.parse().unwrap();
        match self {
            Self::Everywhere => {
                owner.open("/account").await.is(200);
                owner.submit("/account/sessions/end-all", &[]).await.is(200);
            }
            Self::Elsewhere => {
                owner.open("/account").await.is(200);
                owner
                    .submit("/account/sessions/end-others", &[])
                    .await
                    .is(200);
            }
            Self::One => {
                owner.open("/account").await.is(200);
                let fields = [("session", &*thief.to_string())];
                owner.submit("/account/sessions/end", &fields).await.is(200);
            }
            Self::Password => {
                owner.open("/account/password").await.is(200);
                let fields = [("present", PASSWORD), ("password", "a slope under a hull")];
                owner.submit("/account/password", &fields).await.is(200);
            }
            Self::Reset => reset(cloud, email).await,
            Self::Operator => operator.sign_out(&address).await.unwrap(),
            Self::Everybody => operator.sign_out_everybody().await.unwrap(),
            Self::Suspension => {
                assert!(operator.suspend(&address).await.unwrap());
                assert!(operator.restore(&address).await.unwrap());
            }
        }
    }
}

/// Somebody new in a browser of theirs, and a thief who has a session of theirs.
pub(super) async fn robbed(cloud: &Cloud) -> (Person, Browser<'_>, Browser<'_>) {
    let anna = cloud.person("anna").await;
    let (owner, thief) = (cloud.browser_of(&anna).await, cloud.browser_of(&anna).await);
    (anna, owner, thief)
}

/// A device that waits for its answer: what it asks with, and what the browser sends that lets it in.
pub(super) async fn asked(
    cloud: &Cloud,
    browser: &mut Browser<'_>,
) -> (String, [(&'static str, String); 2]) {
    let asked = cloud.post("/oauth/device-authorization");
    let begun = asked.form(&[("client_id", "slipway-cli")]).send().await;
    let begun: Value = begun.is(200).read();
    let text = |name: &str| begun[name].as_str().expect("a code").to_owned();
    let typed = text("user_code");
    browser.open("/device").await.is(200);
    browser
        .submit("/device", &[("user_code", &typed)])
        .await
        .is(200);
    let fields = [("user_code", typed), ("verdict", "allow".to_owned())];
    (text("device_code"), fields)
}

/// A device that was let in: what it asks with.
pub(super) async fn let_in(cloud: &Cloud, browser: &mut Browser<'_>) -> String {
    let (device, fields) = asked(cloud, browser).await;
    let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
    browser.submit("/device/answer", &fields).await.is(200);
    device
}

pub(super) async fn poll(cloud: &Cloud, code: &str) -> Answer {
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let fields = [
        ("client_id", "slipway-cli"),
        ("grant_type", grant),
        ("device_code", code),
    ];
    cloud.token(&fields).await
}

/// Asks for another address; the link to confirm it.
async fn move_to(cloud: &Cloud, browser: &mut Browser<'_>, email: &str) -> String {
    cloud.letters().await;
    browser.open("/account/email").await.is(200);
    browser
        .submit("/account/email", &[("email", email)])
        .await
        .is(200);
    let letters = cloud.letters().await;
    let mut own = letters.iter().filter(|each| each.0.to.as_str() == email);
    own.next().expect("a letter").link()
}

pub(super) async fn github(browser: &mut Browser<'_>) -> String {
    browser.open("/account").await.is(200);
    let answer = browser.post("/account/services/github", &[]).await.is(303);
    let url: url::Url = answer.header("location").parse().expect("a URL");
    let state = url.query_pairs().find(|(name, _)| name == "state");
    let state = state.expect("a state").1.into_owned();
    format!("/sign-in/github/back?state={state}&code=the-code")
}

on_both! {
    async fn a_device_that_was_let_in_is_out_again(cloud: &Cloud) {
        for ending in ALL {
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let code = let_in(cloud, &mut thief).await;
            let session = session(cloud, &thief).await;
            ending.comes(cloud, &anna.email, &mut owner, session).await;
            let answer = poll(cloud, &code).await;
            assert_eq!(answer.status, 400, "{ending:?}: {}", answer.text());
            answer.denied("access_denied");
        }
    }

    async fn a_code_on_its_way_to_a_program_is_void(cloud: &Cloud) {
        for ending in ALL {
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let code = thief.code(&[]).await;
            let session = session(cloud, &thief).await;
            ending.comes(cloud, &anna.email, &mut owner, session).await;
            let answer = cloud.redeem(&code, &[]).await;
            assert_eq!(answer.status, 400, "{ending:?}: {}", answer.text());
            answer.denied("invalid_grant");
        }
    }

    async fn a_change_of_address_that_was_asked_for_is_void(cloud: &Cloud) {
        for ending in ALL {
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let confirm = move_to(cloud, &mut thief, &format!("evil-{}", anna.email)).await;
            let session = session(cloud, &thief).await;
            ending.comes(cloud, &anna.email, &mut owner, session).await;
            // Whoever is signed in by then.
            let mut again = cloud.browser_of(&anna).await;
            again.open(&confirm).await.is(200);
            assert!(again.page.contains("not good any more"), "{ending:?}: {}", again.page);
        }
    }

    async fn half_a_sign_in_is_none_any_more(cloud: &Cloud) {
        for (count, ending) in ALL.into_iter().enumerate() {
            // One session's end is not that of a sign-in that is in none.
            if ending == Ending::One {
                continue;
            }
            let email = format!("bert{count}@example.com");
            let mut owner = cloud.browser();
            owner.register("Bert", &email, PASSWORD).await;
            let (secret, _) = add_app(cloud, &mut owner).await;
            cloud.clock.forward(30);
            let mut thief = cloud.browser();
            thief.sign_in(&email, PASSWORD).await.is(200);
            let ticket = thief.hidden("ticket");
            let nobodys = session(cloud, &owner).await;
            ending.comes(cloud, &email, &mut owner, nobodys).await;
            thief.open("/sign-in").await.is(200);
            let fields = [("ticket", &*ticket), ("code", &*code(cloud, &secret))];
            let answer = thief.submit("/sign-in/second", &fields).await;
            assert!(answer.status == 422 && !thief.is_in().await, "{ending:?}: {}", answer.text());
        }
    }

    async fn a_service_that_was_being_connected_is_not(cloud: &Cloud) {
        for (count, ending) in ALL.into_iter().enumerate() {
            cloud.elsewhere.tell(|told| {
                told.subject = 100 + count as u64;
                told.email = "evil@example.net".to_owned();
            });
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let back = github(&mut thief).await;
            let session = session(cloud, &thief).await;
            ending.comes(cloud, &anna.email, &mut owner, session).await;
            // Also with a session that the browser has by then.
            let again = cloud.browser_of(&anna).await;
            thief.cookies.extend(again.cookies);
            let answer = thief.open(&back).await;
            assert_eq!(answer.status, 422, "{ending:?}: {}", answer.text());
        }
    }

    async fn what_was_begun_in_a_session_ends_with_its_end(cloud: &Cloud) {
        cloud.browser().register("Anna", "anna@example.com", PASSWORD).await;
        for is_left in [true, false] {
            let mut browser = cloud.browser();
            browser.sign_in("anna@example.com", PASSWORD).await.is(200);
            let device = let_in(cloud, &mut browser).await;
            if is_left {
                browser.open("/account").await.is(200);
                browser.submit("/sign-out", &[]).await.is(200);
            } else {
                // Who signs in anew leaves the session of before.
                browser.sign_in("anna@example.com", PASSWORD).await.is(200);
            }
            poll(cloud, &device).await.denied("access_denied");
        }
    }

    async fn what_belongs_to_the_present_session_goes_on(cloud: &Cloud) {
        for ending in [Ending::Elsewhere, Ending::Password] {
            let (anna, mut owner, thief) = robbed(cloud).await;
            let new = format!("new-{}", anna.email);
            let confirm = move_to(cloud, &mut owner, &new).await;
            let (device, code) = (let_in(cloud, &mut owner).await, owner.code(&[]).await);
            let back = github(&mut owner).await;
            let session = session(cloud, &thief).await;
            ending.comes(cloud, &anna.email, &mut owner, session).await;
            Tokens::of(&poll(cloud, &device).await);
            Tokens::of(&cloud.redeem(&code, &[]).await);
            cloud.elsewhere.tell(|told| {
                told.subject = if ending == Ending::Elsewhere { 1 } else { 2 };
            });
            owner.open(&back).await.is(200);
            owner.open(&confirm).await.is(200);
            let ticket = owner.hidden("ticket");
            owner.submit("/account/email/confirm", &[("ticket", &ticket)]).await.is(200);
        }
    }

    async fn nobody_who_is_in_takes_away_the_letters_of_the_owner(cloud: &Cloud) {
        let (anna, mut owner, mut thief) = robbed(cloud).await;
        cloud.letters().await;
        thief.open("/account/email").await.is(200);
        thief.submit("/account/email", &[("email", "evil@example.net")]).await.is(200);
        let undo = cloud.letter(&anna.email).await.link();
        owner.open("/forgot").await.is(200);
        owner.submit("/forgot", &[("email", &anna.email)]).await.is(200);
        let reset = cloud.letter(&anna.email).await.link();
        thief.open("/account").await.is(200);
        thief.submit("/account/sessions/end-others", &[]).await.is(200);
        let mut mailbox = cloud.browser();
        mailbox.open(&reset).await.is(200);
        assert!(!mailbox.page.contains("not good any more"), "{}", mailbox.page);
        // Who ends the session of the browser, too, needs it no more.
        thief.open("/account").await.is(200);
        thief.submit("/account/sessions/end-all", &[]).await.is(200);
        mailbox.open(&reset).await.is(200);
        assert!(mailbox.page.contains("not good any more"), "{}", mailbox.page);
        mailbox.open(&undo).await.is(200);
        assert!(!mailbox.page.contains("not good any more"), "{}", mailbox.page);
    }

    async fn a_session_that_ended_begins_nothing(cloud: &Cloud) {
        let (anna, mut owner, thief) = robbed(cloud).await;
        let (server, origin) = (&cloud.server, Operator::new(&cloud.server).unwrap());
        let account = accounts::find(server.database.read(), anna.id).await.unwrap().unwrap();
        let session = session(cloud, &thief).await;
        // These requests came in, and then everything ended.
        Ending::Elsewhere.comes(cloud, &anna.email, &mut owner, session).await;
        let origin = slipway_cloud::http::origin::Origin {
            address: "127.0.0.1".to_owned(),
            agent: "a browser".to_owned(),
            request: format!("{origin:?}"),
        };
        let new = "evil@example.net".parse().unwrap();
        let query = asking(&[]).replace("/oauth/authorize?", "");
        let by = LetIn { account: anna.id, session, signed_in_at: server.clock.now() };
        let none = Secret::new(String::new());
        let password = Secret::new("a slope under a hull".to_owned());
        let refused = [
            email::begin(server, &account, session, &new, &origin).await.unwrap_err(),
            codes::allow(server, &Asked::read(&query).unwrap(), by).await.unwrap_err(),
            own::change_password(server, &account, session, &none, &password, &origin).await.unwrap_err(),
        ];
        for failure in refused {
            assert_eq!(failure.refusal().code, ProblemCode::Unauthenticated);
        }
    }
}

/// Passkeys are only where a server has a name.
async fn a_passkey(engine: Engine) {
    let config = Config {
        public_url: "http://localhost:8787".to_owned(),
        ..Cloud::config()
    };
    let cloud = &Cloud::start_with(engine, config).await;
    for ending in ALL {
        let (anna, mut owner, mut thief) = robbed(cloud).await;
        thief.open("/account/passkeys/new").await.is(200);
        let question = fingerprint(&thief.hidden("question"));
        let on = cloud.server.database.read();
        assert!(tickets::find(on, &question).await.unwrap().is_some());
        let session = session(cloud, &thief).await;
        ending.comes(cloud, &anna.email, &mut owner, session).await;
        let left = tickets::find(on, &question).await.unwrap();
        assert!(left.is_none(), "{ending:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_was_being_added_is_not_on_sqlite() {
    a_passkey(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_was_being_added_is_not_on_needs_postgres() {
    a_passkey(Engine::Postgres).await;
}
