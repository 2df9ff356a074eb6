//! Every route that takes a body × every body that nobody should send: refused, and nothing changes.

use serde_json::{Map, Value, json};
use slipway_contract::cloud::ProblemCode;

use super::callers::{ALL, Kind};
use super::request::{FORM, begun, filled};
use super::tenant::{Archive, Tenant};
use super::{Line, dump, table};
use crate::kit::Answer;

const JSON: &str = "application/json";

/// What the server alone says of what it keeps.
const ITS_OWN: &[&str] = &[
    "id",
    "account",
    "account_id",
    "created_at",
    "created_by",
    "email",
    "email_verified_at",
    "expires_at",
    "hash",
    "invited_by",
    "is_operator",
    "organization",
    "organization_id",
    "owner",
    "password_hash",
    "private_to",
    "revision",
    "revoked_at",
    "role",
    "suspended_at",
    "__proto__",
];

/// The lines whose body is in JSON, and who may send one that is right.
fn lines() -> Vec<(Line, Kind)> {
    let mut lines = table();
    lines.retain(|line| line.body.starts_with('{'));
    let may = |line: &Line| ALL.into_iter().find(|kind| line.expects(*kind) == '+');
    let lines = lines.into_iter();
    lines
        .map(|line| (line, may(&line).unwrap_or(Kind::Owner)))
        .collect()
}

/// A body that is not as it should be: its type, its bytes, and what it is refused with.
fn wrong(body: &str) -> Vec<(&'static str, Vec<u8>, ProblemCode)> {
    use ProblemCode::{Invalid, Malformed, TooLarge, UnsupportedMediaType};
    let object: Map<String, Value> = serde_json::from_str(body).expect("an object");
    let text = object.iter().find(|(_, value)| value.is_string());
    let mut wrong = vec![
        ("text/plain", body.into(), UnsupportedMediaType),
        (FORM, body.into(), UnsupportedMediaType),
        ("application/json-patch", body.into(), UnsupportedMediaType),
        (JSON, Vec::new(), Malformed),
        (JSON, body[..body.len() - 1].into(), Malformed),
        (JSON, format!("{body} {body}").into(), Malformed),
        (JSON, format!("\u{FEFF}{body}").into(), Malformed),
        (JSON, format!("[{body}]").into(), Invalid),
        (JSON, "null".into(), Invalid),
        (JSON, "{\"a\":".repeat(40_000).into(), Invalid),
        (JSON, "[".repeat(200_000).into(), Invalid),
        (
            JSON,
            format!("{{\"{}\":0}}", "a".repeat(300_000)).into(),
            TooLarge,
        ),
        (JSON, b"{\"\xff\":0}".into(), Malformed),
        (JSON, b"{\"\0\":0}".into(), Malformed),
        (JSON, br#"{"\u0000":0}"#.into(), Malformed),
    ];
    if let Some((name, value)) = text {
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let (start, end) = (format!("{{\"{name}\":"), &body[1..]);
        wrong.extend([
            (JSON, format!("{start}{value},{end}").into(), Invalid),
            (JSON, format!("{start}{deep}}}").into(), Invalid),
            (JSON, format!("{start}\"\\u0000\"}}").into(), Malformed),
            (JSON, format!("{start}\"\\ud800\"}}").into(), Invalid),
            (
                JSON,
                [start.as_bytes(), b"\"\xc3\x28\"}"].concat(),
                Malformed,
            ),
        ]);
    }
    wrong
}

/// What is not as it should be in an answer that refuses.
fn complaint(answer: &Answer, code: ProblemCode) -> Option<String> {
    let is_it = (answer.status, &*answer.code()) == (code.status(), code.as_str());
    let leak = answer.leak();
    (!is_it || leak.is_some()).then(|| {
        let text: String = answer.text().chars().take(300).collect();
        format!(
            "{} and not {code:?}, leaking {leak:?}: {text}",
            answer.status
        )
    })
}

on_both! {
    async fn wrong_bodies_are_refused_and_change_nothing(cloud: &Cloud) {
        let tenant = Tenant::new(cloud).await;
        let (before, upload) = (dump::of(cloud, &tenant).await, Archive::saying("Another."));
        let (mut complaints, mut asked) = (Vec::new(), 0);
        for (line, kind) in lines() {
            let (path, body) = filled(&tenant, &line, kind, None, &upload);
            for (media, bytes, code) in wrong(&body) {
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
                let ask = begun(cloud, &tenant, &line, kind, &path).await;
                let answer = ask.body(media, bytes).send().await;
                asked += 1;
                let complaint = complaint(&answer, code);
                complaints.extend(complaint.map(|what| format!("{} {media} {start:?}: {what}", line.name())));
            }
        }
        assert!(complaints.is_empty(), "{} of {asked}:\n{}", complaints.len(), complaints.join("\n"));
        assert_eq!(dump::of(cloud, &tenant).await, before);
    }

    async fn fields_that_nobody_may_set_are_refused(cloud: &Cloud) {
        let tenant = Tenant::new(cloud).await;
        let (before, upload) = (dump::of(cloud, &tenant).await, Archive::saying("Another."));
        let (mut complaints, mut asked) = (Vec::new(), 0);
        for (line, kind) in lines() {
            let (path, body) = filled(&tenant, &line, kind, None, &upload);
            let object: Map<String, Value> = serde_json::from_str(&body).expect("an object");
            for field in ITS_OWN.iter().filter(|field| !object.contains_key(**field)) {
                let mut object = object.clone();
                object.insert((*field).to_owned(), json!(tenant.owner.id));
                let ask = begun(cloud, &tenant, &line, kind, &path).await;
                let answer = ask.json(&Value::Object(object)).send().await;
                asked += 1;
                let complaint = complaint(&answer, ProblemCode::Invalid);
                let complaint = complaint.or_else(|| {
                    let is_named = answer.read::<Value>()["errors"][0]["at"] == **field;
                    (!is_named).then(|| answer.text())
                });
                complaints.extend(complaint.map(|what| format!("{} {field}: {what}", line.name())));
            }
        }
        assert!(complaints.is_empty(), "{} of {asked}:\n{}", complaints.len(), complaints.join("\n"));
        assert_eq!(dump::of(cloud, &tenant).await, before);
    }

    async fn wrong_forms_are_refused(cloud: &Cloud) {
        let (tenant, upload) = (Tenant::new(cloud).await, Archive::saying("Another."));
        let mut lines = table();
        lines.retain(|line| line.body.starts_with("form:"));
        assert!(!lines.is_empty());
        for line in lines {
            let (path, body) = filled(&tenant, &line, Kind::Nobody, None, &upload);
            let form = body.strip_prefix("form:").expect("a form");
            for (media, text) in [
                (JSON, "{}".to_owned()),
                ("text/plain", form.to_owned()),
                ("multipart/form-data; boundary=a", form.to_owned()),
                (FORM, format!("{form}&client_id=slipway-cli")),
                (FORM, format!("{form}&a=%00")),
                (FORM, format!("{form}&a=%ff")),
                (FORM, format!("{form}&a={}", "a".repeat(300_000))),
            ] {
                let ask = begun(cloud, &tenant, &line, Kind::Nobody, &path).await;
                let answer = ask.body(media, text.clone()).send().await;
                let text: String = text.chars().take(200).collect();
                assert!((400..500).contains(&answer.status), "{} {media} {text}: {answer:?}", line.name());
                assert_eq!(answer.leak(), None);
            }
        }
    }
}
