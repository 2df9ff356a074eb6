//! Tokens that this server did not give, or that come where none is taken.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use slipway_cloud::tables::signing_keys;
use tokio::net::TcpListener;

use crate::kit::{Cloud, Person};

/// A key of somebody else's: that of RFC 8037, appendix A.
const THEIRS: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const THEIR_PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A private key of these bytes, as PKCS #8 writes it (RFC 8410, section 7).
fn private(seed: &[u8]) -> EncodingKey {
    let start = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    EncodingKey::from_ed_der(&[start, seed].concat())
}

/// The server's own private key, as only who has its database and its secret can read it.
async fn own(cloud: &Cloud) -> EncodingKey {
    let server = &cloud.server;
    let rows = signing_keys::current(server.database.read(), server.clock.now()).await;
    let row = rows.expect("keys").remove(0);
    let seed = server
        .sealer
        .open("signing key", row.id.as_bytes(), &row.sealed);
    private(&seed.expect("a seed"))
}

fn part(token: &str, at: usize) -> Value {
    let text = token.split('.').nth(at).expect("a part");
    let text = URL_SAFE_NO_PAD.decode(text).expect("base64");
    serde_json::from_slice(&text).expect("JSON")
}

fn written(header: &Value, claims: &Value, key: &EncodingKey, how: Algorithm) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let text = format!("{header}.{claims}");
    let signature = crypto::sign(text.as_bytes(), key, how).expect("a signature");
    format!("{text}.{signature}")
}

/// A part of a token with some of it changed; what becomes null is left out.
fn with(part: &Value, changes: &Value) -> Value {
    let mut part = part.clone();
    for (name, value) in changes.as_object().expect("changes") {
        let object = part.as_object_mut().expect("an object");
        match value {
            Value::Null => drop(object.remove(name)),
            value => drop(object.insert(name.clone(), value.clone())),
        }
    }
    part
}

async fn status(cloud: &Cloud, token: &str) -> u16 {
    let answer = cloud.get("/api/v1/account").token(token).send().await;
    assert_eq!(answer.leak(), None);
    answer.status
}

/// What a token of this person's is made of.
fn parts(person: &Person) -> (Value, Value) {
    (part(&person.access, 0), part(&person.access, 1))
}

