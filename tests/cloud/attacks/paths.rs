//! Paths that are almost one of ours: a path is what it is, byte by byte, and no other way leads to it.

use serde_json::Value;

on_both! {
    async fn only_the_path_itself_leads_there(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let harbour = cloud.organization(&anna).await;
        let ask = async |path: &str, token: &str| {
            let sent = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n");
            cloud.raw(sent).await
        };
        assert_eq!(ask("/api/v1/account", &anna.access).await.status(), 200);
        for path in [
            "/api/v1/account/",
            "//api/v1/account",
            "/api//v1/account",
            "/api/v1/account;x",
            "/api/v1/account;x=/../",
            "/api/v1/account.json",
            "/api/v1/account%00",
            "/api/v1/account%20",
            "/api/v1/account%0d%0aX: y",
            "/api/v1/account%",
            "/api/v1/account%zz",
            "/api/v1/accoun%74",
            "/API/v1/account",
            "/api/v1/Account",
            "/api/v1%2faccount",
            "/api%2Fv1%2Faccount",
            "/api/v1/./account",
            "/api/v1/docs/../account",
            "/api/v1/%2e%2e/v1/account",
            "/..;/api/v1/account",
            "/health/..;/api/v1/account",
            "/api\\v1\\account",
            "/api/v1/account/..",
            "/api/v1/account/%ff",
            "/api/docs/../../../../etc/passwd",
            "/api/docs/..%2f..%2f..%2fetc%2fpasswd",
            "/assets/../Cargo.toml",
            "/assets/..%2fCargo.toml",
            "/assets/%2e%2e%2fstyle.css",
            "/assets/style.css%00.js",
        ] {
            let back = ask(path, &anna.access).await;
            assert!([400, 404].contains(&back.status()), "{path}: {back:?}");
            assert!(!back.0.contains(&anna.email), "{path}");
        }
        // However the id of an organization is written, it is there for its members alone.
        let id = harbour.id.to_string();
        let simple = id.replace('-', "");
        for written in [id.clone(), id.to_uppercase(), simple.clone(), format!("urn:uuid:{id}"), format!("%7B{id}%7D"), id.replacen('-', "%2d", 1)] {
            for rest in ["", "/members", "/keys", "/audit-events"] {
                let path = format!("/api/v1/organizations/{written}{rest}");
                assert!([200, 404].contains(&ask(&path, &anna.access).await.status()), "{path}");
                let back = ask(&path, &eve.access).await;
                assert_eq!(back.status(), 404, "{path}: {back:?}");
            }
        }
        for odd in ["%00", "%ff", "..", "%2e%2e%2f", "'", "%27%20or%201=1--", "-1", "0", "null", "%F0%9F%98%80"] {
            for path in [
                format!("/api/v1/organizations/{odd}/members"),
                format!("{}/members/{odd}", harbour.path),
                format!("{}/agents/{odd}/versions/{odd}", harbour.path),
                format!("/api/v1/agents/{odd}"),
                format!("/api/v1/invitations/{odd}"),
                format!("/invitations/{odd}"),
            ] {
                let back = ask(&path, &anna.access).await;
                assert!([400, 404].contains(&back.status()), "{path}: {back:?}");
            }
        }
    }

    async fn another_host_in_the_request_line_is_nothing(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let sent = format!("GET http://evil.example/api/v1/account HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n", anna.access);
        let back = cloud.raw(sent).await;
        assert_eq!(back.status(), 200);
        assert!(!back.0.contains("evil.example"), "{back:?}");
        let body = back.0.split("\r\n\r\n").nth(1).expect("a body");
        assert_eq!(serde_json::from_str::<Value>(body).unwrap()["email"], anna.email);
    }
}
