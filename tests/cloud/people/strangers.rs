//! Strangers who guess at somebody's password, and the person who comes in all the same.

use super::PASSWORD;
use crate::kit::{Browser, Cloud};

const ANNA: &str = "anna@example.com";
const NEW: &str = "a slope under a hull";

/// A browser in another network than all before.
fn far(cloud: &Cloud, count: usize) -> Browser<'_> {
    cloud.browser_at(&format!("192.0.2.{count}"))
}

/// Uses up what all strangers together may try for an address.
async fn guess(cloud: &Cloud, email: &str) {
    for count in 0..10 {
        let mut eve = far(cloud, count);
        eve.open("/sign-in").await.is(200);
        for _ in 0..10 {
            let fields = [("email", email), ("password", "a wrong password")];
            eve.post("/sign-in", &fields).await.is(422);
        }
        eve.sign_in(email, "a wrong password").await.is(429);
    }
}

/// Only the cookie by which a browser is known.
fn keep_the_mark(browser: &mut Browser<'_>) {
    browser.cookies.retain(|name, _| name == "slipway-device");
}

async fn nobody_is_kept_out(cloud: &Cloud) -> Browser<'_> {
    let mut known = cloud.browser_at("198.51.100.1");
    known.register("Anna", ANNA, PASSWORD).await;
    guess(cloud, ANNA).await;
    // No more is looked at, right or wrong, and what is seen is the same; also of who has no account.
    guess(cloud, "nobody@example.com").await;
    let runs = cloud.server.people.passwords.runs();
    let mut seen = Vec::new();
    for (count, (email, password)) in [
        (ANNA, "a wrong password"),
        (ANNA, PASSWORD),
        ("nobody@example.com", PASSWORD),
    ]
    .into_iter()
    .enumerate()
    {
        let mut stranger = far(cloud, 20 + count);
        let answer = stranger.sign_in(email, password).await.is(200);
        assert!(!stranger.is_in().await);
        seen.push((answer.text(), answer.headers.len()));
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:#?}");
    assert!(seen[0].0.contains("Look into your mail"), "{}", seen[0].0);
    assert_eq!(cloud.server.people.passwords.runs(), runs);
    let letters = cloud.letters().await;
    let to = |email: &str| {
        letters
            .iter()
            .filter(|each| each.0.to.as_str() == email)
            .count()
    };
    assert_eq!((to(ANNA), to("nobody@example.com")), (2, 1));
    let link = letters
        .iter()
        .find(|each| each.0.to.as_str() == ANNA)
        .expect("a letter")
        .link();
    // The person's own browsers are not stopped, and the letter makes another one known.
    keep_the_mark(&mut known);
    known.sign_in(ANNA, PASSWORD).await.is(200);
    assert!(known.is_in().await);
    let mut other = cloud.browser_at("203.0.113.5");
    other.open(&link).await.is(200);
    let ticket = other.hidden("ticket");
    assert!(
        !other.is_in().await,
        "a program that opens links changes nothing"
    );
    other.open(&link).await.is(200);
    other
        .submit("/sign-in/known", &[("ticket", &ticket)])
        .await
        .is(200);
    assert!(other.path.starts_with("/sign-in?next="), "{}", other.path);
    assert!(!other.is_in().await, "it lets nobody in by itself");
    other.sign_in(ANNA, "a wrong password").await.is(422);
    other.sign_in(ANNA, PASSWORD).await.is(200);
    assert!(other.is_in().await);
    // The link is used up.
    let mut eve = far(cloud, 40);
    eve.open(&link).await.is(200);
    assert!(eve.page.contains("not good any more"));
    eve.open("/sign-in").await.is(200);
    eve.post("/sign-in/known", &[("ticket", &ticket)])
        .await
        .is(422);
    // No more letters are written than are good at once.
    for count in 0..4 {
        far(cloud, 50 + count).sign_in(ANNA, PASSWORD).await.is(200);
    }
    assert_eq!(cloud.letters().await.len(), 3);
    // Nobody opens what an address without an account was sent.
    let nobody = letters
        .iter()
        .find(|each| each.0.to.as_str() != ANNA)
        .expect("a letter");
    assert!(!nobody.0.text.contains("ticket="));
    known
}

/// Goes on where strangers have used up what they may, with the person's known browser.
async fn a_new_password_is_a_way_in_too(cloud: &Cloud, mut known: Browser<'_>) {
    known.open("/forgot").await.is(200);
    known.submit("/forgot", &[("email", ANNA)]).await.is(200);
    let link = cloud.letter(ANNA).await.link();
    let mut mailbox = cloud.browser_at("203.0.113.6");
    mailbox.open(&link).await.is(200);
    let ticket = mailbox.hidden("ticket");
    mailbox
        .submit("/reset", &[("ticket", &ticket), ("password", NEW)])
        .await
        .is(200);
    // The browser that chose it is known, and no other any more.
    mailbox.sign_in(ANNA, NEW).await.is(200);
    assert!(mailbox.is_in().await);
    keep_the_mark(&mut known);
    let page = known.sign_in(ANNA, NEW).await.is(200).text();
    assert!(page.contains("Look into your mail"), "{page}");
    // So is the one in which it is changed, and after signing out everywhere none is.
    mailbox.open("/account/password").await.is(200);
    let fields = [("present", NEW), ("password", PASSWORD)];
    mailbox.submit("/account/password", &fields).await.is(200);
    keep_the_mark(&mut mailbox);
    mailbox.sign_in(ANNA, PASSWORD).await.is(200);
    assert!(mailbox.is_in().await);
    let before = mailbox.cookies.clone();
    mailbox
        .submit("/account/sessions/end-all", &[])
        .await
        .is(200);
    assert!(!mailbox.cookies.contains_key("slipway-device"));
    mailbox.cookies = before;
    let page = mailbox.sign_in(ANNA, PASSWORD).await.is(200).text();
    assert!(page.contains("Look into your mail"), "{page}");
}

