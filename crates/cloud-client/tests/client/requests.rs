//! What is asked again, and what is not.

use serde_json::json;
use slipway_cloud_client::CloudError;
use slipway_contract::cloud::ProblemCode;
use slipway_contract::cloud::organization::NewOrganization;

use crate::stand_in::{Home, Said, StandIn};

const ORGANIZATIONS: &str = "/api/v1/organizations";

fn later(seconds: &str) -> Said {
    Said::problem("unavailable", 503).header("retry-after", seconds)
}

fn organization() -> serde_json::Value {
    json!({
        "id": "01890a5d-ac96-774b-bcce-b302099a8057", "name": "Harbour works", "role": "owner",
        "created_at": "2026-11-22T12:00:00Z",
    })
}

#[tokio::test]
async fn what_is_not_available_for_a_moment_is_asked_again_with_the_same_key() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    server.says(ORGANIZATIONS, later("1"));
    server.says(ORGANIZATIONS, Said::json(201, &organization()));
    let new = NewOrganization {
        name: "Harbour works".parse().unwrap(),
    };
    let made = client.create_organization(&new).await.unwrap();
    assert_eq!(made.name.as_str(), "Harbour works");
    let keys: Vec<String> = server
        .known()
        .asked
        .iter()
        .filter(|(path, _)| path == ORGANIZATIONS)
        .map(|(_, sent)| sent["idempotency-key"].clone())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1], "it is made once");
}

#[tokio::test]
async fn it_is_asked_three_times_at_most_and_not_after_a_long_time() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    for _ in 0..9 {
        server.says(ORGANIZATIONS, later("0"));
    }
    let error = client.organizations().await.unwrap_err();
    assert!(
        matches!(&error, CloudError::Refused(problem) if problem.code == ProblemCode::Unavailable),
        "{error}"
    );
    assert_eq!(server.known().times(ORGANIZATIONS), 3);
    server.known().instead.clear();
    server.says(ORGANIZATIONS, later("3600"));
    assert!(client.organizations().await.is_err());
    assert_eq!(server.known().times(ORGANIZATIONS), 4);
}

#[tokio::test]
async fn what_may_have_been_done_is_not_done_again() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    let organization = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    let path = format!("{ORGANIZATIONS}/{organization}/leave");
    server.says(&path, later("0"));
    assert!(client.leave_organization(organization).await.is_err());
    assert_eq!(server.known().times(&path), 1);
    // Refused before anything began.
    server.says(
        &path,
        Said::problem("rate-limited", 429).header("retry-after", "0"),
    );
    server.says(&path, Said::new(204, "text/plain", ""));
    client.leave_organization(organization).await.unwrap();
    assert_eq!(server.known().times(&path), 3);
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    let first = json!({"items": [organization()], "next": "AAAAAAAAAAAAAAAAAAAAAA"});
    server.says(ORGANIZATIONS, Said::json(200, &first));
    server.says(
        ORGANIZATIONS,
        Said::json(200, &json!({"items": [organization()]})),
    );
    assert_eq!(client.organizations().await.unwrap().len(), 2);
}
