//! Accounts in the hands of who runs the server: the real program, beside a running server.

use slipway_cloud::tables::{accounts, audit_events};
use slipway_contract::cloud::ProblemCode;

use super::given;
use crate::kit::Cloud;
use crate::kit::process::{said, said_to};
use crate::people::factors::{add_app, code};

const ANNA: &str = "anna@example.com";
const PASSWORD: &str = "a hull on its slope";

/// What `admin …` says on standard output, or why it did not do it.
fn admin(cloud: &Cloud, arguments: &[&str], input: &str) -> Result<String, String> {
    let settings = cloud.settings();
    let arguments = [&["admin"], arguments].concat();
    let ended = said_to(&given(&settings), &arguments, input);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    match ended.status.success() {
        true => Ok(text(ended.stdout)),
        false => Err(text(ended.stderr)),
    }
}

fn create(cloud: &Cloud, email: &str, password: &str) -> Result<String, String> {
    let arguments = [
        "create",
        "--email",
        email,
        "--name",
        "Anna Lind",
        "--password-stdin",
    ];
    admin(cloud, &arguments, password)
}

/// What the log says that an operator did.
async fn done(cloud: &Cloud) -> Vec<String> {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Actor.eq("operator"))
        .order_by_asc(audit_events::Column::Id)
        .all(cloud.server.database.read())
        .await
        .expect("events");
    rows.into_iter().map(|row| row.action).collect()
}

on_both! {
    async fn a_lost_second_factor_is_taken_away(cloud: &Cloud) {
        create(cloud, ANNA, PASSWORD).unwrap();
        let mut browser = cloud.browser();
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        let reset = || admin(cloud, &["reset-second-factor", "--email", ANNA], "").unwrap();
        assert!(reset().contains("had none"));
        assert!(browser.is_in().await);
        let (secret, _) = add_app(cloud, &mut browser).await;
        let mut other = cloud.browser();
        other.sign_in(ANNA, PASSWORD).await.is(200);
        assert!(other.path.starts_with("/sign-in/second"));
        let ticket = other.hidden("ticket");
        cloud.letters().await;
        assert!(reset().contains("has no second factor any more"));
        assert!(!browser.is_in().await);
        // What was begun before is over, and the old app is none.
        cloud.clock.forward(30);
        let fields = [("ticket", &*ticket), ("code", &code(cloud, &secret))];
        other.open("/sign-in").await.is(200);
        other.post("/sign-in/second", &fields).await.is(422);
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        assert!(browser.is_in().await);
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("Recovery codes"), "{}", browser.page);
        assert_eq!(done(cloud).await, ["account.created", "second-factor.reset"]);
        // The program wrote by the machine's own clock.
        cloud.letters().await;
        cloud.clock.forward(100 * 365 * 24 * 3600);
        assert!(cloud.letter(ANNA).await.0.text.contains("took your second factors away"));
    }

    async fn an_account_is_made_and_signs_in(cloud: &Cloud) {
        let said = create(cloud, ANNA, &format!("{PASSWORD}\n")).unwrap();
        assert_eq!(said, "anna@example.com has an account now.\n");
        let mut browser = cloud.browser();
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        assert!(browser.page.contains("Anna Lind"));
        let twice = create(cloud, "ANNA@example.com", PASSWORD).unwrap_err();
        assert!(twice.contains("already"), "{twice}");
        let short = create(cloud, "bert@example.com", "short").unwrap_err();
        assert!(short.contains("at least 8 characters"), "{short}");
        let own = create(cloud, "bert@example.com", "Anna Lind").unwrap_err();
        assert!(own.contains("your name"), "{own}");
        let none = admin(cloud, &["create", "--email", "bert@example.com"], PASSWORD).unwrap_err();
        assert!(none.contains("--password-stdin"), "{none}");
        let list = admin(cloud, &["list"], "").unwrap();
        assert_eq!(list.lines().count(), 1, "{list}");
        assert_eq!(done(cloud).await, ["account.created"]);
    }

    async fn who_runs_the_server_is_promoted_and_demoted(cloud: &Cloud) {
        assert!(admin(cloud, &["list"], "").unwrap().contains("no account yet"));
        create(cloud, ANNA, PASSWORD).unwrap();
        let is_operator = async || {
            let email = ANNA.parse().unwrap();
            let found = accounts::find_by_email(cloud.server.database.read(), &email).await;
            found.unwrap().unwrap().is_operator
        };
        assert!(!is_operator().await);
        let said = admin(cloud, &["promote", "--email", ANNA], "").unwrap();
        assert!(said.contains("runs this server now"), "{said}");
        assert!(is_operator().await);
        let said = admin(cloud, &["promote", "--email", ANNA], "").unwrap();
        assert!(said.contains("nothing was changed"), "{said}");
        let list = admin(cloud, &["list"], "").unwrap();
        assert!(list.starts_with("anna@example.com\tAnna Lind\t") && list.ends_with("\toperator\n"), "{list:?}");
        admin(cloud, &["demote", "--email", ANNA], "").unwrap();
        assert!(!is_operator().await);
        let unknown = admin(cloud, &["promote", "--email", "eve@example.com"], "").unwrap_err();
        assert!(unknown.contains("eve@example.com") && unknown.contains("admin list"), "{unknown}");
        assert_eq!(done(cloud).await, ["account.created", "account.promoted", "account.demoted"]);
    }

    async fn a_suspended_account_is_out_at_once_and_back_when_restored(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let account = async || cloud.get("/api/v1/account").by(&anna).send().await;
        account().await.is(200);
        let said = admin(cloud, &["suspend", "--email", &anna.email], "").unwrap();
        assert!(said.contains("signed out everywhere"), "{said}");
        account().await.refused(ProblemCode::Unauthenticated);
        cloud.get("/api/v1/account").by(&eve).send().await.is(200);
        assert!(admin(cloud, &["suspend", "--email", &anna.email], "").unwrap().contains("already"));
        assert!(admin(cloud, &["list"], "").unwrap().contains("\tsuspended"));
        admin(cloud, &["restore", "--email", &anna.email], "").unwrap();
        // What was stolen before is not good again.
        account().await.refused(ProblemCode::Unauthenticated);
        assert!(admin(cloud, &["restore", "--email", &anna.email], "").unwrap().contains("was not suspended"));
        assert_eq!(done(cloud).await, ["account.suspended", "account.restored"]);
    }

    async fn one_or_everybody_is_signed_out(cloud: &Cloud) {
        create(cloud, ANNA, PASSWORD).unwrap();
        let (mut browser, eve, bert) = (cloud.browser(), cloud.person("eve").await, cloud.person("bert").await);
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        let is_in = async |person: &crate::kit::Person| {
            cloud.get("/api/v1/account").by(person).send().await.status == 200
        };
        admin(cloud, &["sign-out", "--email", &eve.email], "").unwrap();
        assert!(!is_in(&eve).await && is_in(&bert).await && browser.is_in().await);
        // Who guesses does not begin anew with it.
        let mut guesser = cloud.browser();
        for _ in 0..10 {
            guesser.sign_in(ANNA, "a wrong password").await.is(422);
        }
        let said = admin(cloud, &["sign-out", "--all"], "").unwrap();
        guesser.sign_in(ANNA, PASSWORD).await.is(429);
        cloud.clock.forward(15 * 60);
        assert!(said.contains("Everybody"), "{said}");
        assert!(!is_in(&bert).await && !browser.is_in().await);
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        for wrong in [&["sign-out"][..], &["sign-out", "--all", "--email", ANNA], &["sign-out", "--email", "nobody"]] {
            let words = admin(cloud, wrong, "").unwrap_err();
            assert!(words.contains("--email"), "{words}");
        }
        assert!(browser.is_in().await);
        assert_eq!(done(cloud).await, ["account.created", "sessions.ended", "sessions.ended"]);
        // Its person reads who did it, and no address, since it was done on the server's own machine.
        let bert = cloud.person("bert").await;
        admin(cloud, &["promote", "--email", &bert.email], "").unwrap();
        let events = cloud.get("/api/v1/account/audit-events").by(&bert).send().await.is(200).read::<serde_json::Value>();
        assert_eq!(events["items"][0]["actor"], "operator");
        assert!(events["items"][0].get("address").is_none(), "{events}");
    }
}

