//! Signing in and out, and who is signed in while the server is away.

use serde_json::json;
use slipway_cloud::clock::Clock as _;
use tokio::task::block_in_place;

use super::machine::{Machine, PASSWORD, Running, allow, get, told};
use crate::kit::process::Process;
use crate::kit::{Browser, Cloud, Engine};

/// Somebody who is signed in in a browser.
pub async fn somebody<'c>(cloud: &'c Cloud, name: &str) -> Browser<'c> {
    let mut browser = cloud.browser();
    let email = format!("{}@example.com", name.to_lowercase());
    browser.register(name, &email, PASSWORD).await;
    browser
}

pub fn url(cloud: &Cloud) -> String {
    format!("http://{}", cloud.address)
}

on_both! {
    async fn a_person_signs_in_with_the_browser_and_out(cloud: &Cloud) {
        let (machine, mut browser) = (Machine::new(), somebody(cloud, "Anna").await);
        machine.slipway(&["cloud", "whoami"]).exits(2).says("no server is known");
        machine.slipway(&["cloud", "orgs"]).exits(2).complains("nobody is signed in").complains("slipway cloud login --server URL");
        machine.slipway(&["cloud", "login"]).exits(2).complains("slipway-cloud serve");
        machine.signs_in(&url(cloud), &mut browser).await;

        let who = machine.object(&["cloud", "whoami"]);
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("The slipway command · "), "{}", browser.page);
        assert_eq!((&who["type"], &who["person"]["name"]), (&json!("signed_in"), &json!("Anna")));
        assert_eq!(who["from_now"], true);
        let who = machine.object(&["cloud", "whoami", "--offline"]);
        assert_eq!((&who["person"]["email"], &who["from_now"]), (&json!("anna@example.com"), &json!(false)));
        assert!(machine.slipway(&["secrets", "list", "--json"]).exits(0).objects().is_empty(), "it is no key");

        machine.slipway(&["privacy"]).exits(0).says(&url(cloud));
        machine.slipway(&["cloud", "logout"]).exits(0).says("Signed out of");
        machine.slipway(&["cloud", "whoami"]).exits(2).says("slipway cloud login");
        let nobody = machine.slipway(&["cloud", "whoami", "--json"]).exits(2).objects();
        assert_eq!(nobody[0]["type"], "signed_out");
        machine.slipway(&["cloud", "logout"]).exits(0).says("Nobody was signed in");
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("The slipway command · "), "the server was told: {}", browser.page);
    }

    async fn a_code_is_typed_in_a_browser_elsewhere(cloud: &Cloud) {
        let (machine, mut browser) = (Machine::new(), somebody(cloud, "Anna").await);
        let mut command = machine.command(&["cloud", "login"]);
        command.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
        let nowhere = block_in_place(|| Running::start(command).end()).exits(2).complains("no server of the cloud is known");
        assert!(!nowhere.stderr.contains("a code is shown"), "{}", nowhere.stderr);
        let mut command = machine.command(&["cloud", "login", "--server", &url(cloud), "--name", "A server", "--json"]);
        command.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
        let mut login = Running::start(command);
        let code = told(&mut login, "code")["code"].as_str().expect("a code").to_owned();
        browser.open("/device").await.is(200);
        browser.post("/device", &[("user_code", &code)]).await.is(200);
        assert!(browser.page.contains("A server"), "{}", browser.page);
        browser.post("/device/answer", &[("user_code", &code), ("verdict", "allow")]).await.is(200);
        block_in_place(|| login.end()).exits(0).complains("over SSH");
        let sessions = machine.slipway(&["cloud", "sessions", "list", "--json"]).exits(0).objects();
        let own: Vec<_> = sessions.iter().filter(|each| each["current"] == true).collect();
        assert_eq!(own.len(), 1);
        assert_eq!((&own[0]["device"], &own[0]["client"]), (&json!("A server"), &json!("slipway-cli")));
        machine.slipway(&["cloud", "sessions", "list"]).exits(0).says("A server (this one)").says("The slipway command");
        // Who signs in again keeps the name.
        machine.signs_in(&url(cloud), &mut browser).await;
        let sessions = machine.slipway(&["cloud", "sessions", "list", "--json"]).exits(0).objects();
        let own = sessions.iter().find(|each| each["current"] == true).expect("this one");
        assert_eq!(own["device"], "A server");
        machine.slipway(&["cloud", "sessions", "end", "nope"]).exits(2).complains("slipway cloud sessions list");
    }

    async fn a_sign_in_that_takes_the_place_of_another_says_so(cloud: &Cloud) {
        let machine = Machine::new();
        machine.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        let mut ben = somebody(cloud, "Ben").await;
        let mut login = machine.start(&["cloud", "login", "--json"]);
        let to = told(&mut login, "browser")["url"].as_str().expect("an address").to_owned();
        let back = allow(&url(cloud), &to, &mut ben).await;
        assert_eq!(get(&back).await, 200);
        block_in_place(|| login.end()).exits(0).complains("takes the place of the sign-in of Anna");
    }

    async fn a_program_that_is_not_let_in_is_not_signed_in(cloud: &Cloud) {
        let (machine, mut browser) = (Machine::new(), somebody(cloud, "Anna").await);
        let mut login = machine.start(&["cloud", "login", "--server", &url(cloud), "--json"]);
        let to = told(&mut login, "browser")["url"].as_str().expect("an address").to_owned();
        browser.open(to.strip_prefix(&url(cloud)).expect("a path")).await.is(200);
        let asked = browser.hidden("asked");
        let answer = browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "deny")]).await.is(303);
        assert_eq!(get(&answer.header("location")).await, 200);
        block_in_place(|| login.end()).exits(1).complains("declined");
        machine.slipway(&["cloud", "whoami"]).exits(2);
    }

    async fn a_sign_in_that_the_server_ended_is_told(cloud: &Cloud) {
        let (machine, mut browser) = (Machine::new(), somebody(cloud, "Anna").await);
        let elsewhere = Machine::new();
        machine.signs_in(&url(cloud), &mut browser).await;
        elsewhere.signs_in(&url(cloud), &mut browser).await;
        elsewhere.slipway(&["cloud", "sessions", "end-others"]).exits(2).complains("--yes");
        elsewhere.slipway(&["cloud", "sessions", "end-others", "--yes"]).exits(0);
        machine.slipway(&["cloud", "orgs"]).exits(2).complains("has ended the sign-in");
        machine.slipway(&["cloud", "whoami"]).exits(2).complains("has ended the sign-in");
        elsewhere.slipway(&["cloud", "orgs"]).exits(0);
        let mut browser = cloud.browser();
        browser.sign_in("anna@example.com", PASSWORD).await.is(200);
        machine.signs_in(&url(cloud), &mut browser).await;
        machine.slipway(&["cloud", "orgs"]).exits(0);
    }
}

