//! Invitations, from the mail to the answer.

use serde_json::{Value, json};
use slipway_cloud::admin::Operator;
use slipway_contract::cloud::ProblemCode;

use super::PASSWORD;
use crate::kit::{Browser, Cloud, Person};

const ANNA: &str = "anna@example.com";

/// An organization, and who owns it.
struct Harbour {
    owner: Person,
    path: String,
}

impl Harbour {
    async fn new(cloud: &Cloud) -> Self {
        let owner = cloud.person("owner").await;
        let made = cloud
            .post("/api/v1/organizations")
            .by(&owner)
            .json(&json!({"name": "Harbour"}));
        let made = made.send().await.is(201).read::<Value>();
        let path = format!("/api/v1/organizations/{}", made["id"].as_str().unwrap());
        Self { owner, path }
    }

    /// Invites somebody: the invitation's id, and the path that the mail links to.
    async fn invite(&self, cloud: &Cloud, email: &str) -> (String, String) {
        let invite = cloud
            .post(&format!("{}/invitations", self.path))
            .by(&self.owner);
        let invite = invite.json(&json!({"email": email, "role": "member"}));
        let made = invite.send().await.is(201).read::<Value>();
        (
            made["id"].as_str().unwrap().to_owned(),
            linked(cloud, email).await,
        )
    }

