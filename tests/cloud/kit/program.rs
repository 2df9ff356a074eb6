//! Programs that people sign in with, through the pages and endpoints that real ones use.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use slipway_cloud::http::origin::Origin;
use slipway_cloud::people::browsers;
use slipway_cloud::seal::fingerprint;

use super::person::CLIENT;
use super::{Answer, Browser, Cloud, Person};

/// What a program keeps to itself.
pub const VERIFIER: &str = "a-verifier-that-nobody-else-knows-and-is-long-enough";
/// Where the tests' programs listen.
pub const REDIRECT: &str = "http://127.0.0.1:47110/callback";

/// What is made of a verifier.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(fingerprint(verifier))
}

/// What a program asks for, with some of it changed: an empty value is left out.
pub fn asking(changes: &[(&str, &str)]) -> String {
    let challenge = challenge(VERIFIER);
    let mut fields = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("state", "a state & more"),
        ("device_name", "Anna's laptop"),
    ]);
    fields.extend(changes.iter().copied());
    let query = fields.iter().filter(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("/oauth/authorize?{query}")
}

/// What an answer brings to the address of a program.
#[track_caller]
pub fn callback(answer: &Answer, address: &str) -> BTreeMap<String, String> {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location");
    let query = location
        .strip_prefix(address)
        .and_then(|rest| rest.strip_prefix('?'))
        .unwrap_or_else(|| panic!("{location} does not lead to {address}"));
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// What a program was given.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    /// Those of an answer, which holds nothing else.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        let body: BTreeMap<String, Value> = answer.read();
        let names: Vec<&str> = body.keys().map(|name| &**name).collect();
        assert_eq!(
            names,
            ["access_token", "expires_in", "refresh_token", "token_type"]
        );
        assert_eq!(
            (&body["token_type"], &body["expires_in"]),
            (&"Bearer".into(), &900.into())
        );
        let text = |name: &str| body[name].as_str().expect("a text").to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

impl Answer {
    /// Refused by the rules of OAuth, with this code.
    #[track_caller]
    pub fn denied(&self, code: &str) {
        assert_eq!(self.status, 400, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("cache-control"), "no-store");
        let body: Value = self.read();
        assert_eq!(body["error"], code, "{body}");
        assert!(body["error_description"].is_string(), "{body}");
    }
}

impl Browser<'_> {
    /// Opens what a program asks for and says yes or no on the page that comes.
    pub async fn answer(&mut self, asking: &str, verdict: &str) -> Answer {
        self.open(asking).await.is(200);
        let asked = self.hidden("asked");
        let fields = [("asked", &*asked), ("verdict", verdict)];
        self.post("/oauth/consent", &fields).await
    }

    /// The code that a program gets.
    pub async fn code(&mut self, changes: &[(&str, &str)]) -> String {
        let answer = self.answer(&asking(changes), "allow").await;
        let address = changes.iter().find(|(name, _)| *name == "redirect_uri");
        let address = address.map_or(REDIRECT, |(_, address)| address);
        callback(&answer, address).remove("code").expect("a code")
    }
}

impl Cloud {
    /// A browser in which somebody is signed in.
    pub async fn browser_of(&self, person: &Person) -> Browser<'_> {
        let origin = Origin {
            address: "127.0.0.1".to_owned(),
            agent: "a browser".to_owned(),
            request: "a request".to_owned(),
        };
        let on = self.server.database.read();
        let begun = browsers::begin(&self.server, on, person.id, &origin).await;
        let (_, cookie) = begun.expect("a session");
        let mut browser = self.browser();
        browser
            .cookies
            .insert("slipway".to_owned(), cookie.expose().clone());
        browser
    }

    /// What a program sends for tokens, with some of it changed: an empty value is left out.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let mut all = BTreeMap::from([("client_id", CLIENT)]);
        all.extend(fields.iter().copied());
        let all: Vec<_> = all
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        self.post("/oauth/token").form(&all).send().await
    }

    /// Shows a code as the program does that asked for it, with some of it changed.
    pub async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let mut fields = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ]);
        fields.extend(changes.iter().copied());
        let fields: Vec<_> = fields.into_iter().collect();
        self.token(&fields).await
    }

    /// Shows a refresh token.
    pub async fn refresh(&self, token: &str) -> Answer {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token(&fields).await
    }

    /// Gives a token back.
    pub async fn revoke(&self, token: &str) -> Answer {
        let fields = [("client_id", CLIENT), ("token", token)];
        self.post("/oauth/revoke").form(&fields).send().await
    }

    /// Signs somebody's program in as they would: through the pages of their browser.
    pub async fn sign_in(&self, person: &Person) -> Tokens {
        let code = self.browser_of(person).await.code(&[]).await;
        Tokens::of(&self.redeem(&code, &[]).await)
    }

    /// Whether requests take a token.
    pub async fn takes(&self, access: &str) -> bool {
        let answer = self.get("/api/v1/account").token(access).send().await;
        assert!(
            [200, 401, 403].contains(&answer.status),
            "{}",
            answer.text()
        );
        answer.status == 200
    }
}
