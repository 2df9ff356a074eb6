//! What all endpoints share: who may, how bodies are read, states, and requests that come twice.

use serde_json::{Value, json};
use slipway_contract::cloud::ProblemCode;

on_both! {
    async fn a_person_reads_and_changes_their_account(cloud: &Cloud) {
        cloud.get("/health").send().await.is(204);
        cloud.get("/api/v1/account").send().await.refused(ProblemCode::Unauthenticated);
        let anna = cloud.person("anna").await;
        let shown = cloud.get("/api/v1/account").by(&anna).send().await.is(200);
        assert_eq!(shown.read::<Value>()["email"], anna.email);
        let etag = shown.header("etag");
        let change = || cloud.patch("/api/v1/account").by(&anna).json(&json!({"name": "Anna Lind"}));
        change().send().await.refused(ProblemCode::PreconditionRequired);
        let changed = change().header("if-match", &etag).send().await.is(200);
        assert_eq!(changed.read::<Value>()["name"], "Anna Lind");
        assert_ne!(changed.header("etag"), etag);
        change().header("if-match", &etag).send().await.refused(ProblemCode::Changed);
        let more = json!({"name": "Anna", "is_operator": true});
        let problem = cloud.patch("/api/v1/account").by(&anna).header("if-match", "*").json(&more).send().await;
        assert_eq!(problem.refused(ProblemCode::Invalid).errors[0].at, "is_operator");
    }

    async fn the_viewer_of_the_api_is_dark_where_the_system_is(cloud: &Cloud) {
        let page = cloud.get("/api/docs/").send().await.is(200).text();
        assert!(page.contains("href=\"index.css\""), "{page}");
        let sheet = cloud.get("/api/docs/index.css").send().await.is(200);
        assert!(sheet.header("content-type").starts_with("text/css") && sheet.text().contains("html.dark-mode body"));
    }

    async fn a_token_ends_with_its_time_and_its_session(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        cloud.clock.forward(15 * 60 - 1);
        cloud.get("/api/v1/account").by(&anna).send().await.is(200);
        cloud.clock.forward(1);
        cloud.get("/api/v1/account").by(&anna).send().await.refused(ProblemCode::Unauthenticated);
    }

    async fn an_organization_is_there_for_its_members_alone(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let make = |name: &str| cloud.post("/api/v1/organizations").by(&anna).header("idempotency-key", "one").json(&json!({"name": name}));
        let made = make("Harbour").send().await.is(201).read::<Value>();
        let again = make("Harbour").send().await.is(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.read::<Value>(), made);
        make("Shipyard").send().await.refused(ProblemCode::IdempotencyKeyReused);
        let path = format!("/api/v1/organizations/{}", made["id"].as_str().unwrap());
        assert_eq!(cloud.get(&path).by(&anna).send().await.is(200).read::<Value>()["role"], "owner");
        cloud.get(&path).by(&eve).send().await.refused(ProblemCode::NotFound);
        cloud.get("/api/v1/organizations/none").by(&anna).send().await.refused(ProblemCode::NotFound);
    }
}
