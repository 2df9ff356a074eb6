//! Texts that would become headers of a mail, or other people's addresses in it.

use serde_json::json;
use slipway_cloud::mail;
use slipway_contract::cloud::ProblemCode;

/// Texts with a character that no line has.
const BROKEN: [&str; 9] = [
    "Anna\r\nBcc: eve@example.com",
    "Anna\nBcc: eve@example.com",
    "Anna\rBcc: eve@example.com",
    "Anna\u{85}Bcc: eve@example.com",
    "Anna\u{2028}Bcc: eve@example.com",
    "Anna\u{2029}Bcc: eve@example.com",
    "Anna\u{b}Bcc",
    "Anna\u{1b}[2J",
    "Anna\u{202e}moc.elpmaxe",
];

/// What is no address, or more than one.
const ADDRESSES: [&str; 12] = [
    "anna@example.com\r\nBcc: eve@example.com",
    "anna@example.com\nBcc: eve@example.com",
    "anna@example.com%0d%0aBcc:eve@example.com\r\n",
    "anna@example.com, eve@example.com",
    "anna@example.com;eve@example.com",
    "anna@example.com eve@example.com",
    "<eve@example.com>anna@example.com",
    "Anna <anna@example.com>",
    "\"a\r\nBcc: eve\"@example.com",
    "anna@example.com\u{2028}",
    "anna@exa\u{0}mple.com",
    "@example.com",
];

on_both! {
    async fn what_would_break_a_line_is_refused_wherever_mail_takes_it_from(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        let invitations = format!("{}/invitations", harbour.path);
        for name in BROKEN {
            for path in ["/api/v1/account", &harbour.path] {
                let change = cloud.patch(path).by(&anna).header("if-match", "*").json(&json!({"name": name}));
                change.send().await.refused(ProblemCode::Invalid);
            }
            cloud.post("/api/v1/organizations").by(&anna).json(&json!({"name": name})).send().await.refused(ProblemCode::Invalid);
        }
        for email in ADDRESSES {
            let invite = cloud.post(&invitations).by(&anna).json(&json!({"email": email, "role": "viewer"}));
            let answer = invite.send().await;
            assert!([400, 422].contains(&answer.status), "{email:?}: {}", answer.text());
            for path in ["/register", "/forgot"] {
                let mut browser = cloud.browser();
                browser.open(path).await.is(200);
                let page = browser.post(path, &[("email", email)]).await;
                assert!([400, 422].contains(&page.status), "{path} {email:?}: {}", page.text());
            }
        }
        assert!(cloud.letters().await.is_empty());
    }

    async fn what_looks_like_a_header_stays_in_its_place(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let harbour = cloud.organization(&anna).await;
        for name in ["Bcc: eve@example.com", "=?utf-8?q?=0d=0aBcc:_eve@example.com?=", "<eve@example.com>", "%0d%0aBcc: eve@example.com", "a\\r\\nBcc: b"] {
            for path in ["/api/v1/account", &harbour.path] {
                let change = cloud.patch(path).by(&anna).header("if-match", "*").json(&json!({"name": name}));
                change.send().await.is(200);
            }
            let email = format!("bert{}@example.com", name.len());
            let invite = cloud.post(&format!("{}/invitations", harbour.path)).by(&anna);
            invite.json(&json!({"email": email, "role": "viewer"})).send().await.is(201);
            mail::due(&cloud.server).await.unwrap();
            let letters = cloud.carried();
            let letter = letters.iter().find(|letter| letter.contains(&format!("To: {email}\r\n"))).expect("a letter");
            let (head, _) = letter.split_once("\r\n\r\n").expect("headers and a text");
            // A line that begins with a space goes on with the one before it.
            let names: Vec<&str> = head.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap_or_default()).collect();
            for once in ["To", "From", "Subject"] {
                assert_eq!(names.iter().filter(|name| **name == once).count(), 1, "{head}");
            }
            assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc") || name.eq_ignore_ascii_case("cc")), "{head}");
        }
    }
}