    async fn roles(&self, cloud: &Cloud, email: &str) -> Vec<String> {
        let members = cloud.get(&format!("{}/members", self.path)).by(&self.owner);
        let members = members.send().await.is(200).read::<Value>();
        let members = members["items"].as_array().unwrap().iter();
        let theirs = members.filter(|member| member["email"] == email);
        theirs
            .map(|member| member["role"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn linked(cloud: &Cloud, email: &str) -> String {
    let text = cloud.letter(email).await.0.text;
    let url = &cloud.server.config.public_url;
    let link = text
        .split_whitespace()
        .find_map(|word| word.strip_prefix(url.as_str()));
    link.expect("a link").to_owned()
}

/// Where a page's form or link with this action leads on to.
fn leads_on(browser: &Browser<'_>, action: &str) -> String {
    assert!(
        browser.page.contains(&format!("action=\"{action}\"")),
        "{}",
        browser.page
    );
    let next: String =
        url::form_urlencoded::byte_serialize(browser.hidden("next").as_bytes()).collect();
    format!("{action}?next={next}")
}

on_both! {
    async fn somebody_new_makes_an_account_and_joins(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let (_, path) = harbour.invite(cloud, ANNA).await;
        let mut browser = cloud.browser();
        browser.open(&path).await.is(200);
        for words in ["owner invites you", "Harbour", "as a member."] {
            assert!(browser.page.contains(words), "{words} is not in {}", browser.page);
        }
        assert!(!browser.page.contains("Accept"));
        // As a program that looks at links would.
        assert!(harbour.roles(cloud, ANNA).await.is_empty());
        let register = leads_on(&browser, "/register");
        browser.open(&register).await.is(200);
        let next = browser.hidden("next");
        browser.submit("/register", &[("email", ANNA), ("next", &next)]).await.is(200);
        // The letter may be opened anywhere.
        let mut other = cloud.browser();
        other.open(&cloud.letter(ANNA).await.link()).await.is(200);
        let ticket = other.hidden("ticket");
        let fields = [("ticket", &*ticket), ("name", "Anna"), ("password", PASSWORD)];
        other.submit("/verify", &fields).await.is(200);
        assert_eq!(other.path, path);
        other.submit(&format!("{path}/accept"), &[]).await.is(200);
        assert!(other.path == path && other.page.contains("You belong to"), "{}", other.page);
        assert_eq!(harbour.roles(cloud, ANNA).await, ["member"]);
        // Again, it is the same; to others it is over.
        other.open(&path).await.is(200);
        assert!(other.page.contains("You belong to"));
        browser.open(&path).await.is(200);
        assert!(browser.page.contains("was accepted") && !browser.page.contains("Harbour"), "{}", browser.page);
    }

    async fn who_has_an_account_signs_in_and_declines(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        let (_, path) = harbour.invite(cloud, ANNA).await;
        let mut browser = cloud.browser();
        browser.open(&path).await.is(200);
        let sign_in = leads_on(&browser, "/sign-in");
        browser.open(&sign_in).await.is(200);
        let next = browser.hidden("next");
        browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert_eq!(browser.path, path);
        browser.submit(&format!("{path}/decline"), &[]).await.is(200);
        assert!(browser.page.contains("was declined"), "{}", browser.page);
        browser.open("/account").await.is(200);
        browser.post(&format!("{path}/accept"), &[]).await.is(404);
        assert!(harbour.roles(cloud, ANNA).await.is_empty());
    }

    async fn a_letter_that_a_stranger_asked_for_leads_to_no_invitation_of_theirs(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let (_, of_eve) = harbour.invite(cloud, "eve@example.com").await;
        for next in [of_eve.as_str(), &format!("{of_eve}/accept"), "/invitations/../device"] {
            let mut eve = cloud.browser();
            eve.open("/register").await.is(200);
            eve.submit("/register", &[("email", ANNA), ("next", next)]).await.is(200);
        }
        for letter in cloud.letters().await.iter().filter(|letter| letter.0.to.as_str() == ANNA).take(1) {
            let mut anna = cloud.browser();
            anna.open(&letter.link()).await.is(200);
            let ticket = anna.hidden("ticket");
            let fields = [("ticket", &*ticket), ("name", "Anna"), ("password", PASSWORD)];
            anna.submit("/verify", &fields).await.is(200);
            assert_eq!(anna.path, "/account");
        }
    }

    async fn another_person_cannot_answer(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let (_, path) = harbour.invite(cloud, ANNA).await;
        let mut eve = cloud.browser();
        eve.register("Eve", "eve@example.com", PASSWORD).await;
        eve.open(&path).await.is(200);
        assert!(eve.page.contains("not the address") && !eve.page.contains("/accept"), "{}", eve.page);
        assert!(!eve.page.contains(ANNA), "whom it went to is not told");
        for answer in ["accept", "decline"] {
            eve.open("/account").await.is(200);
            eve.post(&format!("{path}/{answer}"), &[]).await.is(404);
        }
        assert!(harbour.roles(cloud, "eve@example.com").await.is_empty());
        eve.open("/account").await.is(200);
        // Nor does a form of another site, for the one who can.
        let mut anna = cloud.browser();
        anna.register("Anna", ANNA, PASSWORD).await;
        let cookies: Vec<String> = anna.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let forged = cloud.post(&format!("{path}/accept")).header("cookie", &cookies.join("; "));
        forged.form(&[("form_token", &*eve.token())]).send().await.is(403);
        assert!(harbour.roles(cloud, ANNA).await.is_empty());
        anna.open(&path).await.is(200);
        anna.submit(&format!("{path}/accept"), &[]).await.is(200);
        assert_eq!(harbour.roles(cloud, ANNA).await, ["member"]);
    }

    async fn what_is_over_or_wrong_is_said(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let mut browser = cloud.browser();
        let (first, old) = harbour.invite(cloud, ANNA).await;
        let at = |id: &str| format!("{}/invitations/{id}", harbour.path);
        cloud.post(&format!("{}/resend", at(&first))).by(&harbour.owner).send().await.is(200);
        let new = linked(cloud, ANNA).await;
        browser.open(&old).await.is(404);
        assert!(browser.page.contains("the newest mail has the link"), "{}", browser.page);
        browser.open(&new).await.is(200);
        assert!(browser.page.contains("Harbour"));
        cloud.delete(&at(&first)).by(&harbour.owner).send().await.is(204);
        browser.open(&new).await.is(200);
        assert!(browser.page.contains("was taken back") && !browser.page.contains("Harbour"), "{}", browser.page);
        for wrong in ["sli_nothing", &"a".repeat(5000), "%00", "sli_%FF", "..%2Faccount"] {
            let answer = browser.open(&format!("/invitations/{wrong}")).await;
            assert_eq!(answer.status, 404, "{wrong}");
        }
        // Who may not invite any more: what they sent is void.
        let (_, sent) = harbour.invite(cloud, "bert@example.com").await;
        browser.open(&sent).await.is(200);
        assert!(browser.page.contains("Harbour"));
        let operator = Operator::new(&cloud.server).unwrap();
        operator.suspend(&harbour.owner.email.parse().unwrap()).await.unwrap();
        browser.open(&sent).await.is(200);
        assert!(browser.page.contains("was taken back"), "{}", browser.page);
        cloud.clock.forward(7 * 24 * 3600);
        browser.open(&sent).await.is(200);
        assert!(browser.page.contains("too old"), "{}", browser.page);
    }

    async fn an_accepted_invitation_is_accepted_again(cloud: &Cloud) {
        let harbour = Harbour::new(cloud).await;
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let (_, path) = harbour.invite(cloud, &anna.email).await;
        let accept = |person: &Person| cloud.post(&format!("/api/v1{path}/accept")).by(person).send();
        // As a program does whose first answer was lost, and that asks several times at once.
        let answers = futures::future::join_all((0..8).map(|_| accept(&anna))).await;
        let first = answers[0].text();
        for answer in answers {
            assert_eq!((answer.status, answer.text()), (200, first.clone()));
        }
        assert_eq!(harbour.roles(cloud, &anna.email).await, ["member"]);
        let events = cloud.get(&format!("{}/audit-events?action=invitation.accepted", harbour.path));
        let events = events.by(&harbour.owner).send().await.is(200).read::<Value>();
        assert_eq!(events["items"].as_array().unwrap().len(), 1, "{events}");
        accept(&eve).await.refused(ProblemCode::NotFound);
        // Who was removed does not come back by it.
        let member = format!("{}/members/{}", harbour.path, anna.id);
        cloud.delete(&member).by(&harbour.owner).send().await.is(204);
        accept(&anna).await.refused(ProblemCode::NotFound);
        assert!(harbour.roles(cloud, &anna.email).await.is_empty());
    }
}
