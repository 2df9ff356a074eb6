//! The first steps of who starts the program without a setting: what it says leads where it says.

use std::time::Duration;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use crate::kit::client;
use crate::kit::process::Process;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_log_is_good_as_it_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let server = Process::serve(&[("SLIPWAY_CLOUD_DATA", &data)]);
    let here = format!("http://localhost:{}", server.port);

    // Whoever opens the bare address is sent to the one that links, cookies and passkeys are for.
    let bare = format!("{}/register?next=%2Fdevice", server.url());
    let led = client().get(&bare).send().await.unwrap();
    let led = led.headers()[LOCATION].to_str().unwrap().to_owned();
    assert_eq!(led, format!("{here}/register?next=%2Fdevice"));

    let page = client().get(&led).send().await.unwrap();
    let cookie = page.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = page.text().await.unwrap();
    let (_, token) = page.split_once("name=\"form_token\" value=\"").unwrap();
    let token = token.split('"').next().unwrap();
    let fields = [
        ("form_token", token),
        ("next", ""),
        ("email", "anna@example.com"),
    ];
    let sent = client()
        .post(format!("{here}/register"))
        .header(COOKIE, &cookie)
        .header("origin", &here)
        .form(&fields);
    assert_eq!(sent.send().await.unwrap().status(), 200);

    let start = format!("{here}/verify?ticket=");
    let link = loop {
        let log = server.log();
        let mut lines = log.lines().map(str::trim);
        match lines.find(|line| line.starts_with(&start)) {
            Some(link) => break link.to_owned(),
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let page = client().get(&link).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(
        page.contains("Choose a password") && page.contains("anna@example.com"),
        "{link}: {page}"
    );
}
