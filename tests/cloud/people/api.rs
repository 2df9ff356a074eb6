//! Second factors and sessions through the API, as the desktop sees them.

use serde_json::{Value, json};
use slipway_contract::cloud::{ProblemCode, SessionId};
use totp_rs::{Builder, Secret};

use crate::kit::Person;

on_both! {
    async fn an_app_is_added_and_removed(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let setup = cloud.post("/api/v1/account/totp").by(&anna).send().await.is(201).read::<Value>();
        let secret = Secret::try_from_base32(setup["secret"].as_str().unwrap()).unwrap();
        assert!(setup["uri"].as_str().unwrap().starts_with("otpauth://totp/Slipway"));
        let factor = async || cloud.get("/api/v1/account/second-factor").by(&anna).send().await.is(200).read::<Value>();
        assert_eq!(factor().await, json!({"totp": false, "passkeys": false, "recovery_codes": 0}));
        let confirm = |code: &str| cloud.post("/api/v1/account/totp/confirm").by(&anna).json(&json!({"code": code}));
        assert_eq!(confirm("000000").send().await.refused(ProblemCode::Invalid).errors[0].at, "code");
        let totp = Builder::new().with_secret(secret).with_account_name("anna").build().unwrap();
        let now = u64::try_from(cloud.server.clock.now().seconds()).unwrap();
        let code = totp.generate(now).to_string();
        let codes = confirm(&code).send().await.is(200).read::<Value>();
        assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
        assert_eq!(factor().await, json!({"totp": true, "passkeys": false, "recovery_codes": 10}));
        confirm(&code).send().await.refused(ProblemCode::NotFound);
        cloud.post("/api/v1/account/totp").by(&anna).send().await.refused(ProblemCode::Conflict);
        let renewed = cloud.post("/api/v1/account/recovery-codes").by(&anna).send().await.is(201).read::<Value>();
        assert_ne!(renewed, codes);
        cloud.delete("/api/v1/account/totp").by(&anna).send().await.is(204);
        cloud.delete("/api/v1/account/totp").by(&anna).send().await.refused(ProblemCode::NotFound);
        assert_eq!(factor().await["recovery_codes"], 0);
    }

    async fn a_lost_answer_is_asked_for_again(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let post = |path: &str, key: &str| cloud.post(path).by(&anna).header("idempotency-key", key);
        let totp = "/api/v1/account/totp";
        let setup = post(totp, "one").send().await.is(201);
        assert_eq!(post(totp, "one").send().await.is(201).text(), setup.text());
        assert_ne!(post(totp, "two").send().await.is(201).text(), setup.text());
        // The first secret was replaced, though its answer is still given.
        let again = post(totp, "three").send().await.is(201).read::<Value>();
        let secret = Secret::try_from_base32(again["secret"].as_str().unwrap()).unwrap();
        let machine = Builder::new().with_secret(secret).with_account_name("anna").build().unwrap();
        let now = u64::try_from(cloud.server.clock.now().seconds()).unwrap();
        let code = json!({"code": machine.generate(now).to_string()});
        cloud.post("/api/v1/account/totp/confirm").by(&anna).json(&code).send().await.is(200);
        let codes = "/api/v1/account/recovery-codes";
        let renewed = post(codes, "four").send().await.is(201);
        let replayed = post(codes, "four").send().await.is(201);
        assert_eq!((replayed.text(), &*replayed.header("idempotency-replayed")), (renewed.text(), "true"));
        post(codes, "one").send().await.refused(ProblemCode::IdempotencyKeyReused);
    }

    async fn sessions_are_listed_and_ended(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let others = [anna.again(&cloud.server).await, anna.again(&cloud.server).await, anna.again(&cloud.server).await];
        let browser = cloud.browser_of(&anna).await;
        // To look at them and to end them takes no new sign-in: who finds a stranger there has no time to lose.
        cloud.clock.forward(15 * 60);
        let anna = anna.renewed(&cloud.server).await;
        let listed = async || {
            let list = cloud.get("/api/v1/account/sessions").by(&anna).send().await.is(200).read::<Value>();
            let items = list["items"].as_array().unwrap().clone();
            let shown = |item: &Value| ["client", "device", "address"].map(|name| item[name].as_str().unwrap().to_owned()).join(", ");
            let mut sorted: Vec<_> = items.iter().map(|item| (shown(item), item["current"] == true)).collect();
            sorted.sort();
            sorted
        };
        let program = "slipway-desktop, a test, 127.0.0.1".to_owned();
        let mut expected = vec![("browser, a browser, 127.0.0.1".to_owned(), false)];
        expected.extend([false, false, false, true].map(|current| (program.clone(), current)));
        assert_eq!(listed().await, expected);
        // One ends, at once, and no other.
        let end = |session: SessionId| cloud.delete(&format!("/api/v1/account/sessions/{session}")).by(&anna);
        end(others[0].session).send().await.is(204);
        assert_eq!(listed().await.len(), 4);
        let goes_on = async |of: &Person| cloud.takes(&of.renewed(&cloud.server).await.access).await;
        assert!(!goes_on(&others[0]).await && goes_on(&others[1]).await);
        end(others[0].session).send().await.refused(ProblemCode::NotFound);
        end(eve.session).send().await.refused(ProblemCode::NotFound);
        assert!(goes_on(&eve).await);
        // All others end, of programs and of browsers.
        cloud.delete("/api/v1/account/sessions").by(&anna).send().await.is(204);
        assert_eq!(listed().await, [(program, true)]);
        let mut browser = browser;
        assert!(!goes_on(&others[1]).await && !goes_on(&others[2]).await && !browser.is_in().await);
        assert!(goes_on(&eve).await && goes_on(&anna).await);
        end(anna.session).send().await.is(204);
        cloud.get("/api/v1/account/sessions").by(&anna).send().await.refused(ProblemCode::Unauthenticated);
    }

    async fn a_stolen_token_changes_no_factor(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        cloud.clock.forward(15 * 60 - 1);
        cloud.post("/api/v1/account/totp").by(&anna).send().await.is(201);
        let fresh = slipway_cloud::tokens::access::sign(&cloud.server, anna.id, anna.session, "slipway-desktop").await.unwrap();
        cloud.clock.forward(1);
        for path in ["/api/v1/account/totp", "/api/v1/account/totp/confirm", "/api/v1/account/recovery-codes"] {
            cloud.post(path).token(&fresh).json(&json!({})).send().await.refused(ProblemCode::ReauthenticationRequired);
        }
        cloud.get("/api/v1/account/second-factor").token(&fresh).send().await.is(200);
    }
}