/// The server's process, on what another one left.
fn process(cloud: &Cloud) -> Vec<(&'static str, String)> {
    vec![
        ("DATABASE_URL", cloud.database.clone()),
        (
            "SLIPWAY_CLOUD_SECRET_KEY",
            format!("{}Bwc=", "BwcH".repeat(10)),
        ),
        // It is the same server, by the name that it had.
        (
            "SLIPWAY_CLOUD_PUBLIC_URL",
            cloud.server.config.public_url.clone(),
        ),
        ("SLIPWAY_CLOUD_LOG", "slipway_cloud=info".to_owned()),
    ]
}

/// How long ago the test's clock stands still: the process has the real one.
#[expect(clippy::disallowed_methods, reason = "the process has the real clock")]
pub fn since(cloud: &Cloud) -> i64 {
    let now = slipway_contract::Timestamp::now().as_second();
    now - cloud.clock.now().0 / 1000
}

#[tokio::test(flavor = "multi_thread")]
async fn who_it_is_is_known_while_the_server_is_away_and_it_goes_on_when_it_is_back() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    cloud.clock.forward(since(&cloud));
    let machine = Machine::new();
    let (server, port) = (url(&cloud), cloud.address.port());
    let mut browser = somebody(&cloud, "Anna").await;
    machine.signs_in(&server, &mut browser).await;
    machine
        .slipway(&["cloud", "orgs", "create", "Harbour works"])
        .exits(0);
    drop(browser);
    let settings = process(&cloud);
    let folder = cloud.stop_and_keep().await;

    let who = machine.object(&["cloud", "whoami"]);
    assert_eq!(
        (&who["person"]["name"], &who["from_now"]),
        (&json!("Anna"), &json!(false))
    );
    assert_eq!(who["problem"]["code"], "unreachable");
    machine
        .slipway(&["cloud", "whoami"])
        .exits(0)
        .says("As the server said it last")
        .complains("cannot be reached");
    machine
        .slipway(&["cloud", "orgs"])
        .exits(1)
        .complains("cannot be reached");

    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let mut process = block_in_place(|| Process::serve_at(port, &settings));
    machine
        .slipway(&["cloud", "orgs"])
        .exits(0)
        .says("Harbour works");
    process.kill();
    let mut process = block_in_place(|| Process::serve_at(port, &settings));
    machine
        .slipway(&["cloud", "orgs"])
        .exits(0)
        .says("Harbour works");
    process.kill();

    machine
        .slipway(&["cloud", "logout"])
        .exits(0)
        .says("Signed out of")
        .complains("could not be told");
    machine.slipway(&["cloud", "whoami"]).exits(2).says(&server);
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_another_state_changes_nothing() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let machine = Machine::new();
    let mut browser = somebody(&cloud, "Anna").await;
    let mut login = machine.start(&["cloud", "login", "--server", &url(&cloud), "--json"]);
    let to = told(&mut login, "browser")["url"]
        .as_str()
        .expect("an address")
        .to_owned();
    let back = allow(&url(&cloud), &to, &mut browser).await;
    let other = back.replace("state=", "state=x");
    assert_eq!(get(&other).await, 404);
    assert_eq!(get(&back).await, 200);
    block_in_place(|| login.end()).exits(0);
    drop(browser);
    cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_kept_is_not_begun() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let machine = Machine::new();
    for how in [&["--device"][..], &[]] {
        let mut command = machine.command(&["cloud", "login", "--server", &server]);
        command.args(how).env_remove("SLIPWAY_VAULT_PASSPHRASE");
        let ran = block_in_place(|| Running::start(command).end());
        let ran = ran.exits(2).complains("Set SLIPWAY_VAULT_PASSPHRASE");
        assert_eq!(ran.stdout, "");
    }
    let asked = listener.accept().map(drop).map_err(|error| error.kind());
    assert_eq!(
        asked,
        Err(std::io::ErrorKind::WouldBlock),
        "nobody is asked"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_passphrase_is_asked_for_before_the_code_is_shown() {
    use crate::kit::terminal::Terminal;

    let (server, serving) = super::keys::server().await;
    let machine = Machine::new();
    let first = [
        "Choose a passphrase for it: ",
        "The same passphrase again: ",
    ];
    for questions in [&first[..], &["Passphrase of the sealed file: "]] {
        let mut command = machine.command(&["cloud", "login", "--device", "--server", &server]);
        command.env_remove("SLIPWAY_VAULT_PASSPHRASE");
        let (code, screen) = block_in_place(|| {
            let mut terminal = Terminal::start(command, 120);
            for question in questions {
                let shown = terminal.until(question);
                assert!(!shown.contains("BCDF-GHJK"), "{shown}");
                terminal.types(&format!("{PASSWORD}\r"));
            }
            terminal.end()
        });
        assert_eq!(code, Some(0), "{screen}");
        let (_, after) = screen.split_once("BCDF-GHJK").expect("a code");
        assert!(!after.contains("assphrase"), "asked once: {screen}");
    }
    serving.abort();
}
