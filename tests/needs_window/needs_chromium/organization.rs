//! An organization in the windows of those who belong to it, from its making to its end. What the windows show, the
//! server says, too.

use serde_json::{Value, json};

use super::looks::{keep_page, look_at};
use super::person::{Person, let_command_in};
use super::server::Server;
use super::{
    ACCOUNT, button, choose, in_dialog, is_filled, list, make_organization, named, option,
};
use crate::needs_window::driver::Window;

const ANNA: &str = "anna@example.com";
const BERT: &str = "bert@example.com";
const CARLA: &str = "carla.of.the.harbour.works.the.lock.works.and.the.ferry@islands.beyond.the.long.bridge.example.com";
/// As long as a name may be.
const LONG_NAME: &str = "Carla of the harbour works, of the lock works beyond the long bridge, and of the ferry to the isles";

const REMOVE_CARLA: &str = "//button[starts-with(@aria-label, 'Remove Carla')]";

/// Whether the middle of the last of a list's options is below the dialog.
const OVER_THE_EDGE: &str = "
    const option = [...document.querySelectorAll('[role=option]')].at(-1).getBoundingClientRect();
    return option.y + option.height / 2 > document.querySelector('dialog').getBoundingClientRect().bottom";

/// Who belongs to it, as the server tells this member: addresses and roles.
fn members(of: &Person) -> Vec<(String, String)> {
    let all = of.asks(&["members", "list", "Harbour"]);
    let text = |member: &Value, field: &str| member[field].as_str().expect("a text").to_owned();
    let mut all: Vec<_> = all
        .iter()
        .map(|member| (text(member, "email"), text(member, "role")))
        .collect();
    all.sort();
    all
}

fn are(found: &[(String, String)], expected: &[(&str, &str)]) {
    let found: Vec<_> = found
        .iter()
        .map(|(email, role)| (email.as_str(), role.as_str()))
        .collect();
    assert_eq!(found, expected);
}

/// What the server says that somebody is in each of their organizations.
fn roles(of: &Person) -> Vec<Value> {
    let all = of.asks(&["orgs", "list"]);
    all.iter().map(|each| each["role"].clone()).collect()
}

async fn invite(window: &Window, email: &str, role: &str) {
    window.click(&button("Invite somebody")).await;
    window
        .type_into("//input[@id='invited-email']", email)
        .await;
    choose(window, "Role", role).await;
    window.click(&button("Invite")).await;
    window
        .until_there(&named(&format!("Take back {email}")))
        .await;
}

/// Asks the server anew for the page that is shown.
async fn look_again(window: &Window) {
    let address = window.evaluate("return location.hash").await;
    window.go(ACCOUNT).await;
    window.until("Sessions").await;
    window.go(address.as_str().expect("an address")).await;
    window.until("Leave…").await;
    is_filled(window).await;
}