#[test]
fn what_there_is_to_do_is_said() {
    let ended = said(&[], &["admin"]);
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2));
    for command in [
        "create",
        "list",
        "promote",
        "demote",
        "suspend",
        "restore",
        "reset-second-factor",
        "sign-out",
    ] {
        assert!(
            words.contains(&format!("\n  {command}")),
            "{command} is not in {words}"
        );
    }
    let wrong = said(&[], &["admin", "supend", "--email", ANNA]);
    let words = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        wrong.status.code() == Some(2) && words.contains("suspend"),
        "{words}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_for_twice_and_not_shown() {
    use crate::kit::process::program;
    use crate::kit::terminal::Terminal;
    use rustix::termios::{LocalModes, tcgetattr};

    let cloud = Cloud::start(crate::kit::Engine::Sqlite).await;
    let settings = cloud.settings();
    let create = |again: &str| {
        // With the terminal as the one that it asks at, whatever the tests were started from.
        let mut command = std::process::Command::new("setsid");
        command.args(["--ctty", "--wait"]).arg(program());
        command.args(["admin", "create", "--email", ANNA]);
        command.env_clear().envs(given(&settings));
        let mut terminal = Terminal::start(command, 100);
        for (question, answer) in [("Password for", PASSWORD), ("The same again", again)] {
            terminal.until(question);
            while tcgetattr(&terminal.keyboard)
                .unwrap()
                .local_modes
                .contains(LocalModes::ECHO)
            {
                std::thread::yield_now();
            }
            terminal.types(&format!("{answer}\n"));
        }
        terminal.end()
    };
    let (code, screen) = create("another one");
    assert!(code == Some(1) && screen.contains("differ"), "{screen}");
    let (code, screen) = create(PASSWORD);
    assert!(
        code == Some(0) && screen.contains("has an account now"),
        "{screen}"
    );
    assert!(!screen.contains(PASSWORD), "{screen}");
    cloud.browser().sign_in(ANNA, PASSWORD).await.is(200);
    cloud.stop().await;
}
