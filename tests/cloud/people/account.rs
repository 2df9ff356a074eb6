//! What people change of their own accounts.

use serde_json::Value;
use slipway_cloud::http::origin::Origin;
use slipway_cloud::people::browsers;
use slipway_cloud::tables::{accounts, memberships, organizations};
use slipway_contract::cloud::{AccountId, OrganizationId, Role};

use super::PASSWORD;
use crate::kit::{Browser, Cloud};

const ANNA: &str = "anna@example.com";
const NEW: &str = "anna.lind@example.org";

async fn id(cloud: &Cloud, email: &str) -> AccountId {
    let on = cloud.server.database.read();
    let account = accounts::find_by_email(on, &email.parse().unwrap())
        .await
        .unwrap();
    account.expect("an account").id()
}

async fn ask_for(browser: &mut Browser<'_>, email: &str) {
    browser.open("/account/email").await.is(200);
    browser
        .submit("/account/email", &[("email", email)])
        .await
        .is(200);
}

/// The links in the letters to the new and to the old address.
async fn links(cloud: &Cloud, new: &str) -> (String, String) {
    let letters = cloud.letters().await;
    let of = |to: &str| {
        letters
            .iter()
            .find(|letter| letter.0.to.as_str() == to)
            .expect("a letter")
            .link()
    };
    (of(new), of(ANNA))
}

on_both! {
    async fn the_letter_to_the_old_address_leads_back(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, _) = links(cloud, NEW).await;
        browser.open(&confirm).await.is(200);
        assert!(browser.page.contains("Press Confirm"), "{}", browser.page);
        let ticket = browser.hidden("ticket");
        browser.submit("/account/email/confirm", &[("ticket", &ticket)]).await.is(200);
        let letter = cloud.letter(ANNA).await;
        // Nobody gets a new password there any more.
        assert!(!letter.0.text.contains("/forgot") && letter.0.text.contains(NEW), "{}", letter.0.text);
        let mut mailbox = cloud.browser();
        mailbox.open(&letter.link()).await.is(200);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/account/email/undo", &[("ticket", &ticket)]).await.is(200);
        assert!(!browser.is_in().await, "everybody is signed out");
    }

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
        browser.open("/account").await.is(200);
        assert!(!browser.page.contains("role=\"status\""));
        browser.open("/account?done=%3Cb%3E&from=mail").await.is(200);
        assert!(!browser.page.contains("role=\"status\""));
    }

    async fn another_address_is_confirmed_from_it(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, _) = links(cloud, NEW).await;
        browser.sign_in(NEW, PASSWORD).await.is(422);
        let mut mailbox = cloud.browser();
        mailbox.open(&confirm).await.is(200);
        // A program that opens links changes nothing; the button does.
        browser.sign_in(NEW, PASSWORD).await.is(422);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/account/email/confirm", &[("ticket", &ticket)]).await.is(200);
        browser.sign_in(NEW, PASSWORD).await.is(200);
        browser.sign_in(ANNA, PASSWORD).await.is(422);
        mailbox.open(&confirm).await.is(200);
        assert!(mailbox.page.contains("not good any more"));
    }

    async fn the_old_address_takes_a_change_back(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, undo) = links(cloud, NEW).await;
        let mut thief = cloud.browser();
        thief.open(&confirm).await.is(200);
        let ticket = thief.hidden("ticket");
        thief.submit("/account/email/confirm", &[("ticket", &ticket)]).await.is(200);
        let mut mailbox = cloud.browser();
        cloud.clock.forward(6 * 24 * 3600);
        mailbox.open(&undo).await.is(200);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/account/email/undo", &[("ticket", &ticket)]).await.is(200);
        assert!(!browser.is_in().await, "everybody is signed out");
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        browser.sign_in(NEW, PASSWORD).await.is(422);
    }

    async fn a_change_does_not_tell_who_else_has_an_account(cloud: &Cloud) {
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let free = browser.page.clone();
        cloud.letters().await;
        ask_for(&mut browser, "eve@example.com").await;
        assert_eq!(browser.page, free);
        let letters = cloud.letters().await;
        let hers = letters.iter().find(|letter| letter.0.to.as_str() == "eve@example.com").expect("a letter");
        assert!(!hers.0.text.contains("ticket="), "{}", hers.0.text);
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
        assert!(browser.is_in().await && !second.is_in().await && !third.is_in().await);
        browser.submit("/account/sessions/end-all", &[]).await.is(200);
        assert!(!browser.is_in().await && eve.is_in().await);
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
        }
        browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(browser.path, "/account/delete");
    }
}