/// Types the name into the dialog that is open, and presses its button.
async fn confirm(window: &Window, label: &str) {
    let field = "//dialog//input[@id='organization-words']";
    window.type_into(field, "Harbour").await;
    window.click(&in_dialog(label)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_lives_from_its_making_to_its_end() {
    let server = Server::start();
    let mut anna = Person::register(&server, "Anna", ANNA);
    let mut bert = Person::register(&server, "Bert", BERT);
    let mut carla = Person::register(&server, LONG_NAME, CARLA);
    let hers = anna.window(&server).await;
    make_organization(&hers, "Harbour").await;
    assert_eq!(roles(&anna), [json!("owner")]);
    invite(&hers, BERT, "Member").await;
    invite(&hers, CARLA, "Viewer").await;
    look_at(&hers, "organization-invited").await;
    let invited = anna.asks(&["invitations", "list", "Harbour"]);
    assert_eq!(invited.len(), 2, "{invited:?}");

    let his = bert.window(&server).await;
    answers(&mut bert, &his, &mut carla, &server).await;
    are(
        &members(&anna),
        &[(ANNA, "owner"), (BERT, "member"), (CARLA, "viewer")],
    );
    changes_hands((&anna, &hers), (&bert, &his)).await;
    comes_to_an_end((&anna, hers), (&bert, his), &carla).await;
}

/// One answers in the window, the other on the server's page.
async fn answers(bert: &mut Person, his: &Window, carla: &mut Person, server: &Server) {
    let link = server.linked(BERT, "/invitations/");
    his.click(&button("Answer an invitation")).await;
    his.type_into("//input[@id='invitation-link']", &link).await;
    his.click(&button("Look at it")).await;
    his.until("Anna invites you to Harbour, as a member.").await;
    assert_eq!(roles(bert), [json!(null); 0], "looking answers nothing");
    look_at(his, "invitation").await;
    his.click(&button("Accept")).await;
    his.until("Member: works on its agents.").await;
    let page = his.until(ANNA).await;
    assert!(!page.contains("Invite somebody"), "{page}");
    look_at(his, "organization-member").await;
    assert_eq!(roles(bert), [json!("member")]);

    let link = server.linked(CARLA, "/invitations/");
    carla.browser.open(&link);
    carla
        .browser
        .until("Anna invites you to the organization Harbour, as a viewer.");
    keep_page(&mut carla.browser, "page-invitation");
    carla.browser.press();
    carla.browser.until("You belong to Harbour, as a viewer.");
    let_command_in(&mut carla.browser, &carla.desk, server, "Carla's machine");
    assert_eq!(roles(carla), [json!("viewer")]);
}

/// The owner makes a member an admin, and then the owner in her place.
async fn changes_hands((anna, hers): (&Person, &Window), (bert, his): (&Person, &Window)) {
    look_again(hers).await;
    look_at(hers, "organization-members").await;
    hers.resize(800, 600).await;
    look_at(hers, "organization-narrow").await;
    hers.resize(1280, 800).await;
    choose(hers, "Role Bert", "Admin").await;
    hers.until_there("//button[@aria-label='Role Bert: Admin']")
        .await;
    are(
        &members(anna),
        &[(ANNA, "owner"), (BERT, "admin"), (CARLA, "viewer")],
    );
    look_again(his).await;
    his.until("Admin: manages members, invitations and keys.")
        .await;

    hers.click(&button("Transfer…")).await;
    // The list is longer than the dialog: what hangs over its edge can be chosen all the same.
    hers.click(&list("New owner")).await;
    hers.until_there(&option("Bert")).await;
    assert_eq!(hers.evaluate(OVER_THE_EDGE).await, true);
    look_at(hers, "organization-new-owner").await;
    hers.click(&option("Bert")).await;
    look_at(hers, "organization-transferring").await;
    confirm(hers, "Transfer").await;
    let page = hers
        .until("Admin: manages members, invitations and keys.")
        .await;
    assert!(
        !page.contains("Delete the organization"),
        "an admin cannot: {page}"
    );
    assert_eq!(
        (roles(anna), roles(bert)),
        (vec![json!("admin")], vec![json!("owner")])
    );
}

/// One is removed, one leaves, the last cannot, and deletes it.
async fn comes_to_an_end(
    (anna, hers): (&Person, Window),
    (bert, his): (&Person, Window),
    carla: &Person,
) {
    look_again(&his).await;
    his.until("Owner: may give it away and delete it.").await;
    his.click(REMOVE_CARLA).await;
    his.until("They lose access at once").await;
    look_at(&his, "organization-removing").await;
    his.click(&in_dialog("Remove")).await;
    his.until_gone(REMOVE_CARLA).await;
    assert_eq!(roles(carla), [json!(null); 0], "at once");
    are(&members(bert), &[(ANNA, "admin"), (BERT, "owner")]);

    his.until("You are its only owner").await;
    let held = "//button[@aria-label='Leave'][@aria-disabled='true']";
    his.until_there(held).await;
    his.click(held).await;
    look_at(&his, "organization-last-owner").await;
    assert!(his.texts("//dialog").await.is_empty(), "nothing is asked");
    are(&members(bert), &[(ANNA, "admin"), (BERT, "owner")]);

    hers.click(&button("Leave…")).await;
    confirm(&hers, "Leave").await;
    hers.until("You belong to no organization").await;
    assert_eq!(roles(anna), [json!(null); 0]);
    are(&members(bert), &[(BERT, "owner")]);
    hers.close().await;

    let all = bert.asks(&["orgs", "list"]);
    let id = all[0]["id"].as_str().expect("an id");
    his.click(&button("Delete…")).await;
    confirm(&his, "Delete the organization").await;
    his.until("You belong to no organization").await;
    assert_eq!(roles(bert), [json!(null); 0]);
    let show = ["cloud", "orgs", "show", id];
    bert.desk.slipway(show).exits(2).complains("organization");
    his.close().await;
}
