//! What people change of their own accounts.

use serde_json::{Value, json};
use slipway_cloud::http::origin::Origin;
use slipway_cloud::people::browsers;
use slipway_cloud::tables::{
    accounts, audit_events, memberships, organizations, passkeys, totp_secrets,
};
use slipway_contract::cloud::{AccountId, OrganizationId, Role};

use super::PASSWORD;
use crate::kit::{Archive, Cloud, Engine, Person};

const ANNA: &str = "anna@example.com";

async fn id(cloud: &Cloud, email: &str) -> AccountId {
    let on = cloud.server.database.read();
    let account = accounts::find_by_email(on, &email.parse().unwrap())
        .await
        .unwrap();
    account.expect("an account").id()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_export_of_a_person_runs_at_a_time() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let mut browser = cloud.browser();
    browser.register("Anna", ANNA, PASSWORD).await;
    let exports = &cloud.server.people.exports;
    let turn = exports.begin(id(&cloud, ANNA).await).unwrap();
    assert!(exports.begin(cloud.person("other").await.id).is_ok());
    browser.open("/account/export").await.is(429);
    drop(turn);
    browser.open("/account/export").await.is(200);
    cloud.stop().await;
}

on_both! {
    async fn sessions_are_named_as_people_know_them(cloud: &Cloud) {
        const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let origin = Origin { address: "192.0.2.7".to_owned(), agent: CHROME.to_owned(), request: String::new() };
        browsers::begin(&cloud.server, cloud.server.database.read(), anna.id, &origin).await.unwrap();
        browser.open("/account").await.is(200);
        let page = &browser.page;
        assert!(page.contains("aria-label=\"Sign out Chrome on Linux\"") && page.contains("A browser · 192.0.2.7"), "{page}");
        assert!(page.contains("aria-label=\"Sign out a test\"") && page.contains("Slipway on a computer · "), "{page}");
        assert!(!page.contains("Mozilla") && !page.contains("slipway-desktop"), "{page}");
    }

    async fn what_was_saved_is_said(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.submit("/account/name", &[("name", "Anna Lind")]).await.is(200);
        assert!(browser.page.contains("Your name is saved.") && browser.page.contains("value=\"Anna Lind\""));
        // What is refused stands there again, and not what is kept.
        let long = "a".repeat(101);
        browser.submit("/account/name", &[("name", &long)]).await.is(422);
        assert!(browser.page.contains(&format!("value=\"{long}\"")) && browser.page.contains("Anna Lind"), "{}", browser.page);
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("role=\"status\""));
        browser.open("/account?done=%3Cb%3E&from=mail").await.is(200);
        assert!(!browser.page.contains("role=\"status\""));
    }

    async fn a_new_password_ends_other_sessions(cloud: &Cloud) {
        let (mut browser, mut other) = (cloud.browser(), cloud.browser());
        browser.register("Anna", ANNA, PASSWORD).await;
        other.sign_in(ANNA, PASSWORD).await.is(200);
        browser.open("/account/password").await.is(200);
        let wrong = [("present", "a wrong password"), ("password", "a slope under a hull")];
        browser.submit("/account/password", &wrong).await.is(422);
        assert!(other.is_in().await);
        let right = [("present", PASSWORD), ("password", "a slope under a hull")];
        browser.submit("/account/password", &right).await.is(200);
        assert!(browser.is_in().await && !other.is_in().await);
        other.sign_in(ANNA, PASSWORD).await.is(422);
        other.sign_in(ANNA, "a slope under a hull").await.is(200);
    }

    async fn sessions_are_seen_and_ended(cloud: &Cloud) {
        let (mut browser, mut second, mut third) = (cloud.browser(), cloud.browser(), cloud.browser());
        browser.register("Anna", ANNA, PASSWORD).await;
        second.sign_in(ANNA, PASSWORD).await.is(200);
        third.sign_in(ANNA, PASSWORD).await.is(200);
        browser.open("/account").await.is(200);
        assert_eq!(browser.page.matches("browser · 127.0.0.1").count(), 3);
        let session = browser.hidden("session");
        browser.submit("/account/sessions/end", &[("session", &session)]).await.is(200);
        assert_eq!(browser.path, "/account?done=session-ended#sessions");
        assert!(browser.page.contains("It is signed out."), "{}", browser.page);
        let left = [second.is_in().await, third.is_in().await];
        assert_eq!(left.iter().filter(|is_in| **is_in).count(), 1);
        // Nobody ends another's.
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        browser.open("/account").await.is(200);
        let session = browser.hidden("session");
        eve.open("/account").await.is(200);
        eve.post("/account/sessions/end", &[("session", &session)]).await.is(404);
        browser.open("/account").await.is(200);
        browser.submit("/account/sessions/end-others", &[]).await.is(200);
        assert!(browser.page.contains("You are signed out everywhere else."), "{}", browser.page);
        assert!(browser.is_in().await && !second.is_in().await && !third.is_in().await);
        browser.submit("/account/sessions/end-all", &[]).await.is(200);
        assert!(!browser.is_in().await && eve.is_in().await);
    }

    async fn a_person_hears_of_what_gets_in_and_removes_it(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let told = async |words: &[&str]| {
            let text = cloud.letter(&anna.email).await.0.text;
            for word in words {
                assert!(text.contains(word), "{word}: {text}");
            }
            assert!(text.contains("/account#access"), "{text}");
        };
        // Somebody with a session of hers lets a program in, makes a key and makes it anew.
        let tokens = cloud.sign_in(&anna).await;
        told(&["Slipway on the device", "Anna's laptop", "signed in"]).await;
        let make = cloud.post("/api/v1/keys").token(&tokens.access).json(&json!({"name": "Backdoor", "scopes": ["account:read"]}));
        let made: Value = make.send().await.is(201).read();
        told(&["API key \"Backdoor\" was made"]).await;
        let path = format!("/api/v1/keys/{}/rotate", made["key"]["id"].as_str().unwrap());
        let next: Value = cloud.post(&path).token(&tokens.access).json(&json!({})).send().await.is(201).read();
        told(&["API key \"Backdoor\" was rotated"]).await;
        let key = next["secret"].as_str().unwrap();
        // A new password ends the program and not the key, and says so.
        let mut browser = cloud.browser();
        browser.open("/forgot").await.is(200);
        browser.submit("/forgot", &[("email", &anna.email)]).await.is(200);
        browser.open(&cloud.letter(&anna.email).await.link()).await.is(200);
        let ticket = browser.hidden("ticket");
        browser.submit("/reset", &[("ticket", &ticket), ("password", PASSWORD)]).await.is(200);
        told(&["API keys, passkeys and connected services go on"]).await;
        assert!(!cloud.takes(&tokens.access).await && cloud.takes(key).await);
        // The page leads to where they are, once she is in.
        let at = browser.page.find("/sign-in?next=").expect("a link");
        let link = browser.page[at..].split('"').next().unwrap().to_owned();
        browser.open(&link).await.is(200);
        let next = browser.hidden("next");
        browser.submit("/sign-in", &[("email", &anna.email), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(browser.path, "/account#access");
        assert!(browser.page.contains("id=\"access\"") && browser.page.contains("Backdoor"), "{}", browser.page);
        assert_eq!(browser.page.matches("/account/keys/revoke").count(), 1, "the one that was rotated is over");
        let id = browser.hidden("key");
        // Nobody ends another's.
        let eve = cloud.person("eve").await;
        let mut eves = cloud.browser_of(&eve).await;
        eves.open("/account").await.is(200);
        eves.post("/account/keys/revoke", &[("key", &id)]).await.is(404);
        browser.submit("/account/keys/revoke", &[("key", &id)]).await.is(200);
        assert!(!browser.page.contains("Backdoor") && !cloud.takes(key).await);
        assert!(browser.page.contains("The key is revoked."), "{}", browser.page);
        browser.open("/account").await.is(200);
        browser.post("/account/keys/revoke", &[("key", &id)]).await.is(404);
    }

    async fn an_account_is_exported_and_deleted(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let export = browser.open("/account/export").await.is(200);
        assert!(export.header("content-disposition").starts_with("attachment"));
        let document: Value = export.read();
        assert_eq!(document["account"]["email"], ANNA);
        assert_eq!(document["sessions"].as_array().unwrap().len(), 1);
        assert!(document["events"].as_array().unwrap().iter().any(|event| event["action"] == "account.created"));
        assert!(!export.text().contains("argon2") && !export.text().contains(&browser.cookies["slipway"]));
        browser.open("/account/delete").await.is(200);
        browser.submit("/account/delete", &[("email", "eve@example.com")]).await.is(422);
        cloud.letters().await;
        browser.submit("/account/delete", &[("email", ANNA)]).await.is(200);
        assert!(!browser.is_in().await);
        assert!(cloud.letter(ANNA).await.0.text.contains("deleted"));
        browser.sign_in(ANNA, PASSWORD).await.is(422);
        // The address is free again.
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
    }

    async fn an_export_holds_all_that_is_known_and_is_of_any_size(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (anna, on, now) = (id(cloud, ANNA).await, cloud.server.database.read(), cloud.server.clock.now());
        let person = cloud.person("owner").await;
        let harbour = cloud.organization(&person).await;
        let new = json!({"email": ANNA, "role": "viewer"});
        cloud.post(&harbour.at("invitations")).by(&person).json(&new).send().await.is(201);
        let hers = Person { id: anna, email: ANNA.to_owned(), ..person }.again(&cloud.server).await;
        let key = json!({"name": "Build", "scopes": ["agents:read"]});
        let secret = cloud.post("/api/v1/keys").by(&hers).json(&key).send().await.is(201).read::<Value>()["secret"].as_str().unwrap().to_owned();
        let agent = json!({"name": "counter", "title": "Counter"});
        let agent = cloud.post("/api/v1/agents").by(&hers).json(&agent).send().await.is(201).read::<Value>();
        let archive = Archive::saying("Count.");
        let path = format!("/api/v1/agents/{}/versions/{}", agent["id"].as_str().unwrap(), archive.hash);
        cloud.put(&path).by(&hers).body("application/zip", archive.bytes.clone()).send().await.is(201);
        let app = totp_secrets::Model { account_id: anna.0, sealed: b"sealed".to_vec(), confirmed_at: Some(now), last_step: 0, created_at: now };
        totp_secrets::insert(on, app).await.unwrap();
        let passkey = passkeys::Model {
            id: cloud.server.chance.id(now).unwrap(), account_id: anna.0, credential_id: b"an id".to_vec(), credential: "{}".to_owned(),
            name: "A key on a ring".to_owned(), revision: 1, created_at: now, last_used_at: None,
        };
        passkeys::insert(on, passkey).await.unwrap();
        for _ in 0..1100 {
            let event = audit_events::Model {
                id: cloud.server.chance.id(now).unwrap(), organization_id: None, account_id: Some(anna.0), actor: "operator".to_owned(),
                action: "many.events".to_owned(), target: None, detail: None, address: String::new(), request: String::new(), created_at: now,
            };
            audit_events::insert(on, event).await.unwrap();
        }
        let export = browser.open("/account/export").await.is(200);
        let document: Value = export.read();
        let list = |name: &str| document[name].as_array().unwrap_or_else(|| panic!("{name}")).clone();
        assert_eq!(document["account"]["email"], ANNA);
        assert_eq!(list("sessions").len(), 2);
        assert_eq!((&list("keys")[0]["name"], list("keys").len()), (&json!("Build"), 1));
        assert_eq!(list("agents")[0]["name"], "counter");
        let fetched = list("agents")[0]["versions"][0]["archive"].as_str().unwrap().to_owned();
        assert!(fetched.ends_with(&path), "{fetched}");
        assert_eq!(list("invitations")[0]["organization"], harbour.id.to_string());
        assert_eq!(list("passkeys")[0]["name"], "A key on a ring");
        assert!(document["second_factor"]["authenticator_app_since"].is_string());
        assert_eq!(list("events").iter().filter(|event| event["action"] == "many.events").count(), 1100);
        assert!(!export.text().contains(&secret) && !export.text().contains("sealed"));
    }

    async fn a_last_owner_gives_the_organization_away_first(cloud: &Cloud) {
        let (mut browser, mut eve) = (cloud.browser(), cloud.browser());
        browser.register("Anna", ANNA, PASSWORD).await;
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        let (anna, member, on) = (id(cloud, ANNA).await, id(cloud, "eve@example.com").await, cloud.server.database.read());
        let now = cloud.server.clock.now();
        let make = async |name: &str| {
            let id = OrganizationId(cloud.server.chance.id(now).unwrap());
            let row = organizations::Model { id: id.0, name: name.to_owned(), revision: 1, created_at: now };
            organizations::insert(on, row).await.unwrap();
            memberships::insert(on, id, anna, Role::Owner, now).await.unwrap();
            id
        };
        let (alone, shared) = (make("Alone").await, make("Harbour").await);
        memberships::insert(on, shared, member, Role::Admin, now).await.unwrap();
        browser.open("/account/delete").await.is(200);
        let page = browser.post("/account/delete", &[("email", ANNA)]).await.is(409).text();
        assert!(page.contains("Harbour"), "{page}");
        assert!(browser.is_in().await);
        let third = cloud.person("third").await;
        memberships::insert(on, shared, third.id, Role::Owner, now).await.unwrap();
        browser.open("/account/delete").await.is(200);
        browser.post("/account/delete", &[("email", ANNA)]).await.is(200);
        assert!(organizations::find(on, alone).await.unwrap().is_none());
        assert!(organizations::find(on, shared).await.unwrap().is_some());
    }

    async fn what_matters_needs_a_fresh_sign_in(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        cloud.clock.forward(15 * 60);
        for page in ["/account/email", "/account/password", "/account/export", "/account/delete"] {
            browser.open(page).await.is(200);
            assert!(browser.path.starts_with("/confirm?next="), "{page}: {}", browser.path);
        }
        let next = browser.hidden("next");
        let wrong = [("email", ANNA), ("password", "a wrong password"), ("next", &*next)];
        for page in [browser.page.clone(), browser.submit("/sign-in", &wrong).await.is(422).text()] {
            // Who has an account shows that it is them, and makes none.
            assert!(page.contains("Is it you?") && !page.contains("/register"), "{page}");
            assert!(page.contains("within the last quarter of an hour"), "{page}");
        }
        browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(browser.path, "/account/delete");
    }
}
