//! What an operator sees of the program: its start, its settings, its end.

mod accounts;
#[cfg(unix)]
mod end;
mod first_steps;
#[cfg(unix)]
mod hanging;
mod metrics;
mod redis_away;
mod secret_key;
mod seed;
#[cfg(unix)]
mod standby;
mod start;
mod statements;
#[cfg(unix)]
mod tls;
mod traces;
mod work;

use std::path::Path;

use crate::kit::get_plain;
use crate::kit::process::{Process, command, said};

fn data(folder: &Path) -> String {
    folder.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_on_sqlite_without_any_setting_and_keeps_its_own_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(&folder.path().join("data"));
    let settings = [("SLIPWAY_CLOUD_DATA", &*data)];
    let mut first = Process::serve(&settings);
    assert_eq!(get_plain(&format!("{}/ready", first.url())).await.0, 204);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let secret = std::fs::metadata(Path::new(&data).join("secret.key")).unwrap();
        assert_eq!(secret.permissions().mode() & 0o777, 0o600);
        assert_eq!(
            std::fs::metadata(&data).unwrap().permissions().mode() & 0o777,
            0o700
        );
        assert!(first.end(), "told to end, it ends well");
    }
    first.kill();
    let second = Process::serve(&settings);
    assert_eq!(get_plain(&format!("{}/ready", second.url())).await.0, 204);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let ended = said(
        &[
            ("SLIPWAY_CLOUD_LISTEN", &listen),
            ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
        ],
        &["serve"],
    );
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(
        !ended.status.success() && words.contains(&format!("SLIPWAY_CLOUD_LISTEN={listen}")),
        "{words}"
    );
}

#[test]
fn production_does_not_start_on_made_up_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let ended = said(
        &[
            ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
            ("SLIPWAY_CLOUD_DATA", &data(folder.path())),
        ],
        &["serve"],
    );
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success(), "{words}");
    assert!(
        words.contains("SLIPWAY_CLOUD_SECRET_KEY is missing")
            && words.contains("SLIPWAY_CLOUD_PUBLIC_URL is missing"),
        "{words}"
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is made"
    );
}

#[test]
fn a_database_that_is_not_there_is_said_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        (
            "DATABASE_URL",
            "postgres://slipway:hunter2@127.0.0.1:1/slipway",
        ),
        ("SLIPWAY_CLOUD_DATA", &*data(folder.path())),
    ];
    for arguments in [["migrate"], ["serve"]] {
        let ended = said(&settings, &arguments);
        let words = String::from_utf8(ended.stderr).unwrap();
        assert!(
            !ended.status.success() && words.contains("DATABASE_URL"),
            "{words}"
        );
        assert!(!words.contains("hunter2"), "{words}");
    }
}

#[test]
fn what_is_piped_and_wrongly_asked_is_clean() {
    let settings = said(&[], &["settings"]);
    assert!(
        settings.status.success()
            && String::from_utf8(settings.stdout)
                .unwrap()
                .contains("#DATABASE_URL=")
    );
    let wrong = said(&[], &["serv"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("serve"));
    let api = said(&[], &["openapi"]);
    serde_json::from_slice::<serde_json::Value>(&api.stdout).expect("JSON and nothing else");
    let mut nobody_reads = command(&[])
        .arg("openapi")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(nobody_reads.stdout.take());
    assert!(
        nobody_reads.wait().unwrap().success(),
        "a closed pipe is no error"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_come_from_vault() {
    use axum::extract::Path as Param;
    use axum::http::{HeaderMap, StatusCode};
    use axum::routing::get;
    // Vault itself cannot be had here: this stand-in answers as its API's documentation says (KV version 2).
    let secret = async |Param(path): Param<String>, headers: HeaderMap| {
        let is_ours = headers
            .get("x-vault-token")
            .is_some_and(|token| token == "hvs.ours");
        if !is_ours {
            return Err(StatusCode::FORBIDDEN);
        }
        if path != "slipway-cloud" {
            return Err(StatusCode::NOT_FOUND);
        }
        let key = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
        Ok(axum::Json(
            serde_json::json!({"data": {"data": {"SLIPWAY_CLOUD_SECRET_KEY": key}, "metadata": {"version": 1}}}),
        ))
    };
    let vault = axum::Router::new().route("/v1/secret/data/{*path}", get(secret));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, vault).await });
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "hvs.ours\n").unwrap();
    let (data, token) = (
        data(&folder.path().join("data")),
        token.display().to_string(),
    );
    let mail = format!("folder:{}", folder.path().join("mail").display());
    let settings = [
        ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
        ("SLIPWAY_CLOUD_PUBLIC_URL", "https://cloud.example.com"),
        ("SLIPWAY_CLOUD_MAIL", &*mail),
        ("SLIPWAY_CLOUD_DATA", &*data),
        ("VAULT_ADDR", &*address),
        ("VAULT_TOKEN_FILE", &*token),
    ];
    let (server, path) = tokio::task::spawn_blocking({
        let settings: Vec<(String, String)> = settings
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        move || {
            let settings: Vec<(&str, &str)> = settings.iter().map(|(n, v)| (&**n, &**v)).collect();
            let server = Process::serve(&settings);
            let mut wrong = settings.clone();
            wrong.retain(|(name, _)| *name != "VAULT_TOKEN_FILE");
            wrong.push(("VAULT_TOKEN", "hvs.theirs"));
            (server, said(&wrong, &["serve"]))
        }
    })
    .await
    .unwrap();
    assert_eq!(get_plain(&format!("{}/ready", server.url())).await.0, 204);
    assert!(
        !Path::new(&data).join("secret.key").exists(),
        "no secret is made beside Vault's"
    );
    let words = String::from_utf8(path.stderr).unwrap();
    assert!(
        words.contains("403") && !words.contains("hvs.theirs"),
        "{words}"
    );
}

/// Settings as a command takes them.
fn given(settings: &[(String, String)]) -> Vec<(&str, &str)> {
    settings
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}

/// What is printed at the start is true, at a terminal or not: each address that it names is there.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_steps_that_it_prints_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let here = format!("http://localhost:{port}");
    let settings = [("SLIPWAY_CLOUD_DATA", &*data(folder.path()))];
    let (_server, printed) = Process::serve_and_print(port, &settings);
    let pages: Vec<&str> = printed
        .split_whitespace()
        .filter(|word| word.starts_with(&format!("{here}/")))
        .collect();
    assert_eq!(pages.len(), 2, "{printed}");
    for page in pages {
        let status = get_plain(page).await.0;
        assert!(status == 200 || status == 303, "{page}: {status}");
    }
    assert!(
        printed.contains(&format!("slipway cloud login --server {here}")),
        "{printed}"
    );
}
