//! Servers that are none, or not the one that was meant.

use serde_json::json;
use slipway_cloud_client::{CloudError, CodeSignIn, Program, Silence};
use tokio::io::AsyncReadExt as _;

use crate::stand_in::{Home, Said, StandIn, account, metadata};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const ACCOUNT: &str = "/api/v1/account";

fn is_foreign(error: &CloudError) -> bool {
    matches!(error, CloudError::Foreign { .. })
}

#[tokio::test]
async fn a_server_that_is_not_the_one_that_was_named_is_not_signed_in_to() {
    let server = StandIn::start().await;
    let url = server.url();
    let with = |name: &str, value: serde_json::Value| {
        let mut all = metadata(&url);
        all[name] = value;
        Said::json(200, &all)
    };
    for said in [
        with("issuer", json!("https://other.example.com")),
        with("issuer", json!(format!("{url}.example.com"))),
        with(
            "authorization_endpoint",
            json!("https://other.example.com/oauth/authorize"),
        ),
        with("authorization_endpoint", json!("file:///etc/passwd")),
        with(
            "token_endpoint",
            json!("https://other.example.com/oauth/token"),
        ),
        with("token_endpoint", json!("no url")),
        with(
            "revocation_endpoint",
            json!("http://127.0.0.1:1/oauth/revoke"),
        ),
        with(
            "device_authorization_endpoint",
            json!("http://127.0.0.1:1/device"),
        ),
        with("code_challenge_methods_supported", json!(["plain"])),
        with("code_challenge_methods_supported", json!([])),
        Said::json(200, &json!({})),
        Said::json(200, &json!(["issuer"])),
        Said::new(200, "application/json", "{"),
        Said::new(200, "text/html", "<h1>Welcome to nginx</h1>"),
        Said::new(404, "text/html", "<h1>Not found</h1>"),
        Said::new(500, "text/html", "<h1>no</h1>"),
        Said::new(301, "text/html", "").header("location", &format!("{url}/elsewhere")),
        Said::new(200, "application/json", vec![b' '; 5 << 20]),
    ] {
        let what = String::from_utf8_lossy(&said.body[..said.body.len().min(300)]).into_owned();
        server.says(METADATA, said);
        let error = server.begin().await.err().unwrap();
        assert!(is_foreign(&error), "{error}: {what}");
    }
    assert_eq!(
        server.known().times("/elsewhere"),
        0,
        "no redirect is followed"
    );
    assert!(server.begin().await.is_ok());
}

#[tokio::test]
async fn another_name_of_this_machine_is_the_one_that_the_server_uses() {
    let server = StandIn::start().await;
    let named = server.url().replace("127.0.0.1", "localhost");
    for _ in 0..2 {
        server.says(METADATA, Said::json(200, &metadata(&named)));
    }
    let begun = server.begin().await.unwrap();
    assert!(
        begun.url().as_str().starts_with(&format!("{named}/")),
        "{}",
        begun.url()
    );
    // What it says at the address that it names counts.
    server.says(METADATA, Said::json(200, &metadata(&named)));
    let error = server.begin().await.err().unwrap();
    assert!(is_foreign(&error), "{error}");
}

#[tokio::test]
async fn a_code_that_leads_elsewhere_is_not_shown() {
    let server = StandIn::start().await;
    let good = json!({
        "device_code": "secret", "user_code": "BCDF-GHJK", "expires_in": 600,
        "verification_uri": format!("{}/device", server.url()),
    });
    for (name, value) in [
        (
            "verification_uri",
            json!("https://other.example.com/device"),
        ),
        ("verification_uri", json!("javascript:alert(1)")),
        ("user_code", json!("")),
        ("user_code", json!("\u{1b}[2J")),
        ("user_code", json!("A".repeat(60))),
        ("interval", json!(u64::MAX)),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        server.says("/oauth/device-authorization", Said::json(200, &bad));
        let error = server.begin_with_code().await.err().unwrap();
        assert!(is_foreign(&error), "{error}: {bad}");
    }
    let mut elsewhere = good;
    elsewhere["verification_uri_complete"] = json!("https://other.example.com/device?user_code=A");
    server.says("/oauth/device-authorization", Said::json(200, &elsewhere));
    let begun = server.begin_with_code().await.unwrap();
    assert_eq!(begun.code().complete_url, None);
}

#[tokio::test]
async fn answers_that_are_none_are_told_and_nothing_of_them_is_believed() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    for said in [
        Said::new(200, "text/html", account().to_string()),
        Said::new(200, "application/json", "[]"),
        Said::new(200, "application/json", "{\"id\": 5}"),
        Said::new(200, "application/json", "\u{0}\u{1}"),
        Said::new(204, "application/json", ""),
        Said::new(200, "application/json", "[".repeat(100_000)),
        Said::new(200, "application/json", vec![b' '; 5 << 20]),
        Said::new(302, "text/html", "").header("location", "https://other.example.com/"),
        Said::new(418, "text/html", "<script>alert(1)</script>"),
        Said::new(500, "application/json", "{\"detail\": \"no\"}"),
        Said::new(400, "application/problem+json", "{\"detail\": \"no\"}"),
    ] {
        let what = format!("{} {:?}", said.status, said.headers);
        server.says(ACCOUNT, said);
        let error = client.account().await.unwrap_err();
        assert!(is_foreign(&error), "{error}: {what}");
        assert!(!error.to_string().contains("alert"), "{error}");
    }
    for status in [502, 503, 504] {
        for _ in 0..3 {
            server.says(
                ACCOUNT,
                Said::new(status, "text/html", "<h1>Bad gateway</h1>"),
            );
        }
        let error = client.account().await.unwrap_err();
        assert!(matches!(error, CloudError::Unreachable { .. }), "{error}");
        server.known().instead.clear();
    }
    client.account().await.unwrap();
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_have_it_shown() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    client.account().await.unwrap();
    let problem = json!({
        "type": "a", "title": "b", "status": 403, "code": "forbidden",
        "detail": "the token access-2 may not",
    });
    server.says(
        ACCOUNT,
        Said::new(403, "application/problem+json", problem.to_string()),
    );
    let error = client.account().await.unwrap_err().to_string();
    assert_eq!(error, "the token [secret] may not");
}

#[tokio::test]
async fn a_list_that_does_not_end_is_none() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    let page = json!({"items": [], "next": "AAAAAAAAAAAAAAAAAAAAAA"});
    for _ in 0..300 {
        server.says("/api/v1/organizations", Said::json(200, &page));
    }
    let error = client.organizations().await.unwrap_err();
    assert!(is_foreign(&error), "{error}");
}

#[tokio::test]
async fn why_a_server_does_not_answer_is_told_apart() {
    let server = StandIn::start().await;
    let silence = async |address: String| {
        let address = address.parse().unwrap();
        let device = "here".parse().unwrap();
        let begun = CodeSignIn::begin(address, Program::CommandLine, device).await;
        match begun.err().unwrap() {
            CloudError::Unreachable { why, .. } => why,
            other => panic!("{other}"),
        }
    };
    let plain = server.url().replace("http://", "https://");
    assert_eq!(silence(plain).await, Silence::NoTls);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    assert_eq!(silence(nowhere).await, Silence::Refused);
    // As a database does that is no web server.
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = other.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        loop {
            let (mut caller, _) = other.accept().await.unwrap();
            let _ = caller.read(&mut [0; 8]).await;
        }
    });
    let broken_off = Silence::BrokenOff { port: at.port() };
    assert_eq!(silence(format!("http://{at}")).await, broken_off);
    assert_eq!(silence(format!("https://{at}")).await, broken_off);
    serving.abort();
}
