//! Invitations through the API. How their mail is answered in a browser is with the people.

use serde_json::{Value, json};
use slipway_contract::cloud::{ProblemCode, Role};

use crate::kit::{Ask, Cloud, Organization, Person};

fn invite(cloud: &Cloud, into: &Organization, by: &Person, email: &str, role: &str) -> Ask {
    let ask = cloud.post(&into.at("invitations")).by(by);
    ask.json(&json!({"email": email, "role": role}))
}

/// What the mail to this address carries.
async fn token(cloud: &Cloud, email: &str) -> String {
    let text = cloud.letter(email).await.0.text;
    let mut words = text.split_whitespace();
    let link = words.find_map(|word| word.split_once("/invitations/"));
    link.expect("a link").1.to_owned()
}

on_both! {
    async fn an_invitation_is_read_and_accepted_by_whom_it_is_for(cloud: &Cloud) {
        let (owner, anna, eve) = (cloud.person("owner").await, cloud.person("anna").await, cloud.person("eve").await);
        let harbour = cloud.organization(&owner).await;
        // Addresses differ by case alone.
        let made = invite(cloud, &harbour, &owner, &anna.email.to_uppercase(), "member").send().await.is(201);
        assert!(!made.text().contains("sli_"), "who invites does not see what the mail carries");
        let token = token(cloud, &anna.email.to_uppercase()).await;
        let at = |rest: &str| format!("/api/v1/invitations/{token}{rest}");
        for rest in ["/accept", "/decline"] {
            cloud.post(&at(rest)).by(&eve).send().await.refused(ProblemCode::NotFound);
        }
        cloud.get(&at("")).by(&eve).send().await.refused(ProblemCode::NotFound);
        let offer = cloud.get(&at("")).by(&anna).send().await.is(200).read::<Value>();
        assert_eq!((&offer["organization_name"], &offer["role"], &offer["invited_by"]), (&json!("Harbour"), &json!("member"), &json!("owner")));
        cloud.get(&harbour.path).by(&anna).send().await.refused(ProblemCode::NotFound);
        cloud.post(&at("/accept")).by(&anna).send().await.is(200);
        assert_eq!(cloud.get(&harbour.path).by(&anna).send().await.is(200).read::<Value>()["role"], "member");
        assert!(cloud.items(&harbour.at("invitations"), &owner).await.is_empty());
        invite(cloud, &harbour, &owner, &anna.email, "admin").send().await.refused(ProblemCode::Conflict);
    }

    async fn what_is_declined_or_taken_back_may_be_offered_again(cloud: &Cloud) {
        let (owner, anna) = (cloud.person("owner").await, cloud.person("anna").await);
        let harbour = cloud.organization(&owner).await;
        invite(cloud, &harbour, &owner, &anna.email, "viewer").send().await.is(201);
        invite(cloud, &harbour, &owner, &anna.email, "viewer").send().await.refused(ProblemCode::Conflict);
        let first = token(cloud, &anna.email).await;
        cloud.post(&format!("/api/v1/invitations/{first}/decline")).by(&anna).send().await.is(204);
        cloud.post(&format!("/api/v1/invitations/{first}/accept")).by(&anna).send().await.refused(ProblemCode::NotFound);
        let made = invite(cloud, &harbour, &owner, &anna.email, "viewer").send().await.is(201).read::<Value>();
        let second = token(cloud, &anna.email).await;
        let path = harbour.at(&format!("invitations/{}", made["id"].as_str().unwrap()));
        cloud.delete(&path).by(&owner).send().await.is(204);
        cloud.delete(&path).by(&owner).send().await.refused(ProblemCode::NotFound);
        cloud.post(&format!("{path}/resend")).by(&owner).send().await.refused(ProblemCode::NotFound);
        cloud.post(&format!("/api/v1/invitations/{second}/accept")).by(&anna).send().await.refused(ProblemCode::NotFound);
        invite(cloud, &harbour, &owner, &anna.email, "viewer").send().await.is(201);
    }

    async fn an_invitation_lasts_a_week_from_its_last_mail(cloud: &Cloud) {
        const DAY: i64 = 24 * 3600;
        let (owner, anna, bert) = (cloud.person("owner").await, cloud.person("anna").await, cloud.person("bert").await);
        let harbour = cloud.organization(&owner).await;
        let made = invite(cloud, &harbour, &owner, &anna.email, "viewer").send().await.is(201).read::<Value>();
        let first = token(cloud, &anna.email).await;
        invite(cloud, &harbour, &owner, &bert.email, "viewer").send().await.is(201);
        let other = token(cloud, &bert.email).await;
        cloud.clock.forward(6 * DAY);
        let owner = owner.again(&cloud.server).await;
        let resend = harbour.at(&format!("invitations/{}/resend", made["id"].as_str().unwrap()));
        cloud.post(&resend).by(&owner).send().await.is(200);
        let second = token(cloud, &anna.email).await;
        cloud.clock.forward(DAY);
        let (anna, bert) = (anna.again(&cloud.server).await, bert.again(&cloud.server).await);
        let accept = |token: &str, who: &Person| cloud.post(&format!("/api/v1/invitations/{token}/accept")).by(who).send();
        accept(&first, &anna).await.refused(ProblemCode::NotFound);
        accept(&other, &bert).await.refused(ProblemCode::NotFound);
        accept(&second, &anna).await.is(200);
    }

    async fn invitations_fill_nobodys_mailbox(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let there = "target@example.org";
        let again = async |into: &Organization, made: &Value, by: &Person| {
            let resend = into.at(&format!("invitations/{}/resend", made["id"].as_str().unwrap()));
            cloud.post(&resend).by(by).send().await
        };
        let harbour = cloud.organization(&anna).await;
        let made = invite(cloud, &harbour, &anna, there, "viewer").send().await.is(201).read::<Value>();
        again(&harbour, &made, &anna).await.is(200);
        // What is deleted stays counted, and so does what another sends.
        cloud.delete(&harbour.path).by(&anna).send().await.is(204);
        let (second, other) = (cloud.organization(&anna).await, cloud.organization(&bert).await);
        let made = invite(cloud, &second, &anna, "Target@Example.org", "viewer").send().await.is(201).read::<Value>();
        again(&second, &made, &anna).await.is(200);
        again(&second, &made, &anna).await.is(200);
        let problem = again(&second, &made, &anna).await;
        assert_eq!(problem.header("retry-after"), (24 * 3600 + 1).to_string());
        assert!(problem.refused(ProblemCode::RateLimited).detail.contains("24 h"));
        assert_eq!(cloud.letters().await.len(), 5);
        // Nobody alone uses up what others may send there, and all together do.
        let hers = invite(cloud, &other, &bert, there, "viewer").send().await.is(201).read::<Value>();
        for _ in 0..4 {
            again(&other, &hers, &bert).await.is(200);
        }
        for count in 0..3 {
            let person = cloud.person(&format!("person{count}")).await;
            let into = cloud.organization(&person).await;
            let made = invite(cloud, &into, &person, there, "viewer").send().await;
            if count == 2 {
                made.refused(ProblemCode::RateLimited);
                break;
            }
            let made = made.is(201).read::<Value>();
            for _ in 0..4 {
                again(&into, &made, &person).await.is(200);
            }
        }
        // Other mailboxes are not full, and this one is not for ever.
        invite(cloud, &other, &bert, "somebody@example.org", "viewer").send().await.is(201);
        cloud.clock.forward(24 * 3600);
        let anna = anna.again(&cloud.server).await;
        let third = cloud.organization(&anna).await;
        invite(cloud, &third, &anna, there, "viewer").send().await.is(201);
    }

    async fn who_signed_in_long_ago_offers_nobody_to_be_an_owner(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let made = async |email: &str, role: &str| {
            let made = invite(cloud, &harbour, &anna, email, role).send().await.is(201).read::<Value>();
            harbour.at(&format!("invitations/{}/resend", made["id"].as_str().unwrap()))
        };
        let (owner, viewer) = (made("bert@example.org", "owner").await, made("cora@example.org", "viewer").await);
        cloud.post(&owner).by(&anna).send().await.is(200);
        cloud.clock.forward(3600);
        let anna = anna.renewed(&cloud.server).await;
        cloud.post(&owner).by(&anna).send().await.refused(ProblemCode::ReauthenticationRequired);
        cloud.post(&viewer).by(&anna).send().await.is(200);
    }

    async fn a_name_is_no_link_in_a_letter(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let change = cloud.patch("/api/v1/account").by(&anna).header("if-match", "*");
        change.json(&json!({"name": "Win at www.evil.example"})).send().await.is(200);
        let change = cloud.patch(&harbour.path).by(&anna).header("if-match", "*");
        change.json(&json!({"name": "URGENT: pay at http://evil.example/pay"})).send().await.is(200);
        invite(cloud, &harbour, &anna, "target@example.org", "viewer").send().await.is(201);
        let letter = cloud.letter("target@example.org").await.0;
        let whole = format!("{} {}", letter.subject.as_str(), letter.text);
        assert!(!whole.contains("evil.example") && !whole.contains("http://evil"), "{whole}");
        assert!(whole.contains("\"Win at www. evil. example\" invites you"), "{whole}");
        assert_eq!(whole.matches("://").count(), 1, "the invitation's own link alone: {whole}");
        // Such a name is nobody's fault.
        cloud.post("/api/v1/organizations").by(&anna).json(&json!({"name": "example.com"})).send().await.is(201);
    }

    async fn nobody_invites_as_more_than_they_are(cloud: &Cloud) {
        let owner = cloud.person("owner").await;
        let harbour = cloud.organization(&owner).await;
        let admin = cloud.member(&harbour, Role::Admin).await;
        let refused = invite(cloud, &harbour, &admin, "anna@example.com", "owner").send().await;
        assert_eq!(refused.refused(ProblemCode::Invalid).errors[0].at, "role");
        invite(cloud, &harbour, &owner, "anna@example.com", "owner").send().await.is(201);
        // What an owner offers, an admin does not send again; who became less offers no more.
        let token = token(cloud, "anna@example.com").await;
        let made = cloud.items(&harbour.at("invitations"), &admin).await;
        let resend = harbour.at(&format!("invitations/{}/resend", made[0]["id"].as_str().unwrap()));
        cloud.post(&resend).by(&admin).send().await.refused(ProblemCode::Invalid);
        cloud.post(&harbour.at("transfer")).by(&owner).json(&json!({"to": admin.id})).send().await.is(200);
        let page = cloud.get(&format!("/invitations/{token}")).send().await;
        assert!(page.text().contains("was taken back"), "{}", page.text());
    }
}
