//! Signing in, with a browser here or elsewhere.

use slipway_cloud_client::CloudError;

use crate::stand_in::{Home, Said, StandIn, coming_back, get, keep};
use serde_json::json;

#[tokio::test]
async fn the_browser_comes_back_and_the_sign_in_is_kept() {
    let (server, home) = (StandIn::start().await, Home::new());
    let begun = server.begin().await.unwrap();
    let asked: Vec<String> = begun
        .url()
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    for name in [
        "response_type",
        "client_id",
        "state",
        "code_challenge",
        "redirect_uri",
        "device_name",
    ] {
        assert_eq!(
            asked.iter().filter(|asked| *asked == name).count(),
            1,
            "{name}"
        );
    }
    let back = coming_back(&begun, &[("code", "a-code"), ("iss", &server.url())]);
    let finishing = tokio::spawn(begun.finish());
    // Somebody else on this machine who knows the port and not the state.
    let (port, _) = back.split_once('?').unwrap();
    assert_eq!(get(&format!("{port}?code=stolen&state=guessed")).await, 404);
    assert_eq!(get(&back).await, 200);
    let signed_in = finishing.await.unwrap().unwrap();
    assert_eq!(signed_in.account.name.as_str(), "Anna");
    {
        let known = server.known();
        let (_, sent) = known
            .asked
            .iter()
            .find(|(path, _)| path == "/oauth/token")
            .unwrap();
        assert_eq!(sent["code"], "a-code");
        assert_eq!(sent["client_id"], "slipway-cli");
        assert!(sent["code_verifier"].len() >= 43, "PKCE");
    }
    keep(&home.process(), signed_in).await;
    let kept = home.kept().unwrap();
    assert!(
        kept.contains("refresh-1") && !kept.contains("access-1"),
        "{kept}"
    );
    let account = home.process().account().await.unwrap();
    assert_eq!(account.value.email.as_str(), "anna@example.com");
}

#[tokio::test]
async fn who_declines_is_not_signed_in() {
    let server = StandIn::start().await;
    let begun = server.begin().await.unwrap();
    let back = coming_back(
        &begun,
        &[("error", "access_denied"), ("iss", &server.url())],
    );
    let (done, status) = tokio::join!(begun.finish(), get(&back));
    assert_eq!(status, 200);
    let error = done.unwrap_err();
    assert!(
        matches!(&error, CloudError::Denied { code, .. } if code == "access_denied"),
        "{error}"
    );
    assert_eq!(server.known().times("/oauth/token"), 0);
}

#[tokio::test]
async fn an_answer_of_another_server_is_not_taken() {
    for issuer in [Some("https://other.example.com"), None] {
        let server = StandIn::start().await;
        let begun = server.begin().await.unwrap();
        let mut parameters = vec![("code", "a-code")];
        parameters.extend(issuer.map(|issuer| ("iss", issuer)));
        let back = coming_back(&begun, &parameters);
        let (done, _) = tokio::join!(begun.finish(), get(&back));
        assert!(
            matches!(done, Err(CloudError::Foreign { .. })),
            "{issuer:?}"
        );
        assert_eq!(
            server.known().times("/oauth/token"),
            0,
            "the code went nowhere"
        );
    }
}

#[tokio::test]
async fn a_sign_in_of_which_nobody_can_say_whose_it_is_is_given_back() {
    let server = StandIn::start().await;
    server.says(
        "/api/v1/account",
        Said::new(500, "text/html", "<h1>no</h1>"),
    );
    let begun = server.begin().await.unwrap();
    let back = coming_back(&begun, &[("code", "a-code"), ("iss", &server.url())]);
    let (done, _) = tokio::join!(begun.finish(), get(&back));
    assert!(matches!(done, Err(CloudError::Foreign { .. })), "{done:?}");
    assert_eq!(server.known().revoked, ["refresh-1"]);
}

#[tokio::test]
async fn a_code_is_typed_elsewhere() {
    let (server, home) = (StandIn::start().await, Home::new());
    server.known().pending = 2;
    let begun = server.begin_with_code().await.unwrap();
    assert_eq!(begun.code().code, "BCDF-GHJK");
    assert_eq!(begun.code().url, format!("{}/device", server.url()));
    let signed_in = begun.finish().await.unwrap();
    assert_eq!(server.known().times("/oauth/token"), 3);
    keep(&home.process(), signed_in).await;
    assert!(home.process().account().await.is_ok());
}

#[tokio::test]
async fn a_code_that_is_declined_or_too_old_says_so() {
    for (error, says) in [("access_denied", "declined"), ("expired_token", "too long")] {
        let server = StandIn::start().await;
        let begun = server.begin_with_code().await.unwrap();
        server.says("/oauth/token", Said::json(400, &json!({"error": error})));
        let told = begun.finish().await.unwrap_err().to_string();
        assert!(told.contains(says), "{told}");
    }
}

#[tokio::test]
async fn another_sign_in_takes_the_place_of_the_one_before_and_ends_it() {
    let (server, home) = (StandIn::start().await, Home::new());
    let first = home.signed_in(&server).await;
    first.account().await.unwrap();
    let before = home.kept().unwrap();
    let second = home.signed_in(&server).await;
    assert_ne!(home.kept().unwrap(), before);
    assert_eq!(server.known().revoked.len(), 1);
    second.account().await.unwrap();
}

#[tokio::test]
async fn one_of_which_nobody_would_know_leaves_the_one_before() {
    let (server, home) = (StandIn::start().await, Home::new());
    for (before, revoked) in [(None, "refresh-1"), (Some("refresh-2"), "refresh-3")] {
        if before.is_some() {
            home.signed_in(&server).await;
        }
        let process = home.process();
        let signed_in = server.sign_in().await;
        let kept = process.session().keep(signed_in, |_| Err::<(), _>("full"));
        assert_eq!(kept.await.unwrap(), Err("full"));
        assert_eq!(server.known().revoked.last().unwrap(), revoked);
        match before {
            Some(before) => {
                assert!(home.kept().unwrap().contains(before));
                process.account().await.unwrap();
            }
            None => assert_eq!(home.kept(), None),
        }
    }
}

#[tokio::test]
async fn signing_out_forgets_it_whether_the_server_is_there_or_not() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    assert!(client.session().forget().await.unwrap().unwrap().is_ok());
    assert_eq!(server.known().revoked, ["refresh-1"]);
    assert_eq!(home.kept(), None);
    assert!(client.session().forget().await.unwrap().is_none());
    assert!(matches!(
        client.account().await,
        Err(CloudError::NotSignedIn)
    ));

    let client = home.signed_in(&server).await;
    let _back = server.away().await;
    let told = client.session().forget().await.unwrap().unwrap();
    assert!(
        matches!(told, Err(CloudError::Unreachable { .. })),
        "{told:?}"
    );
    assert_eq!(home.kept(), None);
}