on_both! {
    async fn tokens_that_bring_their_own_key_are_nothing(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let (header, claims) = parts(&anna);
        let own = own(cloud).await;
        assert_eq!(status(cloud, &written(&header, &claims, &own, Algorithm::EdDSA)).await, 200);
        let keys = cloud.get("/.well-known/jwks.json").send().await.is(200);
        let public = keys.read::<Value>()["keys"][0]["x"].as_str().unwrap().to_owned();
        // The public key as the secret of another algorithm.
        let secrets = [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).unwrap(), keys.body.clone(), Vec::new()];
        for secret in secrets {
            for (name, how) in [("HS256", Algorithm::HS256), ("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
                let key = EncodingKey::from_secret(&secret);
                for alg in [name, "EdDSA", "eddsa", "none"] {
                    let header = with(&header, &json!({"alg": alg}));
                    assert_eq!(status(cloud, &written(&header, &claims, &key, how)).await, 401, "{header}");
                }
            }
        }
        // Their key, which the header names or brings along.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys.json", listener.local_addr().unwrap());
        let theirs = private(&URL_SAFE_NO_PAD.decode(THEIRS).unwrap());
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": THEIR_PUBLIC, "kid": header["kid"], "alg": "EdDSA", "use": "sig"});
        for changes in [
            json!({}),
            json!({"jwk": jwk}),
            json!({"jwk": jwk, "kid": null}),
            json!({"jku": url}),
            json!({"x5u": url, "x5c": [THEIR_PUBLIC]}),
            json!({"kid": url}),
            json!({"kid": null}),
            json!({"kid": ""}),
            json!({"kid": 1}),
            json!({"kid": "../../../../dev/null"}),
            json!({"kid": "/proc/self/environ"}),
            json!({"kid": "' or 1=1 --"}),
            json!({"kid": "\u{0}"}),
            json!({"kid": "%00"}),
            json!({"kid": "k".repeat(2000)}),
            json!({"kid": header["kid"], "alg": ["EdDSA", "none"]}),
        ] {
            let token = written(&with(&header, &changes), &claims, &theirs, Algorithm::EdDSA);
            assert_eq!(status(cloud, &token).await, 401, "{changes}");
        }
        let asked = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
        assert!(asked.is_err(), "the server asked where a token told it to");
    }

    async fn made_up_keys_do_not_keep_a_copy_from_the_next_real_one(cloud: &Cloud) {
        let (anna, other) = (cloud.person("anna").await, cloud.restarted().await);
        // Its key signs no more, and nothing that it signed is taken.
        cloud.clock.forward(32 * 24 * 3600);
        for _ in 0..4 {
            assert_eq!(status(&other, &anna.access).await, 401);
        }
        let anna = anna.again(&cloud.server).await;
        for _ in 0..4 {
            assert_eq!(status(&other, &anna.access).await, 200);
        }
        other.stop().await;
    }

    async fn a_text_that_the_server_signed_for_something_else_is_no_token(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let (header, claims) = parts(&anna);
        let own = own(cloud).await;
        let now = cloud.server.clock.now().seconds();
        for changes in [json!({"typ": "JWT"}), json!({"typ": null}), json!({"typ": "AT+JWT+x"}), json!({"crit": ["exp"]}), json!({"crit": []}), json!({"alg": "none"}), json!({"alg": "ES256"})] {
            let token = written(&with(&header, &changes), &claims, &own, Algorithm::EdDSA);
            assert_eq!(status(cloud, &token).await, 401, "{changes}");
        }
        for (changes, expected) in [
            (json!({}), 200),
            (json!({"iss": "https://evil.example"}), 401),
            (json!({"iss": format!("{}/", cloud.server.config.public_url)}), 401),
            (json!({"aud": "https://evil.example"}), 401),
            (json!({"aud": null}), 401),
            (json!({"iss": null}), 401),
            (json!({"sub": null}), 401),
            (json!({"sub": eve.id}), 401),
            (json!({"sid": eve.session}), 401),
            (json!({"exp": null}), 401),
            (json!({"exp": now}), 401),
            (json!({"exp": now + 1}), 200),
            (json!({"exp": -1}), 401),
            (json!({"exp": "9999999999"}), 401),
            (json!({"exp": 1e300}), 401),
            // Another copy's clock may be a little ahead.
            (json!({"iat": now + 5}), 200),
            (json!({"iat": now + 6}), 401),
        ] {
            let token = written(&header, &with(&claims, &changes), &own, Algorithm::EdDSA);
            assert_eq!(status(cloud, &token).await, expected, "{changes}");
        }
    }

    async fn a_token_is_taken_from_one_place_alone(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let (path, token) = ("/api/v1/account", &anna.access);
        let with = |value: &str| cloud.get(path).header("authorization", value).send();
        for scheme in ["Bearer", "bearer", "BEARER"] {
            with(&format!("{scheme} {token}")).await.is(200);
        }
        for value in [
            "",
            "Bearer",
            "Bearer ",
            token,
            &format!("Bearer{token}"),
            &format!("Bearer\t{token}"),
            &format!("Bearer {token} {token}"),
            &format!("Bearer {token},{token}"),
            &format!("Bearer \"{token}\""),
            &format!("Basic {token}"),
            &format!("Token {token}"),
            &format!("Bearer {}", &token[..token.len() - 1]),
            &format!("Bearer {token}a"),
            &format!("Bearer {token}."),
            &format!("Bearer {}", token.to_lowercase()),
            &format!("Bearer {}", anna.refresh),
            &format!("Bearer {}", "a".repeat(60_000)),
            &format!("Bearer slk_{}", "a".repeat(60_000)),
            "Bearer slk_' or 1=1 --",
            "Bearer ..",
            "Bearer e30.e30.e30",
        ] {
            let answer = with(value).await.is(401);
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
            assert_eq!(answer.leak(), None);
        }
        // Of two, nobody knows which one counts.
        for other in [token, "garbage"] {
            cloud.get(path).token(token).token(other).send().await.is(401);
        }
        for query in ["access_token", "token", "authorization", "api_key"] {
            cloud.get(&format!("{path}?{query}={token}")).send().await.is(401);
            cloud.get(path).header("cookie", &format!("{query}={token}; slipway-session={token}")).send().await.is(401);
            cloud.post("/api/v1/organizations").form(&[(query, token), ("name", "a")]).send().await.is(401);
        }
        for header in ["x-api-key", "x-access-token", "x-authorization", "proxy-authorization", "x-forwarded-user", "x-remote-user"] {
            cloud.get(path).header(header, &format!("Bearer {token}")).send().await.is(401);
        }
        // Nor is one of these good for what another is for.
        let renew = [("grant_type", "refresh_token"), ("client_id", "slipway-desktop"), ("refresh_token", &**token)];
        cloud.post("/oauth/token").form(&renew).send().await.is(400);
        cloud.get("/account").token(token).send().await.is(303);
    }
}
