//! Renewing the tokens: once at a time, by several processes, with answers that are lost.

use std::time::Duration;

use slipway_cloud_client::{CloudError, SECRET};
use slipway_contract::Secret;

use crate::stand_in::{Home, Said, StandIn, keep};

const TOKEN: &str = "/oauth/token";

#[tokio::test]
async fn many_requests_at_once_renew_once() {
    let (server, home) = (StandIn::start().await, Home::new());
    home.signed_in(&server).await;
    let before = server.known().times(TOKEN);
    let client = home.process();
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.account().await.map(drop) })
        })
        .collect();
    for asked in asking {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(server.known().times(TOKEN) - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_take_turns_and_none_uses_a_token_of_another() {
    let (server, home) = (StandIn::start().await, Home::new());
    home.signed_in(&server).await;
    // Each request renews, and a token that is used twice ends everything.
    server.known().lasts = 0;
    server.known().slow = Duration::from_millis(5);
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let client = home.process();
            tokio::spawn(async move {
                for _ in 0..5 {
                    client.account().await?;
                }
                Ok::<_, CloudError>(())
            })
        })
        .collect();
    for asked in asking {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(server.known().times(TOKEN), 1 + 4 * 5);
}

/// The server gives the next tokens, and of its answer this arrives.
async fn nobody_is_signed_out_where(arrives: Said) {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    server.known().forgives = true;
    let lost = Said {
        works_first: true,
        ..arrives
    };
    server.says(TOKEN, lost);
    client.account().await.unwrap();
    assert!(home.kept().unwrap().contains("refresh-2"));
    home.process().account().await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_lost_on_its_way_signs_nobody_out() {
    nobody_is_signed_out_where(Said::new(503, "text/html", "<h1>Bad gateway</h1>")).await;
}

#[tokio::test]
async fn an_answer_that_nobody_says_is_lost_signs_nobody_out() {
    let nothing = Said {
        is_silent: true,
        ..Said::new(200, "application/json", "{}")
    };
    nobody_is_signed_out_where(nothing).await;
}

#[tokio::test]
async fn a_server_that_says_when_to_come_back_signs_nobody_out() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    server.known().forgives = true;
    // It keeps the new token, and loses its database before it can say so.
    let mut lost = Said::problem("unavailable", 503).header("retry-after", "1");
    lost.works_first = true;
    server.says(TOKEN, lost);
    server.says(
        TOKEN,
        Said::problem("rate-limited", 429).header("retry-after", "1"),
    );
    client.account().await.unwrap();
    assert!(home.kept().unwrap().contains("refresh-2"));
    home.process().account().await.unwrap();
}

#[tokio::test]
async fn who_should_come_back_much_later_hears_of_it_at_once() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    let before = server.known().times(TOKEN);
    for said in [
        Said::problem("unavailable", 503).header("retry-after", "600"),
        Said::problem("rate-limited", 429).header("retry-after", "600"),
    ] {
        server.says(TOKEN, said);
        let error = client.account().await.unwrap_err();
        assert!(matches!(error, CloudError::Refused(_)), "{error}");
    }
    assert_eq!(server.known().times(TOKEN) - before, 2);
    client.account().await.unwrap();
}

#[tokio::test]
async fn who_gives_up_waiting_leaves_the_new_token_kept() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    server.known().slow = Duration::from_millis(300);
    let waited = tokio::time::timeout(Duration::from_millis(100), client.account()).await;
    assert!(waited.is_err(), "it was given up");
    // It takes its turn after the one that nobody waits for, and a token that is used twice is refused.
    home.process().account().await.unwrap();
}

#[tokio::test]
async fn a_refusal_signs_out_and_says_so_once() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    let refused = serde_json::json!({"error": "invalid_grant", "error_description": "over"});
    server.says(TOKEN, Said::json(400, &refused));
    let error = client.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Ended { .. }), "{error}");
    assert_eq!(home.kept(), None);
    assert!(matches!(
        client.account().await,
        Err(CloudError::NotSignedIn)
    ));
}

