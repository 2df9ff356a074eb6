//! Second factors and sessions through the API, as the desktop sees them.

use serde_json::{Value, json};
use slipway_contract::cloud::ProblemCode;
use totp_rs::{Builder, Secret};

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
        let list = async || cloud.get("/api/v1/account/sessions").by(&anna).send().await.is(200).read::<Value>();
        let sessions = list().await;
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
        assert_eq!(sessions["items"][0]["current"], true);
        let theirs = format!("/api/v1/account/sessions/{}", eve.session);
        cloud.delete(&theirs).by(&anna).send().await.refused(ProblemCode::NotFound);
        cloud.get("/api/v1/account").by(&eve).send().await.is(200);
        cloud.delete("/api/v1/account/sessions").by(&anna).send().await.is(204);
        let own = format!("/api/v1/account/sessions/{}", anna.session);
        cloud.delete(&own).by(&anna).send().await.is(204);
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
