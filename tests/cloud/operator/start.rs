//! What is refused at the start, and what is not waited for.

use std::process::Stdio;

use super::data;
use crate::kit::process::{Process, command, said};
use crate::kit::{client, get_plain};

/// What it says when it does not start.
fn refused(settings: &[(&str, &str)]) -> String {
    let ended = said(settings, &["serve"]);
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success(), "{words}");
    words
}

#[test]
fn many_programs_may_make_one_new_database_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let data = data(&folder.path().join(format!("data{round}")));
        let start = || {
            let mut migrate = command(&[("SLIPWAY_CLOUD_DATA", &*data)]);
            migrate.args(["admin", "list"]).stderr(Stdio::piped());
            migrate.spawn().expect("it starts")
        };
        let programs: Vec<_> = (0..8).map(|_| start()).collect();
        for program in programs {
            let ended = program.wait_with_output().expect("it ends");
            let words = String::from_utf8_lossy(&ended.stderr);
            assert!(ended.status.success(), "{words}");
        }
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_database_also_in_a_folder_that_is_open() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let at = data(folder.path());
    let server = Process::serve(&[("SLIPWAY_CLOUD_DATA", &at)]);
    assert!(!server.log().contains("chmod 600"), "{}", server.log());
    let mode = |name: &str| {
        let about = std::fs::metadata(folder.path().join(name)).unwrap();
        about.permissions().mode() & 0o777
    };
    for name in ["cloud.db", "cloud.db-wal", "cloud.db-shm", "secret.key"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    drop(server);
    // An operator lets others read it: they hear what is in it, once, and it is left so.
    for chosen in [0o644, 0o640] {
        let chosen_mode = std::fs::Permissions::from_mode(chosen);
        std::fs::set_permissions(folder.path().join("cloud.db"), chosen_mode).unwrap();
        let log = Process::serve(&[("SLIPWAY_CLOUD_DATA", &at)]).log();
        assert_eq!(log.matches("chmod 600").count(), 1, "{log}");
        assert_eq!(mode("cloud.db"), chosen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_while_redis_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(&[
        ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
        ("REDIS_URL", "redis://127.0.0.1:1"),
    ]);
    assert_eq!(get_plain(&format!("{}/ready", server.url())).await.0, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_taken_however_the_address_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let _server = Process::serve_at(
        port,
        &[
            ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
            (
                "SLIPWAY_CLOUD_PUBLIC_URL",
                &format!("http://LocalHost:{port}/"),
            ),
        ],
    );
    let (client, url) = (client(), format!("http://localhost:{port}/register"));
    let page = client.get(&url).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = page.text().await.unwrap();
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let sent = client
        .post(&url)
        .header("cookie", cookie)
        // As a browser says it.
        .header("origin", format!("http://localhost:{port}"))
        .form(&[("form_token", token), ("email", "anna@example.com")])
        .send()
        .await
        .unwrap();
    assert!(sent.status().as_u16() < 400, "{}", sent.status());
}

#[test]
fn what_is_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(folder.path());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (name, value, words) in [
        ("DATABASE_URL", "postgres://me@127.0.0.1:1/x", "refused"),
        (
            "SLIPWAY_CLOUD_METRICS_LISTEN",
            &*address,
            "SLIPWAY_CLOUD_METRICS_LISTEN=",
        ),
        (
            "SLIPWAY_CLOUD_MAIL",
            "folder:/proc/nope",
            "SLIPWAY_CLOUD_MAIL=folder:/proc/nope",
        ),
    ] {
        let told = refused(&[
            ("SLIPWAY_CLOUD_DATA", &data),
            ("SLIPWAY_CLOUD_LISTEN", "127.0.0.1:0"),
            (name, value),
        ]);
        assert!(told.contains(words), "{told}");
    }
}
