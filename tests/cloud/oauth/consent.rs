//! What a program asks for, and how somebody lets it in.

use serde_json::{Value, json};

use super::{ANNA, PASSWORD};
use crate::kit::{Tokens, asking, callback, program::REDIRECT};

on_both! {
    async fn a_program_learns_where_to_sign_in(cloud: &Cloud) {
        let url = &cloud.server.config.public_url;
        let answer = cloud.get("/.well-known/oauth-authorization-server").send().await.is(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.read::<Value>(), json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/oauth/authorize"),
            "token_endpoint": format!("{url}/oauth/token"),
            "device_authorization_endpoint": format!("{url}/oauth/device-authorization"),
            "revocation_endpoint": format!("{url}/oauth/revoke"),
            "jwks_uri": format!("{url}/.well-known/jwks.json"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        }));
        // A host that a request names is nobody's.
        let lured = cloud.get("/.well-known/oauth-authorization-server").header("host", "evil.example").send().await;
        assert_eq!(lured.text(), answer.text());
    }

    async fn somebody_signs_in_and_lets_a_program_in(cloud: &Cloud) {
        cloud.browser().register("Anna Lind", ANNA, PASSWORD).await;
        let mut browser = cloud.browser();
        browser.open(&asking(&[])).await.is(200);
        assert!(browser.path.starts_with("/sign-in?next=%2Foauth%2Fconsent%3F"), "{}", browser.path);
        let next = browser.hidden("next");
        let page = browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert!(browser.path.starts_with("/oauth/consent?"));
        for words in ["<strong>Slipway</strong> on the device ", "Anna's laptop", "Anna Lind", ANNA, REDIRECT] {
            assert!(browser.page.contains(words), "{words}: {}", browser.page);
        }
        assert!(!browser.page.contains("<script"));
        assert_eq!(page.header("x-frame-options"), "DENY");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self' http://127.0.0.1:47110;"), "{policy}");
        let asked = browser.hidden("asked");
        let answer = browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await;
        let back = callback(&answer, REDIRECT);
        assert_eq!(back.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
        assert_eq!((&*back["state"], &back["iss"]), ("a state & more", &cloud.server.config.public_url));
        let tokens = Tokens::of(&cloud.redeem(&back["code"], &[]).await);
        let account = cloud.get("/api/v1/account").token(&tokens.access).send().await.is(200);
        assert_eq!(account.read::<Value>()["email"], ANNA);
        // It is one of their sessions, and is in the log.
        browser.open("/account").await.is(200);
        assert!(browser.page.contains("Anna's laptop"), "{}", browser.page);
        let events = cloud.get("/api/v1/account/audit-events?action=session.begun").token(&tokens.access).send().await.is(200).read::<Value>();
        let detail = json!({"by": "code", "client": "slipway-desktop"});
        assert!(events["items"].as_array().unwrap().iter().any(|event| event["detail"] == detail), "{events}");
    }

    async fn a_program_that_is_not_let_in_hears_so(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let answer = cloud.browser_of(&anna).await.answer(&asking(&[]), "deny").await;
        let back = callback(&answer, REDIRECT);
        assert_eq!((&*back["error"], &*back["state"], &back["iss"]), ("access_denied", "a state & more", &cloud.server.config.public_url));
        assert!(!back.contains_key("code"));
    }

    async fn every_program_may_and_at_either_address(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        for client in ["slipway-desktop", "slipway-cli"] {
            for redirect in ["http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback", "http://[::1]:4711/callback"] {
                let changes = [("client_id", client), ("redirect_uri", redirect), ("state", ""), ("device_name", "")];
                let code = browser.code(&changes).await;
                Tokens::of(&cloud.redeem(&code, &changes[..2]).await);
            }
        }
    }

    async fn nobody_is_led_to_who_is_not_known(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let mut browser = cloud.browser_of(&anna).await;
        let mut wrong: Vec<String> = [
            "", "https://evil.example/callback", "http://localhost:47110/callback", "https://127.0.0.1:47110/callback",
            "http://127.0.0.1:47110@evil.example/callback", "http://evil.example@127.0.0.1:47110/callback", "http://127.0.0.1:47110/other",
            "http://127.0.0.1:47110/callback#a", "http://127.0.0.1:47110/callback?a=b", "http://127.0.0.1:47110/%2Fcallback",
            "http://127.0.0.1:47110%2Fcallback", "http://127.0.0.1:47110/../callback", "http://127.0.0.1/callback", "http://127.0.0.1:0/callback",
            "http://127.0.0.1:47110\\callback", "javascript:alert(1)", "slipway://callback", "//127.0.0.1:47110/callback",
        ].iter().map(|redirect| asking(&[("redirect_uri", redirect)])).collect();
        for client in ["", "slipway", "Slipway-Desktop", "slipway-desktop ", "browser", "evil"] {
            wrong.push(asking(&[("client_id", client)]));
        }
        wrong.push(format!("{}&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback", asking(&[])));
        wrong.push(format!("{}&client_id=slipway-cli", asking(&[])));
        wrong.push(format!("{}&state=%00", asking(&[])));
        wrong.push(format!("{}&state=%ff", asking(&[])));
        wrong.push("/oauth/authorize".to_owned());
        for path in wrong {
            for path in [path.clone(), path.replace("authorize", "consent")] {
                let page = browser.open(&path).await.is(400);
                assert!(page.text().contains("cannot sign in") && page.header("location").is_empty(), "{path}");
                assert_eq!(page.header("content-security-policy").matches("form-action 'self';").count(), 1, "{path}");
            }
            // Nor is who is not signed in.
            let answer = cloud.get(&path).send().await.is(400);
            assert!(answer.header("location").is_empty(), "{path}");
        }
        // Nor by what is sent with a form.
        browser.open(&asking(&[])).await.is(200);
        let asked = asking(&[("redirect_uri", "http://evil.example:1/callback")]).replace("/oauth/authorize?", "");
        browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await.is(400);
    }

    async fn a_known_program_hears_what_is_wrong(cloud: &Cloud) {
        let long = "a".repeat(513);
        for (change, code) in [
            (("response_type", ""), "invalid_request"),
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", "code token"), "unsupported_response_type"),
            (("code_challenge", ""), "invalid_request"),
            (("code_challenge", "short"), "invalid_request"),
            (("code_challenge_method", ""), "invalid_request"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("code_challenge_method", "s256"), "invalid_request"),
            (("scope", "everything"), "invalid_scope"),
            (("device_name", "a\nb"), "invalid_request"),
            (("device_name", "\u{202e}abc"), "invalid_request"),
            (("device_name", &*"x".repeat(101)), "invalid_request"),
        ] {
            let answer = cloud.get(&asking(&[change])).send().await;
            let back = callback(&answer, REDIRECT);
            assert_eq!((&*back["error"], &*back["state"]), (code, "a state & more"), "{change:?}");
            assert_eq!(back["iss"], cloud.server.config.public_url);
        }
        for state in [&*long, "a\nb", "é"] {
            let back = callback(&cloud.get(&asking(&[("state", state)])).send().await, REDIRECT);
            assert_eq!((&*back["error"], back.get("state")), ("invalid_request", None));
        }
        for twice in ["state=b", "code_challenge=b", "response_type=code", "device_name=b", "unknown=1&unknown=2"] {
            let answer = cloud.get(&format!("{}&{twice}", asking(&[]))).send().await;
            assert_eq!(callback(&answer, REDIRECT)["error"], "invalid_request", "{twice}");
        }
        // What is not known and there once is left aside.
        let answer = cloud.get(&format!("{}&unknown=1", asking(&[]))).send().await.is(303);
        assert!(answer.header("location").starts_with("/oauth/consent?") && !answer.header("location").contains("unknown"));
    }

    async fn a_program_is_let_in_by_who_signed_in_a_short_while_ago(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        cloud.clock.forward(15 * 60);
        browser.open(&asking(&[])).await.is(200);
        assert!(browser.path.starts_with("/confirm?next=%2Foauth%2Fconsent%3F"), "{}", browser.path);
        let next = browser.hidden("next");
        browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert!(browser.path.starts_with("/oauth/consent?"));
        // What the session of the program may do with it lasts as long as in the browser, and no longer.
        cloud.clock.forward(14 * 60);
        let code = browser.code(&[]).await;
        let tokens = Tokens::of(&cloud.redeem(&code, &[]).await);
        let key = || cloud.post("/api/v1/keys").token(&tokens.access).json(&json!({"name": "a key", "scopes": ["account:read"]})).send();
        key().await.is(201);
        cloud.clock.forward(60);
        key().await.is(403);
        assert!(cloud.takes(&tokens.access).await);
    }

    async fn who_opened_the_page_in_time_answers_it(cloud: &Cloud) {
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        cloud.clock.forward(14 * 60);
        browser.open(&asking(&[])).await.is(200);
        let asked = browser.hidden("asked");
        let fields = [("asked", &*asked), ("verdict", "allow")];
        // Somebody reads for a quarter of an hour.
        cloud.clock.forward(15 * 60);
        callback(&browser.post("/oauth/consent", &fields).await, REDIRECT);
        // A session that lies around opens no other one, whatever form is sent in it.
        cloud.clock.forward(60);
        let begun = cloud.post("/oauth/device-authorization").form(&[("client_id", "slipway-cli")]).send().await.is(200);
        let code = begun.read::<Value>()["user_code"].as_str().unwrap().to_owned();
        for (path, fields) in [
            ("/oauth/consent", &fields[..]),
            ("/device", &[("user_code", &*code)]),
            ("/device/answer", &[("user_code", &*code), ("verdict", "allow")]),
        ] {
            browser.open("/account").await.is(200);
            let answer = browser.post(path, fields).await.is(303);
            assert!(answer.header("location").starts_with("/confirm?next="), "{path}: {}", answer.header("location"));
        }
    }

    async fn the_longest_request_lives_through_signing_in(cloud: &Cloud) {
        cloud.browser().register("Anna", ANNA, PASSWORD).await;
        let (state, device) = ("&".repeat(512), "\u{1d49c}".repeat(100));
        let mut browser = cloud.browser();
        browser.open(&asking(&[("state", &state), ("device_name", &device)])).await.is(200);
        let next = browser.hidden("next");
        browser.submit("/sign-in", &[("email", ANNA), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert!(browser.page.contains(&device), "{}", browser.path);
        let asked = browser.hidden("asked");
        let answer = browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await;
        assert_eq!(callback(&answer, REDIRECT)["state"], state);
    }

    async fn somebody_lets_a_program_in_as_another(cloud: &Cloud) {
        cloud.browser().register("Bert", "bert@example.com", PASSWORD).await;
        let mut browser = cloud.browser();
        browser.register("Anna", ANNA, PASSWORD).await;
        browser.open(&asking(&[])).await.is(200);
        let start = browser.page.find("/sign-in?next=").expect("a link");
        let link = browser.page[start..].split('"').next().unwrap().to_owned();
        browser.open(&link).await.is(200);
        let next = browser.hidden("next");
        browser.submit("/sign-in", &[("email", "bert@example.com"), ("password", PASSWORD), ("next", &next)]).await.is(200);
        assert!(browser.path.starts_with("/oauth/consent?") && browser.page.contains("bert@example.com"), "{}", browser.path);
        let asked = browser.hidden("asked");
        let answer = browser.post("/oauth/consent", &[("asked", &asked), ("verdict", "allow")]).await;
        let tokens = Tokens::of(&cloud.redeem(&callback(&answer, REDIRECT)["code"], &[]).await);
        let account = cloud.get("/api/v1/account").token(&tokens.access).send().await.is(200);
        assert_eq!(account.read::<Value>()["email"], "bert@example.com");
    }
}
