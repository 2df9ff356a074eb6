//! Wrong addresses, servers that are none, and a damaged keychain.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use tokio::net::TcpListener;
use tokio::task::block_in_place;

use super::keys::server;
use super::login::{somebody, url};
use super::machine::{Machine, Running};
use crate::kit::{Cloud, Engine};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_be_used_says_why() {
    let machine = Machine::new();
    for (address, says) in [
        ("slipway.example.com/path", "no more than"),
        ("two words", "no address"),
        ("http://slipway.example.com", "without https"),
        ("http://localhost.example.com:8787", "http://localhost:8787"),
        ("http://192.168.1.5:8787", "without https"),
        ("https://user:hunter2@slipway.example.com", "no more than"),
        ("https://slipway.example.com/path", "no more than"),
        ("ftp://slipway.example.com", "must begin with https"),
        ("", "no address"),
    ] {
        let ran = machine.slipway(&["cloud", "login", "--server", address]);
        let ran = ran.exits(2).complains(says);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    // Nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nowhere = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    machine
        .slipway(&["cloud", "login", "--server", &nowhere])
        .exits(1)
        .complains("nothing answers at this address")
        .complains("See that the server runs");
    machine
        .slipway(&["cloud", "whoami"])
        .exits(2)
        .says("no server is known");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_speaks_something_else_is_told_with_what_to_name() {
    let machine = Machine::new();
    let (url, serving) = server().await;
    machine
        .slipway(&[
            "cloud",
            "login",
            "--server",
            &url.replace("http:", "https:"),
        ])
        .exits(1)
        .complains("does not speak https")
        .complains("http://localhost and its port");
    serving.abort();
    let other = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = other.local_addr().expect("an address");
    let serving = tokio::spawn(async move {
        // It lets go of everybody.
        while let Ok((caller, _)) = other.accept().await {
            drop(caller);
        }
    });
    machine
        .slipway(&["cloud", "login", "--server", &at.to_string()])
        .exits(1)
        .complains(&format!(
            "its port {} took the connection and broke it off",
            at.port()
        ))
        .complains(&format!("See that http://{at} is the address"));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_none_is_told_and_its_words_are_not_obeyed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let page = || async { ([(CONTENT_TYPE, "text/html")], "<h1>\u{1b}[2JWelcome</h1>") };
    let serving =
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(page)).await });
    let ran = Machine::new().slipway(&["cloud", "login", "--server", &url]);
    let ran = ran
        .exits(1)
        .complains("does not answer as Slipway's cloud does");
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_sign_in_is_told_and_replaced_by_the_next() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let machine = Machine::new();
    let mut browser = somebody(&cloud, "Anna").await;
    machine.signs_in(&url(&cloud), &mut browser).await;
    let mut locked = machine.command(&["cloud", "whoami"]);
    locked.env_remove("SLIPWAY_VAULT_PASSPHRASE");
    block_in_place(|| Running::start(locked).end())
        .exits(0)
        .says("Anna")
        .complains("SLIPWAY_VAULT_PASSPHRASE");
    let sealed = machine.home().join("secrets/sealed.json");
    let whole = std::fs::read_to_string(&sealed).expect("the sealed file");

    std::fs::write(&sealed, &whole[..whole.len() / 2]).expect("damaged");
    machine
        .slipway(&["cloud", "orgs"])
        .exits(1)
        .complains("is damaged");
    machine
        .slipway(&["cloud", "whoami"])
        .exits(0)
        .says("Anna")
        .complains("is damaged");
    machine
        .slipway(&["cloud", "logout"])
        .exits(1)
        .complains("is damaged");
    std::fs::write(&sealed, &whole).expect("whole again");
    machine.slipway(&["cloud", "orgs"]).exits(0);

    std::fs::remove_file(&sealed).expect("gone");
    machine
        .slipway(&["cloud", "orgs"])
        .exits(2)
        .complains("nobody is signed in");
    machine.slipway(&["cloud", "whoami"]).exits(2);
    machine.signs_in(&url(&cloud), &mut browser).await;
    machine.slipway(&["cloud", "orgs"]).exits(0);

    std::fs::write(machine.home().join("cloud/account.json"), "{").expect("damaged");
    machine
        .slipway(&["cloud", "whoami"])
        .exits(2)
        .says("no server is known");
    machine.signs_in(&url(&cloud), &mut browser).await;
    machine.slipway(&["cloud", "whoami"]).exits(0).says("Anna");
    drop(browser);
    cloud.stop().await;
}
