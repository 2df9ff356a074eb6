//! The secret key and the database belong together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::seal::Sealer;
use slipway_cloud::tables::{idempotency_keys, letters, tickets, totp_secrets};

use super::{data, given};
use crate::kit::process::{Process, said};
use crate::kit::{Cloud, get_plain};

/// The settings of one that leaves letters where they are.
fn settings(cloud: &Cloud) -> Vec<(String, String)> {
    let mut settings = cloud.settings();
    settings.push(("SLIPWAY_CLOUD_WORKER".to_owned(), "false".to_owned()));
    settings
}

/// The settings with another key, and perhaps the first one beside it.
fn with_key(cloud: &Cloud, new: [u8; 32], is_other_given: bool) -> Vec<(String, String)> {
    let mut settings = settings(cloud);
    for (name, value) in &mut settings {
        if name == "SLIPWAY_CLOUD_SECRET_KEY" {
            let first = std::mem::replace(value, STANDARD.encode(new));
            if is_other_given {
                let other = "SLIPWAY_CLOUD_OTHER_SECRET_KEY".to_owned();
                settings.push((other, first));
            }
            return settings;
        }
    }
    panic!("there is a key");
}

fn refused(settings: &[(String, String)], command: &[&str]) -> String {
    let ended = said(&given(settings), command);
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success(), "{words}");
    words
}

on_both! {
    async fn another_key_is_refused_at_the_start_until_all_is_sealed_with_it(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let began = cloud.post("/api/v1/account/totp").by(&anna).send().await.is(201).read::<Value>();
        assert!(began["secret"].is_string());
        let organization = json!({"name": "Harbour"});
        let make = |key: &str| cloud.post("/api/v1/organizations").by(&anna).header("idempotency-key", key).json(&organization);
        make("one").send().await.is(201);
        // A link in a letter, good for a week.
        let mut browser = cloud.browser_of(&anna).await;
        browser.open("/account/email").await.is(200);
        browser.submit("/account/email", &[("email", "new@example.com")]).await.is(200);
        cloud.letters().await;
        let letter = Letter {
            to: "anna@example.com".parse().unwrap(),
            subject: Subject::new("A hull"),
            text: "On its slope.".to_owned(),
        };
        mail::post(&cloud.server, cloud.server.database.read(), &letter).await.unwrap();

        // The first start marks the database: with a key that opens what is there, if there is anything.
        let settings = settings(cloud);
        let words = refused(&with_key(cloud, [9; 32], false), &["serve"]);
        assert!(words.contains("SLIPWAY_CLOUD_SECRET_KEY is not the key of this database"), "{words}");
        drop(Process::serve(&given(&settings)));
        let (lost, changing) = (with_key(cloud, [9; 32], false), with_key(cloud, [9; 32], true));
        let words = refused(&lost, &["serve"]);
        assert!(words.contains("SLIPWAY_CLOUD_SECRET_KEY is not the key of this database"), "{words}");
        assert!(refused(&lost, &["reseal"]).contains("sealed with yet another secret key"));
        drop(Process::serve(&given(&settings)));

        // With both, all goes on; and with the new one alone once all is sealed with it.
        let both = Process::serve(&given(&changing));
        assert_eq!(get_plain(&format!("{}/.well-known/jwks.json", both.url())).await.0, 200);
        drop(both);
        assert!(refused(&lost, &["serve"]).contains("is not the key of this database"));
        let resealed = said(&given(&changing), &["reseal"]);
        assert!(resealed.status.success(), "{}", String::from_utf8_lossy(&resealed.stderr));
        let alone = Process::serve(&given(&lost));
        assert_eq!(get_plain(&format!("{}/.well-known/jwks.json", alone.url())).await.0, 200);
        drop(alone);
        assert!(refused(&settings, &["serve"]).contains("is not the key of this database"));

        let new = Sealer::new([9; 32]);
        let on = cloud.server.database.read();
        let rows = tickets::all(on).await.unwrap();
        assert!(rows.iter().any(|row| row.purpose == "undoing a change of address"), "{rows:#?}");
        for row in rows {
            new.open(&row.purpose, &row.hash, &row.sealed).unwrap();
        }
        let rows = totp_secrets::all(on).await.unwrap();
        assert_eq!(rows.len(), 1);
        new.open("totp", rows[0].account_id.as_bytes(), &rows[0].sealed).unwrap();
        let rows = letters::all(on).await.unwrap();
        assert_eq!(rows.len(), 1);
        new.open("letter", rows[0].id.as_bytes(), &rows[0].sealed).unwrap();
        let rows = idempotency_keys::all(on).await.unwrap();
        assert_eq!(rows.len(), 1);
        new.open("idempotent answer", &[rows[0].caller.as_bytes(), b"\0one"].concat(), &rows[0].answer).unwrap();
    }

    async fn when_a_key_is_lost_what_it_sealed_can_be_given_up(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        cloud.post("/api/v1/account/totp").by(&anna).send().await.is(201);
        drop(Process::serve(&given(&cloud.settings())));
        let lost = with_key(cloud, [9; 32], false);
        let forgotten = said(&given(&lost), &["reseal", "--forget"]);
        assert!(forgotten.status.success());
        let server = Process::serve(&given(&lost));
        assert_eq!(get_plain(&format!("{}/.well-known/jwks.json", server.url())).await.0, 200);
        assert!(totp_secrets::all(cloud.server.database.read()).await.unwrap().is_empty());
    }
}

#[test]
fn a_key_that_the_server_made_and_lost_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let at = data(folder.path());
    let settings = [("SLIPWAY_CLOUD_DATA", &*at)];
    drop(Process::serve(&settings));
    let path = folder.path().join("secret.key");
    let key = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let ended = said(&settings, &["serve"]);
    let words = String::from_utf8(ended.stderr).unwrap();
    assert!(
        !ended.status.success() && words.contains("secret.key is not there"),
        "{words}"
    );
    assert!(!path.exists(), "no other is made in its place");
    std::fs::write(&path, &key[..31]).unwrap();
    let words = String::from_utf8(said(&settings, &["serve"]).stderr).unwrap();
    assert!(words.contains("put it back from the backup"), "{words}");
    std::fs::write(&path, key).unwrap();
    drop(Process::serve(&settings));
}