#[tokio::test]
async fn nothing_but_a_refusal_signs_out() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    for said in [
        Said::json(401, &serde_json::json!({"error": "invalid_client"})),
        Said::json(400, &serde_json::json!({"error": "something_new"})),
        Said::json(200, &serde_json::json!({"access_token": 5})),
        Said::json(200, &serde_json::json!({})),
        Said::new(200, "text/html", "<h1>Sign in to this network</h1>"),
        Said::new(500, "text/html", "<h1>no</h1>"),
        Said::new(302, "text/html", "").header("location", "https://other.example.com/"),
        Said::problem("rate-limited", 429),
        Said::problem("internal", 500),
    ] {
        let status = said.status;
        server.says(TOKEN, said);
        assert!(client.account().await.is_err(), "{status}");
        assert!(home.kept().unwrap().contains("refresh-1"), "{status}");
    }
    let coming = server.away().await;
    let error = client.account().await.unwrap_err();
    assert!(
        matches!(error, CloudError::Unreachable { sent: false, .. }),
        "{error}"
    );
    assert!(home.kept().is_some());
    let _server = coming.await;
    client.account().await.unwrap();
}

#[tokio::test]
async fn a_token_that_the_server_does_not_take_is_renewed_once() {
    let (server, home) = (StandIn::start().await, Home::new());
    let client = home.signed_in(&server).await;
    client.account().await.unwrap();
    let before = server.known().times(TOKEN);
    server.says("/api/v1/account", Said::problem("unauthenticated", 401));
    client.account().await.unwrap();
    assert_eq!(server.known().times(TOKEN) - before, 1);
    for _ in 0..2 {
        server.says("/api/v1/account", Said::problem("unauthenticated", 401));
    }
    let error = client.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Refused(_)), "{error}");
    assert_eq!(server.known().times(TOKEN) - before, 2);
}

#[tokio::test]
async fn nothing_is_done_in_the_name_of_who_signed_in_meanwhile() {
    let (server, home) = (StandIn::start().await, Home::new());
    let window = home.signed_in(&server).await;
    window.account().await.unwrap();
    home.signed_in(&server).await;
    server.says("/api/v1/account", Said::problem("unauthenticated", 401));
    let error = window.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Another), "{error}");
    window.account().await.unwrap();
}

#[tokio::test]
async fn nothing_is_either_after_a_refresh_that_was_put_off() {
    let (server, home) = (StandIn::start().await, Home::new());
    let window = home.signed_in(&server).await;
    window.account().await.unwrap();
    server.says("/api/v1/account", Said::problem("unauthenticated", 401));
    server.says(TOKEN, Said::problem("rate-limited", 429));
    let error = window.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Refused(_)), "{error}");
    home.signed_in(&server).await;
    server.says("/api/v1/account", Said::problem("unauthenticated", 401));
    let error = window.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Another), "{error}");
}

#[tokio::test]
async fn a_client_of_one_sign_in_asks_nothing_in_the_name_of_another() {
    let (server, home) = (StandIn::start().await, Home::new());
    let window = home.process();
    let signed_in = server.sign_in().await;
    let annas = window.of(keep(&window, signed_in).await);
    annas.account().await.unwrap();
    let signed_in = server.sign_in().await;
    let bens = window.of(keep(&home.process(), signed_in).await);
    // Its token is good still, and it is not the one that is meant.
    let before = server.known().times("/api/v1/account");
    bens.account().await.unwrap();
    let error = annas.account().await.unwrap_err();
    assert!(matches!(error, CloudError::Another), "{error}");
    assert_eq!(server.known().times("/api/v1/account") - before, 1);
    bens.account().await.unwrap();
}

#[tokio::test]
async fn what_is_kept_and_cannot_be_read_is_replaced_by_the_next_sign_in() {
    let (server, home) = (StandIn::start().await, Home::new());
    for damaged in [
        "{",
        "refresh-1",
        "{\"slipway_sign_in\": 2, \"id\": \"a\", \"server\": \"https://a.example\", \"program\": \"slipway-cli\", \"refresh\": \"refresh-1\"}",
        "{\"slipway_sign_in\": 1, \"id\": \"a\", \"server\": \"http://a.example\", \"program\": \"slipway-cli\", \"refresh\": \"refresh-1\"}",
    ] {
        let name = SECRET.parse().unwrap();
        home.vault()
            .set(&name, &Secret::new(damaged.to_owned()))
            .unwrap();
        let error = home.process().account().await.unwrap_err();
        assert!(matches!(error, CloudError::Damaged(_)), "{error}");
        assert!(!error.to_string().contains("refresh-1"), "{error}");
        assert_eq!(
            home.kept().as_deref(),
            Some(damaged),
            "a newer Slipway may know it"
        );
    }
    home.signed_in(&server).await.account().await.unwrap();
}
