//! Another address: confirmed by who is signed in, and taken back for good by who reads the old one.

use slipway_cloud::tables::accounts;
use slipway_cloud::tokens::access;

use super::PASSWORD;
use super::endings::session;
use super::factors::{add_app, code};
use crate::kit::{Browser, Cloud, Written};

const ANNA: &str = "anna@example.com";
const NEW: &str = "anna.lind@example.org";
const THIEF: &str = "evil1@example.net";
const WEEK: i64 = 7 * 24 * 3600;

async fn ask_for(browser: &mut Browser<'_>, email: &str) {
    browser.open("/account/email").await.is(200);
    browser
        .submit("/account/email", &[("email", email)])
        .await
        .is(200);
}

/// The letter to somebody among these.
fn to<'a>(letters: &'a [Written], email: &str) -> &'a Written {
    let mut own = letters
        .iter()
        .filter(|letter| letter.0.to.as_str() == email);
    own.next()
        .unwrap_or_else(|| panic!("no letter to {email}: {letters:?}"))
}

/// The links in the letters to the new and to the old address.
async fn links(cloud: &Cloud, new: &str) -> (String, String) {
    let letters = cloud.letters().await;
    (to(&letters, new).link(), to(&letters, ANNA).link())
}

/// Opens a link and presses the button of the page.
async fn follow(browser: &mut Browser<'_>, link: &str) {
    browser.open(link).await.is(200);
    let ticket = browser.hidden("ticket");
    let action = link.split('?').next().expect("a path");
    browser.submit(action, &[("ticket", &ticket)]).await.is(200);
}

/// Whether the page says that a link was used or is too old.
async fn is_over(browser: &mut Browser<'_>, link: &str) -> bool {
    browser.open(link).await.is(200);
    browser.page.contains("not good any more")
}

/// The password on the page that opens.
async fn choose(browser: &mut Browser<'_>, link: &str, password: &str) {
    browser.open(link).await.is(200);
    let ticket = browser.hidden("ticket");
    let fields = [("ticket", &*ticket), ("password", password)];
    browser.submit("/reset", &fields).await.is(200);
}

