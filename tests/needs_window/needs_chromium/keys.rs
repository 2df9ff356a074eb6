//! API keys in the window, and what the API answers to them.

use serde_json::Value;

use super::looks::look_at;
use super::person::Person;
use super::server::Server;
use super::{ACCOUNT, EMAIL, button, choose, in_dialog, is_filled, scope};
use crate::needs_window::driver::{self, Window};

/// The panel of a key that was just made.
const MADE: &str = "//div[contains(@class, 'account__key')]";

/// What the API answers to a key: the status, and what is in it.
async fn answer(server: &Server, key: &str, path: &str) -> (u16, Value) {
    let url = format!("{}/api/v1/{path}", server.url());
    let asked = driver::client().get(url).bearer_auth(key).send().await;
    let answer = asked.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

async fn is_good(server: &Server, key: &str) -> bool {
    let (status, told) = answer(server, key, "account").await;
    match status {
        200 => assert_eq!(told["email"], EMAIL, "{told}"),
        _ => assert_eq!(
            (status, &told["code"]),
            (401, &Value::from("unauthenticated")),
            "{told}"
        ),
    }
    status == 200
}

/// Makes a key for this, that may do that.
async fn make(window: &Window, name: &str, may: &str) -> String {
    window.click(&button("New key")).await;
    window.type_into("//input[@id='api-key-name']", name).await;
    window.click(&scope(may)).await;
    choose(window, "How long it lasts", "30 days").await;
    window.click(&button("Make the key")).await;
    shown(window).await
}

/// The secret that is shown now.
async fn shown(window: &Window) -> String {
    window.until_there(MADE).await;
    let secret = format!("{MADE}//p[contains(@class, 'well')]");
    let [secret] = &window.texts(&secret).await[..] else {
        panic!("not one secret in:\n{}", window.text().await);
    };
    assert!(secret.starts_with("slk_"), "{secret}");
    secret.trim().to_owned()
}

/// Says that the key is kept elsewhere: it is nowhere then.
async fn has_it(window: &Window, key: &str) {
    window.click(&button("I have it")).await;
    window.until_gone(MADE).await;
    window.go("#/runs").await;
    window.go(ACCOUNT).await;
    window.until(&key[..10]).await;
    is_filled(window).await;
    let everything = window
        .evaluate("return document.documentElement.outerHTML")
        .await;
    assert!(!everything.to_string().contains(key), "it is shown again");
}

/// Opens the menu of the key that begins like this one, and chooses from it.
async fn from_menu(window: &Window, key: &str, what: &str) {
    let row = format!("//li[contains(., '{}')]", &key[..10]);
    window
        .click(&format!("{row}//button[@aria-haspopup='menu']"))
        .await;
    window
        .click(&format!(
            "//button[@role='menuitem'][normalize-space()='{what}']"
        ))
        .await;
}

async fn rotate(window: &Window, key: &str, old_goes_on: &str) -> String {
    from_menu(window, key, "Rotate…").await;
    window.click(&in_dialog(old_goes_on)).await;
    look_at(window, "key-rotating").await;
    window.click(&in_dialog("Rotate the key")).await;
    shown(window).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_from_its_making_until_its_person_ends_it() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", EMAIL);
    let window = anna.window(&server).await;
    let first = make(&window, "Nightly", "account:read").await;
    assert!(is_good(&server, &first).await);
    let (status, told) = answer(&server, &first, "agents").await;
    assert_eq!(status, 403, "what it may not: {told}");
    has_it(&window, &first).await;

    let second = rotate(&window, &first, "An hour").await;
    assert!(is_good(&server, &first).await, "for an hour more");
    assert!(is_good(&server, &second).await);
    look_at(&window, "key-rotated").await;
    has_it(&window, &second).await;
    let third = rotate(&window, &second, "No time: it ends now").await;
    assert!(!is_good(&server, &second).await, "at once");
    assert!(is_good(&server, &first).await && is_good(&server, &third).await);
    has_it(&window, &third).await;

    from_menu(&window, &third, "Revoke…").await;
    window.until("refused from this moment on").await;
    look_at(&window, "key-revoking").await;
    window.click(&in_dialog("Keep the key")).await;
    assert!(is_good(&server, &third).await);
    from_menu(&window, &third, "Revoke…").await;
    window.click(&in_dialog("Revoke")).await;
    let gone = format!(
        "//li[contains(., '{}')]//button[@aria-haspopup='menu']",
        &third[..10]
    );
    window.until_gone(&gone).await;
    assert!(!is_good(&server, &third).await, "at once");
    look_at(&window, "keys").await;
    let listed = anna.asks(&["keys", "list"]);
    let ended = |key: &String| {
        let is_it = |each: &&Value| key.starts_with(each["start"].as_str().expect("a start"));
        let found = listed.iter().find(is_it).expect("the key");
        (
            found["revoked_at"].is_string(),
            found["expires_at"].is_string(),
        )
    };
    assert_eq!(ended(&third), (true, true), "{listed:?}");
    assert_eq!(ended(&first), (false, true), "{listed:?}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_an_organization_is_the_organizations() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", EMAIL);
    let window = anna.window(&server).await;
    super::make_organization(&window, "Harbour").await;
    let key = make(&window, "Reports", "members:read").await;
    let all = anna.asks(&["orgs", "list"]);
    let members = format!(
        "organizations/{}/members",
        all[0]["id"].as_str().expect("an id")
    );
    let (status, told) = answer(&server, &key, &members).await;
    assert_eq!(
        (status, &told["items"][0]["email"]),
        (200, &Value::from(EMAIL)),
        "{told}"
    );
    assert!(anna.asks(&["keys", "list"]).is_empty(), "it is not hers");
    window.click(&button("I have it")).await;
    look_at(&window, "organization-key").await;
    from_menu(&window, &key, "Revoke…").await;
    window.click(&in_dialog("Revoke")).await;
    window.until("Revoked ").await;
    assert_eq!(answer(&server, &key, &members).await.0, 401);
    window.close().await;
}
