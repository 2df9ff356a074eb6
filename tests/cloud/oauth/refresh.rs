//! Refresh tokens, as programs use them.

use std::collections::BTreeSet;
use std::sync::Arc;

use slipway_cloud::tables::accounts;
use tokio::sync::Barrier;

use crate::kit::{Cloud, Tokens, client};

const DAY: i64 = 24 * 3600;

async fn is_over(cloud: &Cloud, tokens: &Tokens) {
    cloud.refresh(&tokens.refresh).await.denied("invalid_grant");
    assert!(!cloud.takes(&tokens.access).await);
}

on_both! {
    async fn fifty_refreshes_at_once_have_one_successor(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let tokens = cloud.sign_in(&anna).await;
        let barrier = Arc::new(Barrier::new(50));
        let url = format!("http://{}/oauth/token", cloud.address);
        let each = |_| {
            let (barrier, url, token) = (Arc::clone(&barrier), url.clone(), tokens.refresh.clone());
            tokio::spawn(async move {
                let client = client();
                let fields = [("client_id", "slipway-desktop"), ("grant_type", "refresh_token"), ("refresh_token", &*token)];
                barrier.wait().await;
                let answer = client.post(url).form(&fields).send().await.expect("an answer");
                assert_eq!(answer.status().as_u16(), 200);
                answer.json::<serde_json::Value>().await.expect("tokens")["refresh_token"].as_str().expect("a token").to_owned()
            })
        };
        let mut successors = BTreeSet::new();
        for one in (0..50).map(each).collect::<Vec<_>>() {
            successors.insert(one.await.expect("no panic"));
        }
        assert_eq!(successors.len(), 1);
        assert!(cloud.takes(&tokens.access).await, "nobody is signed out");
        Tokens::of(&cloud.refresh(successors.first().unwrap()).await);
    }

    async fn a_lost_answer_is_given_again_for_a_while(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let first = cloud.sign_in(&anna).await;
        let next = Tokens::of(&cloud.refresh(&first.refresh).await);
        assert_ne!(next.refresh, first.refresh);
        cloud.clock.forward(30);
        // Also by another copy, and after a start.
        let copy = cloud.restarted().await;
        let again = Tokens::of(&copy.refresh(&first.refresh).await);
        assert_eq!(again.refresh, next.refresh);
        assert!(cloud.takes(&again.access).await && copy.takes(&next.access).await);
        copy.stop().await;
        Tokens::of(&cloud.refresh(&next.refresh).await);
    }

    async fn a_token_that_comes_after_its_grace_ends_the_session(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        for restart in [false, true] {
            let (first, other) = (cloud.sign_in(&anna).await, cloud.sign_in(&anna).await);
            let next = Tokens::of(&cloud.refresh(&first.refresh).await);
            cloud.clock.forward(31);
            if restart {
                let copy = cloud.restarted().await;
                copy.refresh(&first.refresh).await.denied("invalid_grant");
                copy.stop().await;
            } else {
                cloud.refresh(&first.refresh).await.denied("invalid_grant");
            }
            is_over(cloud, &next).await;
            assert!(cloud.takes(&other.access).await, "another session goes on");
            let events = cloud.get("/api/v1/account/audit-events?action=session.ended&limit=1").token(&other.access).send().await.is(200);
            assert!(events.text().contains("a refresh token was used again"), "{}", events.text());
        }
    }

    async fn a_token_that_comes_after_its_successor_was_used_ends_the_session(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        for restart in [false, true] {
            let first = cloud.sign_in(&anna).await;
            let second = Tokens::of(&cloud.refresh(&first.refresh).await);
            let third = Tokens::of(&cloud.refresh(&second.refresh).await);
            // Within the grace, and all the same.
            if restart {
                let copy = cloud.restarted().await;
                copy.refresh(&first.refresh).await.denied("invalid_grant");
                copy.stop().await;
            } else {
                cloud.refresh(&first.refresh).await.denied("invalid_grant");
            }
            is_over(cloud, &third).await;
            is_over(cloud, &second).await;
        }
    }

    async fn a_session_ends_when_it_is_not_used_and_after_ninety_days(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let idle = cloud.sign_in(&anna).await;
        let mut used = cloud.sign_in(&anna).await;
        cloud.clock.forward(7 * DAY - 1);
        used = Tokens::of(&cloud.refresh(&used.refresh).await);
        cloud.clock.forward(1);
        cloud.refresh(&idle.refresh).await.denied("invalid_grant");
        for _ in 0..13 {
            cloud.clock.forward(6 * DAY);
            used = Tokens::of(&cloud.refresh(&used.refresh).await);
        }
        // 85 days so far.
        cloud.clock.forward(5 * DAY - 1);
        used = Tokens::of(&cloud.refresh(&used.refresh).await);
        assert!(cloud.takes(&used.access).await);
        cloud.clock.forward(1);
        is_over(cloud, &used).await;
    }

    async fn a_token_is_its_programs_and_nothing_else(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let tokens = cloud.sign_in(&anna).await;
        let fields = [("client_id", "slipway-cli"), ("grant_type", "refresh_token"), ("refresh_token", &*tokens.refresh)];
        cloud.token(&fields).await.denied("invalid_grant");
        for other in ["slr_", "slr_none", "none", &*tokens.access, &*tokens.refresh.to_uppercase(), &*format!("{} ", tokens.refresh)] {
            cloud.refresh(other).await.denied("invalid_grant");
        }
        cloud.refresh("").await.denied("invalid_request");
        cloud.token(&[("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh), ("scope", "all")]).await.denied("invalid_scope");
        let form = format!("client_id=slipway-desktop&grant_type=refresh_token&refresh_token={0}&refresh_token={0}", tokens.refresh);
        cloud.post("/oauth/token").body("application/x-www-form-urlencoded", form).send().await.denied("invalid_request");
        // Requests take no refresh token.
        assert!(!cloud.takes(&tokens.refresh).await);
        // None of that used it up.
        Tokens::of(&cloud.refresh(&tokens.refresh).await);
    }

    async fn clocks_may_differ(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let first = cloud.sign_in(&anna).await;
        cloud.clock.forward(60);
        let second = Tokens::of(&cloud.refresh(&first.refresh).await);
        // Another copy's clock is behind: it takes what was just given, and gives a lost answer again.
        cloud.clock.forward(-5);
        assert!(cloud.takes(&second.access).await);
        assert_eq!(Tokens::of(&cloud.refresh(&first.refresh).await).refresh, second.refresh);
        let third = Tokens::of(&cloud.refresh(&second.refresh).await);
        cloud.clock.forward(5);
        assert_eq!(Tokens::of(&cloud.refresh(&second.refresh).await).refresh, third.refresh);
        // A token from further ahead is not believed; the session goes on.
        cloud.clock.forward(50);
        let ahead = Tokens::of(&cloud.refresh(&third.refresh).await);
        cloud.clock.forward(-50);
        assert!(!cloud.takes(&ahead.access).await);
        Tokens::of(&cloud.refresh(&ahead.refresh).await);
    }

    async fn who_is_suspended_gets_no_tokens(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let (annas, berts) = (cloud.sign_in(&anna).await, cloud.sign_in(&bert).await);
        let on = cloud.server.database.read();
        accounts::set_suspended(on, anna.id, Some(cloud.server.clock.now())).await.unwrap();
        is_over(cloud, &annas).await;
        accounts::delete(on, bert.id).await.unwrap();
        is_over(cloud, &berts).await;
    }

    async fn signing_out_everywhere_ends_programs(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        for action in ["/account/sessions/end-others", "/account/sessions/end-all"] {
            let tokens = cloud.sign_in(&anna).await;
            browser.open("/account").await.is(200);
            browser.submit(action, &[]).await.is(200);
            is_over(cloud, &tokens).await;
        }
        // And one program ends another, by the API.
        let (one, other) = (cloud.sign_in(&anna).await, cloud.sign_in(&anna).await);
        cloud.delete("/api/v1/account/sessions").token(&one.access).send().await.is(204);
        is_over(cloud, &other).await;
        Tokens::of(&cloud.refresh(&one.refresh).await);
    }
}