on_both! {
    async fn another_address_is_confirmed_from_it(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, _) = links(cloud, NEW).await;
        cloud.browser().sign_in(NEW, PASSWORD).await.is(422);
        browser.open(&confirm).await.is(200);
        assert!(browser.page.contains("Anna") && browser.page.contains(ANNA) && browser.page.contains(NEW), "{}", browser.page);
        // A program that opens links changes nothing; the button does.
        cloud.browser().sign_in(NEW, PASSWORD).await.is(422);
        follow(&mut browser, &confirm).await;
        // Both hear of it.
        let letters = cloud.letters().await;
        for email in [ANNA, NEW] {
            let text = &to(&letters, email).0.text;
            assert!(text.contains(&format!("was {ANNA} and is {NEW}")), "{text}");
        }
        cloud.browser().sign_in(NEW, PASSWORD).await.is(200);
        cloud.browser().sign_in(ANNA, PASSWORD).await.is(422);
        assert!(is_over(&mut browser, &confirm).await);
    }

    async fn an_address_is_confirmed_by_who_is_signed_in_to_its_account(cloud: &Cloud) {
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.net", PASSWORD).await;
        ask_for(&mut eve, ANNA).await;
        let confirm = to(&cloud.letters().await, ANNA).link();
        // Who reads the mailbox has no account yet: the page leads to signing in, and the form does nothing.
        let mut anna = cloud.browser();
        anna.open(&confirm).await.is(200);
        assert!(anna.path.starts_with("/sign-in?next=%2Faccount%2Femail%2Fconfirm"), "{}", anna.path);
        let ticket = confirm.split('=').nth(1).expect("a ticket").to_owned();
        let answer = anna.post("/account/email/confirm", &[("ticket", &ticket)]).await.is(303);
        assert!(answer.header("location").starts_with("/sign-in"));
        // Nor does it with another account, whose page tells nothing of Eve's.
        let mut bert = cloud.browser();
        bert.register("Bert", "bert@example.com", PASSWORD).await;
        bert.open(&confirm).await.is(403);
        assert!(!bert.page.contains("Eve") && !bert.page.contains("eve@"), "{}", bert.page);
        bert.open("/account").await.is(200);
        bert.post("/account/email/confirm", &[("ticket", &ticket)]).await.is(403);
        // The address is still free, and the account that Anna makes is hers alone.
        anna.register("Anna", ANNA, PASSWORD).await;
        eve.open(&confirm).await.is(200);
        eve.post("/account/email/confirm", &[("ticket", &ticket)]).await.is(409);
    }

    async fn the_letter_to_the_old_address_leads_back(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, _) = links(cloud, NEW).await;
        browser.open(&confirm).await.is(200);
        assert!(browser.page.contains("Press <strong>Confirm"), "{}", browser.page);
        follow(&mut browser, &confirm).await;
        let letters = cloud.letters().await;
        let letter = to(&letters, ANNA);
        // Nobody gets a new password there any more.
        assert!(!letter.0.text.contains("/forgot"), "{}", letter.0.text);
        let mut mailbox = cloud.browser();
        follow(&mut mailbox, &letter.link()).await;
        assert!(!browser.is_in().await, "everybody is signed out");
        cloud.browser().sign_in(NEW, PASSWORD).await.is(422);
    }

    async fn signing_in_leads_back_to_the_link(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, _) = links(cloud, NEW).await;
        let mut other = cloud.browser();
        other.open(&confirm).await.is(200);
        let next = other.hidden("next");
        other.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(other.path, confirm);
        let ticket = other.hidden("ticket");
        other.submit("/account/email/confirm", &[("ticket", &ticket)]).await.is(200);
        cloud.browser().sign_in(NEW, PASSWORD).await.is(200);
    }

    async fn the_old_address_takes_a_change_back(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, undo) = links(cloud, NEW).await;
        follow(&mut browser, &confirm).await;
        cloud.letters().await;
        let mut mailbox = cloud.browser();
        cloud.clock.forward(6 * 24 * 3600);
        follow(&mut mailbox, &undo).await;
        let at = mailbox.page.find("/reset?ticket=").expect("a link to choose a password");
        let reset = mailbox.page[at..].split('"').next().unwrap().to_owned();
        assert!(!browser.is_in().await, "everybody is signed out");
        let letters = cloud.letters().await;
        for email in [ANNA, NEW] {
            let text = &to(&letters, email).0.text;
            assert!(text.contains(&format!("stays {ANNA}")), "{text}");
        }
        // Whoever asked for the change may know the password: it opens nothing any more.
        browser.sign_in(ANNA, PASSWORD).await.is(422);
        choose(&mut mailbox, &reset, "a slope under a hull").await;
        browser.sign_in(ANNA, "a slope under a hull").await.is(200);
        browser.sign_in(NEW, "a slope under a hull").await.is(422);
    }

    async fn who_took_an_address_gets_no_way_back_to_it(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        // Somebody with the password asks for one address and another, and confirms that.
        let mut thief = cloud.browser();
        thief.sign_in(ANNA, PASSWORD).await.is(200);
        ask_for(&mut thief, "evil0@example.net").await;
        let (_, first) = links(cloud, "evil0@example.net").await;
        ask_for(&mut thief, THIEF).await;
        let (confirm, undo) = links(cloud, THIEF).await;
        follow(&mut thief, &confirm).await;
        // From there it leads no further for a week, so that no undo of theirs comes to be.
        thief.open("/account/email").await.is(200);
        let page = thief.submit("/account/email", &[("email", "evil2@example.net")]).await.is(422);
        assert!(page.text().contains("stays until a week is over"), "{}", page.text());
        let mut thieves = cloud.browser();
        thieves.open("/forgot").await.is(200);
        thieves.submit("/forgot", &[("email", THIEF)]).await.is(200);
        let letters = cloud.letters().await;
        let mut theirs = letters.iter().filter(|letter| letter.0.to.as_str() != ANNA);
        assert!(theirs.clone().all(|letter| !letter.0.text.contains("/account/email/")), "{letters:?}");
        let stale = theirs.next_back().expect("a letter to reset").link();
        let changed = to(&letters, ANNA).link();
        // Anna takes it back, and with that all else that was mailed is void.
        let mut anna = cloud.browser();
        follow(&mut anna, &undo).await;
        let at = anna.page.find("/reset?ticket=").expect("a link");
        let reset = anna.page[at..].split('"').next().unwrap().to_owned();
        for link in [&confirm, &first, &undo, &changed, &stale] {
            let mut browser = cloud.browser();
            browser.sign_in(ANNA, PASSWORD).await.is(422);
            if link.contains("confirm") {
                browser.open(link).await.is(200);
                assert!(browser.path.starts_with("/sign-in"), "{}", browser.path);
            } else {
                assert!(is_over(&mut browser, link).await, "{link}");
            }
        }
        choose(&mut anna, &reset, "a slope under a hull").await;
        anna.sign_in(ANNA, "a slope under a hull").await.is(200);
        // Whatever else the thief still has, the address stays for a week from now on.
        anna.open("/account/email").await.is(200);
        anna.submit("/account/email", &[("email", THIEF)]).await.is(422);
        cloud.clock.forward(WEEK);
        anna.sign_in(ANNA, "a slope under a hull").await.is(200);
        ask_for(&mut anna, NEW).await;
    }

    async fn what_a_thief_added_goes_with_the_address_that_they_asked_for(cloud: &Cloud) {
        let mut anna = cloud.browser();
        anna.register("Anna", ANNA, PASSWORD).await;
        // What was there before stays.
        let asked = async |browser: &Browser<'_>, path: &str, body: serde_json::Value| {
            let id = session(cloud, browser).await;
            let on = cloud.server.database.read();
            let account = accounts::find_by_email(on, &ANNA.parse().unwrap()).await.unwrap().unwrap();
            let access = access::sign(&cloud.server, account.id(), id, "slipway-desktop").await.unwrap();
            cloud.post(path).token(&access).json(&body).send().await.is(201).read::<serde_json::Value>()
        };
        let key = async |browser: &Browser<'_>, path: &str, name: &str| {
            let new = serde_json::json!({"name": name, "scopes": ["agents:read"]});
            asked(browser, path, new).await["secret"].as_str().unwrap().to_owned()
        };
        let old = key(&anna, "/api/v1/keys", "Old").await;
        let harbour = asked(&anna, "/api/v1/organizations", serde_json::json!({"name": "Harbour"})).await;
        let keys = format!("/api/v1/organizations/{}/keys", harbour["id"].as_str().unwrap());
        let old_harbours = key(&anna, &keys, "Build").await;
        cloud.clock.forward(2 * 24 * 3600);
        let mut thief = cloud.browser();
        thief.sign_in(ANNA, PASSWORD).await.is(200);
        let (secret, _) = add_app(cloud, &mut thief).await;
        let theirs = key(&thief, "/api/v1/keys", "Theirs").await;
        cloud.clock.forward(1);
        let harbours = key(&thief, &keys, "Spare").await;
        cloud.clock.forward(600);
        cloud.letters().await;
        // They ask again and again, and it is the last letter that Anna opens.
        ask_for(&mut thief, THIEF).await;
        cloud.letters().await;
        cloud.clock.forward(3 * 24 * 3600);
        thief.sign_in(ANNA, PASSWORD).await.is(200);
        let (ticket, code) = (thief.hidden("ticket"), code(cloud, &secret));
        thief.submit("/sign-in/second", &[("ticket", &ticket), ("code", &code)]).await.is(200);
        ask_for(&mut thief, THIEF).await;
        let (_, undo) = links(cloud, THIEF).await;
        let mut mailbox = cloud.browser();
        follow(&mut mailbox, &undo).await;
        let letters = cloud.letters().await;
        let text = &to(&letters, ANNA).0.text;
        let taken = "an authenticator app, the API key \"Spare\" of \"Harbour\", the API key \"Theirs\"";
        assert!(text.contains(taken), "{text}");
        let at = mailbox.page.find("/reset?ticket=").expect("a link to choose a password");
        let reset = mailbox.page[at..].split('"').next().unwrap().to_owned();
        choose(&mut mailbox, &reset, "a slope under a hull").await;
        anna.sign_in(ANNA, "a slope under a hull").await.is(200);
        assert!(anna.is_in().await, "no code is asked for");
        let opens = async |key: &str, path: &str| cloud.get(path).token(key).send().await.status;
        let (own, of_harbour) = ("/api/v1/agents", keys.replace("/keys", "/agents"));
        assert_eq!([opens(&old, own).await, opens(&old_harbours, &of_harbour).await], [200; 2]);
        assert_eq!([opens(&theirs, own).await, opens(&harbours, &of_harbour).await], [401; 2]);
    }

    async fn an_address_can_be_changed_again_after_a_week(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        ask_for(&mut browser, NEW).await;
        let (confirm, undo) = links(cloud, NEW).await;
        follow(&mut browser, &confirm).await;
        cloud.letters().await;
        cloud.clock.forward(WEEK);
        browser.sign_in(NEW, PASSWORD).await.is(200);
        ask_for(&mut browser, "anna@example.net").await;
        // It is the address of then that takes this one back, and the one before is out.
        let letters = cloud.letters().await;
        assert!(letters.iter().all(|letter| letter.0.to.as_str() != ANNA), "{letters:?}");
        assert!(is_over(&mut cloud.browser(), &undo).await);
        let mut mailbox = cloud.browser();
        follow(&mut mailbox, &to(&letters, NEW).link()).await;
        assert!(!browser.is_in().await);
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
        assert!(!to(&letters, "eve@example.com").0.text.contains("ticket="), "{letters:?}");
    }
}
