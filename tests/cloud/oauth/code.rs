//! Codes: good once, for a minute, for who asked.

use std::sync::Arc;

use slipway_cloud::tables::accounts;
use tokio::sync::Barrier;

use crate::kit::{Tokens, VERIFIER, challenge, client, program::REDIRECT};

const OTHER: &str = "another-verifier-that-is-as-long-as-the-first-one";

on_both! {
    async fn a_code_that_is_used_again_ends_what_it_gave(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let code = browser.code(&[]).await;
        let tokens = Tokens::of(&cloud.redeem(&code, &[]).await);
        let newer = Tokens::of(&cloud.refresh(&tokens.refresh).await);
        // Another session of the same person goes on.
        let other = cloud.sign_in(&anna).await;
        cloud.clock.forward(3600);
        cloud.redeem(&code, &[("code_verifier", OTHER)]).await.denied("invalid_grant");
        cloud.refresh(&newer.refresh).await.denied("invalid_grant");
        let other = Tokens::of(&cloud.refresh(&other.refresh).await);
        assert!(cloud.takes(&other.access).await && !cloud.takes(&newer.access).await);
        let events = cloud.get("/api/v1/account/audit-events?action=session.ended").token(&other.access).send().await.is(200);
        assert_eq!(events.text().matches("a code was used again").count(), 1, "{}", events.text());
        cloud.redeem(&code, &[]).await.denied("invalid_grant");
    }

    async fn of_many_at_once_one_at_most_gets_tokens(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let code = cloud.browser_of(&anna).await.code(&[]).await;
        let barrier = Arc::new(Barrier::new(12));
        let url = format!("http://{}/oauth/token", cloud.address);
        let each = |_| {
            let (barrier, url, code) = (Arc::clone(&barrier), url.clone(), code.clone());
            tokio::spawn(async move {
                let fields = [("client_id", "slipway-desktop"), ("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
                barrier.wait().await;
                let answer = client().post(url).form(&fields).send().await.expect("an answer");
                (answer.status().as_u16(), answer.text().await.expect("a body"))
            })
        };
        let mut given = Vec::new();
        for one in (0..12).map(each).collect::<Vec<_>>() {
            match one.await.expect("no panic") {
                (200, body) => given.push(body),
                (status, body) => assert!(status == 400 && body.contains("invalid_grant"), "{status} {body}"),
            }
        }
        assert_eq!(given.len(), 1);
        let tokens: serde_json::Value = serde_json::from_str(&given[0]).unwrap();
        assert!(!cloud.takes(tokens["access_token"].as_str().unwrap()).await, "it was shown again, so it is void");
    }

    async fn a_code_is_good_for_a_minute(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let code = browser.code(&[]).await;
        cloud.clock.forward(59);
        Tokens::of(&cloud.redeem(&code, &[]).await);
        let code = browser.code(&[]).await;
        cloud.clock.forward(60);
        cloud.redeem(&code, &[]).await.denied("invalid_grant");
    }

    async fn a_code_is_good_for_who_asked_and_void_after_anything_else(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let plain = challenge(VERIFIER);
        for change in [
            ("code_verifier", OTHER),
            ("code_verifier", &*plain),
            ("code_verifier", "short"),
            ("redirect_uri", "http://127.0.0.1:47111/callback"),
            ("redirect_uri", "http://[::1]:47110/callback"),
            ("redirect_uri", "http://localhost:47110/callback"),
            ("client_id", "slipway-cli"),
        ] {
            let code = browser.code(&[]).await;
            cloud.redeem(&code, &[change]).await.denied("invalid_grant");
            cloud.redeem(&code, &[]).await.denied("invalid_grant");
        }
        // A verifier of the wrong form does not do, whatever its challenge.
        let changes = [("code_challenge", &*challenge("short"))];
        let code = browser.code(&changes).await;
        cloud.redeem(&code, &[("code_verifier", "short")]).await.denied("invalid_grant");
        cloud.redeem("a-code-that-nobody-has", &[]).await.denied("invalid_grant");
    }

    async fn what_a_program_sends_wrong_it_hears(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let code = cloud.browser_of(&anna).await.code(&[]).await;
        for missing in ["code", "redirect_uri", "code_verifier", "grant_type"] {
            cloud.redeem(&code, &[(missing, "")]).await.denied("invalid_request");
        }
        for client in ["", "slipway", "SLIPWAY-CLI", "browser"] {
            cloud.redeem(&code, &[("client_id", client)]).await.denied("invalid_client");
        }
        for grant in ["password", "client_credentials", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "Refresh_token"] {
            cloud.redeem(&code, &[("grant_type", grant)]).await.denied("unsupported_grant_type");
        }
        cloud.redeem(&code, &[("scope", "everything")]).await.denied("invalid_scope");
        let form = "application/x-www-form-urlencoded";
        let whole = format!("grant_type=authorization_code&client_id=slipway-desktop&code={code}&redirect_uri=http%3A%2F%2F127.0.0.1%3A47110%2Fcallback&code_verifier={VERIFIER}");
        let send = |kind: &'static str, body: String| cloud.post("/oauth/token").body(kind, body).send();
        for twice in ["grant_type=refresh_token", "client_id=slipway-cli", "code=a", "redirect_uri=a", &*format!("code_verifier={VERIFIER}"), "a=1&a=2"] {
            send(form, format!("{whole}&{twice}")).await.denied("invalid_request");
            send(form, format!("{twice}&{whole}")).await.denied("invalid_request");
        }
        for unreadable in ["a=%00", "a=%ff", "%00=a"] {
            send(form, format!("{whole}&{unreadable}")).await.denied("invalid_request");
        }
        send(form, String::new()).await.denied("invalid_client");
        for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
            send(kind, whole.clone()).await.is(415);
        }
        send(form, format!("{whole}&a={}", "x".repeat(20_000))).await.is(413);
        cloud.get(&format!("/oauth/token?{whole}")).send().await.is(405);
        cloud.post(&format!("/oauth/token?{whole}")).form(&[("a", "b")]).send().await.denied("invalid_client");
        // None of that used it up; what is not known is left aside, and so is whoever a header says it is.
        let answer = cloud.post("/oauth/token").token("garbage").body(&format!("{form}; charset=UTF-8"), format!("{whole}&unknown=1&client_secret=a"));
        Tokens::of(&answer.send().await);
    }

    async fn a_code_gives_nothing_to_who_is_suspended_or_gone(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let code = cloud.browser_of(&anna).await.code(&[]).await;
        let on = cloud.server.database.read();
        accounts::set_suspended(on, anna.id, Some(cloud.server.clock.now())).await.unwrap();
        cloud.redeem(&code, &[]).await.denied("invalid_grant");
        let code = cloud.browser_of(&bert).await.code(&[]).await;
        accounts::delete(on, bert.id).await.unwrap();
        cloud.redeem(&code, &[]).await.denied("invalid_grant");
    }
}
