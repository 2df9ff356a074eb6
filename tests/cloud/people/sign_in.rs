//! Registering, signing in, and a forgotten password.

use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};
use slipway_cloud::tables::{accounts, tickets};

use super::PASSWORD;
use crate::kit::{Browser, Cloud};

const ANNA: &str = "anna@example.com";

/// What differs between two answers to the same question: forms carry a token of their browser.
fn without_token(browser: &Browser<'_>) -> String {
    match browser.page.contains("form_token") {
        true => browser.page.replace(&browser.token(), "TOKEN"),
        false => browser.page.clone(),
    }
}

pub async fn suspend(cloud: &Cloud, email: &str) {
    let sql = format!("update accounts set suspended_at = 1 where email_key = '{email}'");
    cloud
        .server
        .database
        .read()
        .execute_unprepared(&sql)
        .await
        .expect("done");
}

on_both! {
    async fn somebody_registers_signs_out_and_signs_in(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna Lind", ANNA, PASSWORD).await;
        assert!(browser.page.contains("Anna Lind") && browser.page.contains(ANNA));
        browser.submit("/sign-out", &[]).await.is(200);
        assert_eq!(browser.path, "/sign-in");
        assert!(!browser.is_in().await);
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        assert_eq!(browser.path, "/account");
    }

    async fn a_page_leads_back_to_where_it_was_wanted(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let mut other = cloud.browser();
        other.open("/account/email").await.is(200);
        assert_eq!(other.path, "/sign-in?next=%2Faccount%2Femail");
        let next = other.hidden("next");
        other.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(other.path, "/account/email");
        for evil in ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"] {
            let mut lured = cloud.browser();
            lured.open("/sign-in").await.is(200);
            let answer = lured.post("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", evil)]).await.is(303);
            assert_eq!(answer.header("location"), "/account", "{evil}");
        }
    }

    async fn nobody_learns_who_has_an_account(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let passwords = &cloud.server.people.passwords;
        let mut seen = Vec::new();
        for email in [ANNA, "nobody@example.com", "not an address"] {
            let mut stranger = cloud.browser();
            let before = passwords.runs();
            let answer = stranger.sign_in(email, "a wrong password").await.is(422);
            // The work is done for who is unknown, too.
            assert_eq!(passwords.runs() - before, 1, "{email}");
            // What was typed stands there again, whoever has it.
            let page = without_token(&stranger);
            assert!(page.contains(&format!("value=\"{email}\"")), "{page}");
            seen.push((page.replace(email, "ADDRESS"), answer.headers.len()));
        }
        assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
        let mut written = tickets::Entity::find().count(cloud.server.database.read()).await.unwrap();
        for page in ["/register", "/forgot"] {
            let mut seen = Vec::new();
            for email in [ANNA, "nobody@example.com"] {
                let mut stranger = cloud.browser();
                stranger.open(page).await.is(200);
                stranger.submit(page, &[("email", email)]).await.is(200);
                seen.push(stranger.page.clone());
                // A letter goes out in either case, and as much is written.
                cloud.letter(email).await;
                let now = tickets::Entity::find().count(cloud.server.database.read()).await.unwrap();
                assert_eq!(now - std::mem::replace(&mut written, now), 1, "{page} {email}");
            }
            assert_eq!(seen[0], seen[1]);
        }
    }

    async fn who_registers_an_address_twice_hears_of_it_by_mail(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let mut eve = cloud.browser();
        eve.open("/register").await.is(200);
        eve.submit("/register", &[("email", "ANNA@example.com")]).await.is(200);
        let letter = cloud.letter(ANNA).await;
        assert!(letter.0.text.contains("It has one already"), "{}", letter.0.text);
        assert!(letter.link().starts_with("/reset"));
    }

    async fn a_link_of_an_address_that_has_an_account_by_now_costs_no_work(cloud: &Cloud) {
        let ask = async || {
            let mut browser = cloud.browser();
            browser.open("/register").await.is(200);
            browser.submit("/register", &[("email", ANNA)]).await.is(200);
            browser.open(&cloud.letter(ANNA).await.link()).await.is(200);
            browser
        };
        let (mut first, mut second) = (ask().await, ask().await);
        let make = async |browser: &mut Browser<'_>, ticket: &str| {
            let fields = [("ticket", ticket), ("name", "Anna"), ("password", PASSWORD)];
            browser.post("/verify", &fields).await
        };
        let (one, other) = (first.hidden("ticket"), second.hidden("ticket"));
        make(&mut first, &one).await.is(303);
        let runs = cloud.server.people.passwords.runs();
        make(&mut second, &other).await.is(409);
        // It is used up.
        second.open("/register").await.is(200);
        assert!(make(&mut second, &other).await.is(200).text().contains("not good any more"));
        assert_eq!(cloud.server.people.passwords.runs(), runs);
    }

    async fn a_weak_password_is_not_taken(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.open("/register").await.is(200);
        browser.submit("/register", &[("email", ANNA)]).await.is(200);
        let link = cloud.letter(ANNA).await.link();
        browser.open(&link).await.is(200);
        let ticket = browser.hidden("ticket");
        for weak in ["short", "password1", "anna1234", "Anna-Lind"] {
            let fields = [("ticket", &*ticket), ("name", "Anna Lind"), ("password", weak)];
            browser.submit("/verify", &fields).await.is(422);
            assert!(browser.page.contains("role=\"alert\"") && browser.page.contains("Anna Lind"), "{weak}");
        }
        // The link is not used up by that; it is by the account.
        let fields = [("ticket", &*ticket), ("name", "Anna Lind"), ("password", PASSWORD)];
        browser.submit("/verify", &fields).await.is(200);
        assert_eq!(browser.path, "/account");
        let mut other = cloud.browser();
        other.open(&link).await.is(200);
        assert!(other.page.contains("not good any more"));
    }

    async fn a_session_is_new_at_each_sign_in(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let first = browser.cookies["slipway"].clone();
        // Somebody puts a cookie of theirs into the browser before a person signs in.
        let mut victim = cloud.browser();
        victim.cookies.insert("slipway".to_owned(), "a-cookie-that-eve-knows".to_owned());
        victim.sign_in(ANNA, PASSWORD).await.is(200);
        assert_ne!(victim.cookies["slipway"], "a-cookie-that-eve-knows");
        // Signing in again ends the session that was there.
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        assert_ne!(browser.cookies["slipway"], first);
        let mut old = cloud.browser();
        old.cookies.insert("slipway".to_owned(), first);
        assert!(!old.is_in().await);
    }

    async fn a_session_ends_with_its_time(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        for _ in 0..4 {
            cloud.clock.forward(6 * 24 * 3600);
            assert!(browser.is_in().await);
        }
        cloud.clock.forward(6 * 24 * 3600);
        assert!(!browser.is_in().await, "a month is the most");
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        cloud.clock.forward(7 * 24 * 3600);
        assert!(!browser.is_in().await, "it was not used for a week");
    }

    async fn a_suspended_account_is_shut(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        suspend(cloud, ANNA).await;
        assert!(!browser.is_in().await);
        // Only who knows the password hears why.
        browser.sign_in(ANNA, "a wrong password").await.is(422);
        let page = browser.sign_in(ANNA, PASSWORD).await.is(403).text();
        assert!(page.contains("suspended"), "{page}");
    }

    async fn a_reset_link_is_good_once_and_for_an_hour(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        let ask = async || {
            let mut browser = cloud.browser();
            browser.open("/forgot").await.is(200);
            browser.submit("/forgot", &[("email", ANNA)]).await.is(200);
            cloud.letter(ANNA).await.link()
        };
        let (first, second) = (ask().await, ask().await);
        let mut mailbox = cloud.browser();
        mailbox.open(&second).await.is(200);
        let ticket = mailbox.hidden("ticket");
        mailbox.submit("/reset", &[("ticket", &ticket), ("password", "a slope under a hull")]).await.is(200);
        // Neither link is good any more, and all sessions are over.
        mailbox.open(&second).await.is(200);
        assert!(mailbox.page.contains("not good any more"));
        mailbox.open(&first).await.is(200);
        assert!(mailbox.page.contains("not good any more"));
        assert!(!browser.is_in().await);
        assert!(cloud.letter(ANNA).await.0.text.contains("signed out everywhere"));
        browser.sign_in(ANNA, PASSWORD).await.is(422);
        browser.sign_in(ANNA, "a slope under a hull").await.is(200);
        // Nobody else's password has changed.
        eve.sign_in("eve@example.com", PASSWORD).await.is(200);
        let late = ask().await;
        cloud.clock.forward(3600);
        mailbox.open(&late).await.is(200);
        assert!(mailbox.page.contains("not good any more"));
    }

    async fn guessing_stops_and_keeps_nobody_out(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let mut eve = cloud.browser();
        for _ in 0..10 {
            eve.sign_in(ANNA, "a wrong password").await.is(422);
        }
        let answer = eve.sign_in(ANNA, "a wrong password").await.is(429);
        assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
        // It leads to nothing that needs what is held back, and says what to name of it.
        assert!(!answer.text().contains("Go to your account") && answer.text().contains("name the request <code>"), "{}", answer.text());
        // Not even the right one is looked at now, from a browser that is not known.
        eve.sign_in(ANNA, PASSWORD).await.is(429);
        // Anna's own browser is known and not kept out, though it is at the same address.
        browser.submit("/sign-out", &[]).await.is(200);
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        cloud.clock.forward(15 * 60 + 1);
        eve.sign_in(ANNA, "a wrong password").await.is(422);
    }

    async fn older_hashes_are_renewed(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let on = cloud.server.database.read();
        let find = async || accounts::find_by_email(on, &ANNA.parse().unwrap()).await.unwrap().unwrap();
        // Argon2id with 8 KiB and one pass, as another implementation made it of the same password.
        let account = find().await;
        let fresh = account.password_hash.clone().unwrap();
        assert!(fresh.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{fresh}");
        let weak = crate::people::weak_hash(PASSWORD);
        accounts::set_password(on, account.id(), &weak).await.unwrap();
        browser.sign_in(ANNA, PASSWORD).await.is(200);
        let renewed = find().await.password_hash.unwrap();
        assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && renewed != fresh, "{renewed}");
        browser.sign_in(ANNA, PASSWORD).await.is(200);
    }

    async fn letters_are_not_sent_without_end(cloud: &Cloud) {
        let mut browser = cloud.browser();
        for _ in 0..4 {
            browser.open("/forgot").await.is(200);
            browser.submit("/forgot", &[("email", ANNA)]).await.is(200);
        }
        browser.open("/forgot").await.is(200);
        browser.submit("/forgot", &[("email", ANNA)]).await.is(429);
        assert_eq!(cloud.letters().await.len(), 4);
    }
}
