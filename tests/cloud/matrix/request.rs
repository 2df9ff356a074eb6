//! A line of the table as a request.

use super::Line;
use super::callers::Kind;
use super::tenant::{Archive, Tenant};
use crate::kit::{Answer, Ask, Cloud};

/// The type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// An id that is taken from elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swap<'a> {
    pub id: &'static str,
    pub from: &'a Tenant,
}

const IDS: &[&str] = &[
    "organization",
    "account",
    "invitation",
    "key",
    "agent",
    "token",
    "content_hash",
    "member",
    "session",
    "passkey",
];

/// The ids that a route takes, in its path and its body.
pub(super) fn ids(line: &Line) -> Vec<&'static str> {
    let has = |id: &&str| {
        let hole = format!("{{{id}}}");
        line.path.contains(&hole) || line.body.contains(&hole)
    };
    IDS.iter().copied().filter(has).collect()
}

fn value(id: &str, line: &Line, kind: Kind, tenant: &Tenant, upload: &Archive) -> String {
    let is_organizations = line.path.contains("{organization}");
    match id {
        "organization" => tenant.organization.to_string(),
        "account" | "member" => tenant.member.id.to_string(),
        "invitation" => tenant.invitation.to_string(),
        "key" if is_organizations => tenant.key.id.to_string(),
        "key" => kind.person(tenant).key.id.to_string(),
        "agent" if is_organizations => tenant.agent.to_string(),
        "agent" => kind.person(tenant).agent.to_string(),
        "session" => kind.person(tenant).session.to_string(),
        "passkey" => kind.person(tenant).passkey.to_string(),
        "token" => tenant.token.clone(),
        "content_hash" if line.body == "@archive" => upload.hash.to_string(),
        _ => tenant.archive.hash.to_string(),
    }
}

/// The path and the body of a line for what is the tenant's or, where one id is swapped, another's.
pub(super) fn filled(
    tenant: &Tenant,
    line: &Line,
    kind: Kind,
    swap: Option<Swap<'_>>,
    upload: &Archive,
) -> (String, String) {
    let (mut path, mut body) = (line.path.to_owned(), line.body.to_owned());
    for id in ids(line) {
        let value = match swap {
            Some(swap) if swap.id == "content_hash" && id == swap.id => {
                swap.from.archive.hash.to_string()
            }
            Some(swap) if swap.id == id => value(id, line, kind, swap.from, upload),
            _ => value(id, line, kind, tenant, upload),
        };
        let hole = format!("{{{id}}}");
        (path, body) = (path.replace(&hole, &value), body.replace(&hole, &value));
    }
    (path, body)
}

/// A request as this kind of caller, without its body.
pub(super) async fn begun(
    cloud: &Cloud,
    tenant: &Tenant,
    line: &Line,
    kind: Kind,
    path: &str,
) -> Ask {
    let mut ask = cloud.ask(line.method(), path);
    ask = ask.header("x-request-id", "the-same-each-time");
    if let Some(token) = kind.token(cloud, tenant, line.scope).await {
        ask = ask.token(&token);
    }
    if line.method == "PATCH" {
        ask = ask.header("if-match", "*");
    }
    ask
}

/// Asks as this kind of caller, for what is the tenant's or, where one id is swapped, another's.
pub(super) async fn send(
    cloud: &Cloud,
    tenant: &Tenant,
    line: &Line,
    kind: Kind,
    swap: Option<Swap<'_>>,
) -> Answer {
    let upload = Archive::saying("Another version.");
    let (path, body) = filled(tenant, line, kind, swap, &upload);
    let ask = begun(cloud, tenant, line, kind, &path).await;
    if let Some(form) = body.strip_prefix("form:") {
        return ask.body(FORM, form.to_owned()).send().await;
    }
    match body.as_str() {
        "" => ask.send().await,
        "@archive" => ask.body("application/zip", upload.bytes).send().await,
        _ => ask.body("application/json", body).send().await,
    }
}
