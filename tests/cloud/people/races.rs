//! What is under way while everything ends: whichever of the two comes first, nothing that began before lives on.

use slipway_cloud::http::origin::Origin;
use slipway_cloud::people::delete;
use slipway_cloud::tables::{accounts, identities, sessions};
use slipway_contract::cloud::AccountId;

use super::endings::{ALL, Ending, asked, github, let_in, poll, robbed, session};
use super::factors::{add_app, code};
use super::{PASSWORD, weak_hash};
use crate::kit::{Answer, Browser, Cloud, Draw, Person, Tokens};

/// How an account ends, or all that goes on for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Of(Ending),
    Deletion,
}

/// The ways after which nothing goes on, not even the session that it was ended from.
const OF_ALL: [End; 6] = [
    END_ALL,
    SUSPEND,
    End::Deletion,
    End::Of(Ending::Reset),
    End::Of(Ending::Operator),
    End::Of(Ending::Everybody),
];

impl End {
    async fn comes(self, cloud: &Cloud, email: &str, owner: &mut Browser<'_>) {
        let server = &cloud.server;
        match self {
            Self::Of(ending) => {
                let nobodys = session(cloud, owner).await;
                ending.comes(cloud, email, owner, nobodys).await;
            }
            Self::Deletion => {
                let account = account(cloud, email).await;
                let origin = Origin {
                    address: "127.0.0.1".to_owned(),
                    agent: "a browser".to_owned(),
                    request: "a request".to_owned(),
                };
                delete::delete(server, &account, &origin).await.unwrap();
            }
        }
    }
}

const END_ALL: End = End::Of(Ending::Everywhere);
const SUSPEND: End = End::Of(Ending::Suspension);

/// How a program gets tokens.
#[derive(Debug, Clone, Copy)]
enum Way {
    Refresh,
    Code,
    Device,
}

impl Way {
    /// Begins it; what the program shows then.
    async fn begun(self, cloud: &Cloud, anna: &Person, thief: &mut Browser<'_>) -> String {
        match self {
            Self::Refresh => cloud.sign_in(anna).await.refresh,
            Self::Code => thief.code(&[]).await,
            Self::Device => let_in(cloud, thief).await,
        }
    }

    async fn goes_on(self, cloud: &Cloud, shown: &str) -> Answer {
        match self {
            Self::Refresh => cloud.refresh(shown).await,
            Self::Code => cloud.redeem(shown, &[]).await,
            Self::Device => poll(cloud, shown).await,
        }
    }
}

async fn account(cloud: &Cloud, email: &str) -> accounts::Model {
    let (on, email) = (cloud.server.database.read(), email.parse().unwrap());
    let found = accounts::find_by_email(on, &email).await.unwrap();
    found.expect("an account")
}

/// How many sessions of somebody go on.
async fn going(cloud: &Cloud, account: AccountId) -> usize {
    let rows = sessions::all_of(cloud.server.database.read(), account, None, 1000);
    let rows = rows.await.unwrap();
    let now = cloud.server.clock.now();
    rows.iter().filter(|row| row.is_live(now)).count()
}

/// Somebody with a password as an older program kept it, which is hashed anew by who signs in with it; and their browser.
async fn with_old_password<'a>(cloud: &'a Cloud, email: &str) -> Browser<'a> {
    let mut owner = cloud.browser();
    owner.register("Bert", email, PASSWORD).await;
    let (on, hash) = (cloud.server.database.read(), weak_hash(PASSWORD));
    let id = account(cloud, email).await.id();
    accounts::set_password(on, id, &hash).await.unwrap();
    owner
}