async fn many_networks_of_one_site_are_one(cloud: &Cloud) {
    let mut tried = 0;
    for count in 0..5 {
        let mut eve = cloud.browser_at(&format!("2001:db8:7:{count}::1"));
        eve.open("/sign-in").await.is(200);
        for _ in 0..10 {
            let fields = [
                ("email", "carl@example.com"),
                ("password", "a wrong password"),
            ];
            tried += usize::from(eve.post("/sign-in", &fields).await.status == 422);
            if !eve.page.contains("form_token") {
                break;
            }
        }
    }
    assert_eq!(tried, 40);
}

on_both! {
    started by behind_a_proxy;

    async fn what_is_typed_is_counted_for_nobody_else(cloud: &Cloud) {
        let mut anna = cloud.browser_at("198.51.100.1");
        anna.register("Anna", ANNA, PASSWORD).await;
        for (count, typed) in [
            format!("{ANNA} from 203.0.113.7"), format!("{ANNA}\n203.0.113.7"), "from 203.0.113.7".to_owned(), "\n203.0.113.7".to_owned(),
        ].iter().enumerate() {
            for place in 0..10 {
                let mut eve = far(cloud, count * 10 + place);
                for _ in 0..10 {
                    eve.sign_in(typed, "a wrong password").await.is(422);
                }
            }
        }
        let mut new = cloud.browser_at("203.0.113.7");
        new.sign_in(ANNA, PASSWORD).await.is(200);
        assert!(new.is_in().await);
    }

    async fn letters_go_on_after_all_that_were_sent_are_void(cloud: &Cloud) {
        let mut known = cloud.browser_at("198.51.100.1");
        known.register("Anna", ANNA, PASSWORD).await;
        guess(cloud, ANNA).await;
        for count in 0..4 {
            far(cloud, 20 + count).sign_in(ANNA, PASSWORD).await.is(200);
        }
        assert_eq!(cloud.letters().await.len(), 3);
        known.open("/account").await.is(200);
        known.submit("/account/sessions/end-all", &[]).await.is(200);
        far(cloud, 30).sign_in(ANNA, PASSWORD).await.is(200);
        let mut other = cloud.browser_at("203.0.113.5");
        other.open(&cloud.letter(ANNA).await.link()).await.is(200);
        let ticket = other.hidden("ticket");
        other.submit("/sign-in/known", &[("ticket", &ticket)]).await.is(200);
        // One that was used makes room for the next.
        for count in 0..4 {
            far(cloud, 40 + count).sign_in(ANNA, PASSWORD).await.is(200);
        }
        assert_eq!(cloud.letters().await.len(), 3);
    }

    async fn a_letter_leads_on_in_the_browser_alone_that_asked(cloud: &Cloud) {
        const DEVICE: &str = "/device?user_code=VTGK-NXFD";
        for is_same in [true, false] {
            let email = if is_same { "dora@example.com" } else { "emil@example.com" };
            let mut asking = cloud.browser_at("192.0.2.1");
            asking.open(&format!("/register?next={}", DEVICE.replace('?', "%3F").replace('=', "%3D"))).await.is(200);
            asking.submit("/register", &[("email", email), ("next", DEVICE)]).await.is(200);
            let link = cloud.letter(email).await.link();
            let mut other = cloud.browser_at("203.0.113.5");
            let opens = if is_same { &mut asking } else { &mut other };
            opens.open(&link).await.is(200);
            let ticket = opens.hidden("ticket");
            let fields = [("ticket", &*ticket), ("name", "Dora"), ("password", PASSWORD)];
            opens.submit("/verify", &fields).await.is(200);
            assert_eq!(opens.path, if is_same { DEVICE } else { "/account" });
        }
    }

    async fn guessing_from_many_places_keeps_nobody_out(cloud: &Cloud) {
        let known = nobody_is_kept_out(cloud).await;
        a_new_password_is_a_way_in_too(cloud, known).await;
        many_networks_of_one_site_are_one(cloud).await;
    }
}

on_both! {
    async fn a_browser_stays_known_when_its_hash_is_renewed(cloud: &Cloud) {
        use slipway_cloud::tables::accounts;
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let on = cloud.server.database.read();
        let account = accounts::find_by_email(on, &ANNA.parse().unwrap()).await.unwrap().unwrap();
        let weak = crate::people::weak_hash(PASSWORD);
        accounts::set_password(on, account.id(), &weak).await.unwrap();
        let mut other = cloud.browser();
        other.sign_in(ANNA, PASSWORD).await.is(200);
        let mut eve = cloud.browser();
        for _ in 0..10 {
            eve.sign_in(ANNA, "a wrong password").await.is(422);
        }
        eve.sign_in(ANNA, PASSWORD).await.is(429);
        for known in [&mut browser, &mut other] {
            keep_the_mark(known);
            known.sign_in(ANNA, PASSWORD).await.is(200);
            assert!(known.is_in().await);
        }
    }
}