on_both! {
    async fn a_password_that_is_being_checked_lets_nobody_in(cloud: &Cloud) {
        let ends = ALL.into_iter().filter(|ending| *ending != Ending::One);
        let ends = ends.map(End::Of).chain([End::Deletion]);
        for (count, end) in ends.enumerate() {
            let email = &*format!("bert{count}@example.com");
            let mut owner = with_old_password(cloud, email).await;
            let account = account(cloud, email).await.id();
            let mut thief = cloud.browser();
            thief.open("/sign-in").await.is(200);
            let fields = [("email", email), ("password", PASSWORD)];
            let sign_in = thief.submit("/sign-in", &fields);
            let (answer, was_amid) = cloud.amid(Draw::Salt, sign_in, end.comes(cloud, email, &mut owner)).await;
            assert!(was_amid, "{end:?}");
            assert_eq!(answer.status, 422, "{end:?}: {}", answer.text());
            assert!(!thief.is_in().await, "{end:?}");
            let own = usize::from(matches!(end, End::Of(Ending::Elsewhere | Ending::Password)));
            assert_eq!(going(cloud, account).await, own, "{end:?}");
        }
    }

    async fn who_is_deleted_while_they_sign_in_is_nobody(cloud: &Cloud) {
        for others in 0.. {
            let email = &*format!("bert{others}@example.com");
            let mut owner = cloud.browser();
            owner.register("Bert", email, PASSWORD).await;
            let account = account(cloud, email).await.id();
            let mut browser = cloud.browser();
            browser.open("/sign-in").await.is(200);
            let fields = [("email", email), ("password", PASSWORD)];
            let sign_in = browser.post("/sign-in", &fields);
            let (answer, was_amid) = cloud
                .amid(Draw::After(others), sign_in, End::Deletion.comes(cloud, email, &mut owner))
                .await;
            if !was_amid {
                assert!(others > 3, "a session is begun after {others}");
                break;
            }
            assert!([303, 422].contains(&answer.status), "after {others}: {}", answer.text());
            assert!(!browser.is_in().await, "after {others}");
            assert_eq!(going(cloud, account).await, 0, "after {others}");
        }
    }

    async fn a_new_password_that_is_being_hashed_is_not_set(cloud: &Cloud) {
        for (count, end) in OF_ALL.into_iter().enumerate() {
            let email = &*format!("bert{count}@example.com");
            let mut owner = cloud.browser();
            owner.register("Bert", email, PASSWORD).await;
            let account = account(cloud, email).await.id();
            let mut thief = cloud.browser();
            thief.open("/forgot").await.is(200);
            thief.submit("/forgot", &[("email", email)]).await.is(200);
            thief.open(&cloud.letter(email).await.link()).await.is(200);
            let ticket = thief.hidden("ticket");
            let fields = [("ticket", &*ticket), ("password", "the thief's own words")];
            let set = thief.submit("/reset", &fields);
            let (answer, was_amid) = cloud.amid(Draw::Salt, set, end.comes(cloud, email, &mut owner)).await;
            assert!(was_amid && answer.text().contains("not good any more"), "{end:?}: {}", answer.text());
            thief.sign_in(email, "the thief's own words").await.is(422);
            assert_eq!(going(cloud, account).await, 0, "{end:?}");
        }
    }

    async fn a_second_factor_that_is_being_checked_lets_nobody_in(cloud: &Cloud) {
        for (name, end) in [("bert", END_ALL), ("carl", SUSPEND), ("dora", End::Deletion)] {
            for others in 0.. {
                let email = &*format!("{name}{others}@example.com");
                let mut owner = cloud.browser();
                owner.register("Bert", email, PASSWORD).await;
                let (secret, _) = add_app(cloud, &mut owner).await;
                let account = account(cloud, email).await.id();
                cloud.clock.forward(30);
                let mut thief = cloud.browser();
                thief.sign_in(email, PASSWORD).await.is(200);
                let ticket = thief.hidden("ticket");
                let fields = [("ticket", &*ticket), ("code", &*code(cloud, &secret))];
                let finish = thief.post("/sign-in/second", &fields);
                let end_comes = end.comes(cloud, email, &mut owner);
                let (_, was_amid) = cloud.amid(Draw::After(others), finish, end_comes).await;
                if !was_amid {
                    assert!(others > 3, "a session is begun after {others}");
                    break;
                }
                assert!(!thief.is_in().await, "{end:?} after {others}");
                assert_eq!(going(cloud, account).await, 0, "{end:?} after {others}");
            }
        }
    }

    async fn a_program_that_is_getting_tokens_has_none(cloud: &Cloud) {
        for way in [Way::Refresh, Way::Code, Way::Device] {
            for end in OF_ALL {
                for others in 0.. {
                    let (anna, mut owner, mut thief) = robbed(cloud).await;
                    let shown = way.begun(cloud, &anna, &mut thief).await;
                    let end_comes = end.comes(cloud, &anna.email, &mut owner);
                    let (answer, was_amid) = cloud.amid(Draw::After(others), way.goes_on(cloud, &shown), end_comes).await;
                    if !was_amid {
                        assert!(others > 1, "{way:?}: a token has an id, after {others}");
                        break;
                    }
                    let what = format!("{way:?} {end:?} after {others}: {}", answer.text());
                    // Who was answered just before has nothing of it.
                    if answer.status == 200 {
                        let tokens = Tokens::of(&answer);
                        assert!(!cloud.takes(&tokens.access).await, "{what}");
                        assert_eq!(cloud.refresh(&tokens.refresh).await.status, 400, "{what}");
                    }
                    assert_eq!(going(cloud, anna.id).await, 0, "{what}");
                }
            }
        }
    }

    async fn a_device_that_is_being_let_in_is_not(cloud: &Cloud) {
        for end in OF_ALL.into_iter().cycle().take(3 * OF_ALL.len()) {
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let (device, fields) = asked(cloud, &mut thief).await;
            let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
            tokio::join!(
                thief.post("/device/answer", &fields),
                end.comes(cloud, &anna.email, &mut owner),
            );
            let answer = poll(cloud, &device).await;
            assert_eq!(answer.status, 400, "{end:?}: {}", answer.text());
            assert_eq!(going(cloud, anna.id).await, 0, "{end:?}");
        }
    }

    async fn a_service_that_is_being_asked_is_not_connected(cloud: &Cloud) {
        for (count, ending) in ALL.into_iter().enumerate() {
            let subject = 100 + count as u64;
            cloud.elsewhere.tell(|told| told.subject = subject);
            let (anna, mut owner, mut thief) = robbed(cloud).await;
            let back = github(&mut thief).await;
            let session = session(cloud, &thief).await;
            let ending_comes = Box::pin(ending.comes(cloud, &anna.email, &mut owner, session));
            let answer = cloud.elsewhere.amid(thief.open(&back), ending_comes).await;
            let on = cloud.server.database.read();
            let connected = identities::find(on, "github", &subject.to_string()).await.unwrap();
            assert!(connected.is_none(), "{ending:?}: {}", answer.text());
        }
    }
}
