//! Every route × every kind of caller, on both databases, against a table that is written by hand.
//!
//! The routes come from the router itself: one without a line in the table fails, and so does a line
//! without a route. A line says what each kind of caller gets; the walk asks, with every id also
//! swapped for another tenant's, and in the end compares that tenant's rows with what they were.

mod account;
mod agents;
mod bodies;
mod callers;
mod dump;
mod invitations;
mod keys;
mod members;
mod oauth;
mod operation;
mod organizations;
mod request;
mod rows;
mod tenant;

use std::collections::BTreeSet;

use reqwest::Method;
use slipway_cloud::endpoints;

use self::callers::{ALL, Kind};
use self::request::Swap;
use self::tenant::Tenant;

/// A route, and what each kind of caller gets: one character each, in the order of [`ALL`].
///
/// `+` done, `u` 401 unauthenticated, `f` 403 forbidden, `s` 403 suspended, `r` 403 to be signed in to anew,
/// `n` 404 not found, `l` 409 the last owner, `g` 400 what the form grants is not good. Spaces are for the eye.
#[derive(Debug, Clone, Copy)]
struct Line {
    method: &'static str,
    path: &'static str,
    /// The scope that a key needs, or `-`.
    scope: &'static str,
    /// The body in JSON, `@archive`, a form after `form:`, or nothing.
    body: &'static str,
    expected: &'static str,
}

const fn line(
    method: &'static str,
    path: &'static str,
    scope: &'static str,
    body: &'static str,
    expected: &'static str,
) -> Line {
    Line {
        method,
        path,
        scope,
        body,
        expected,
    }
}

impl Line {
    fn method(&self) -> Method {
        self.method.parse().expect("a method")
    }

    fn expects(&self, kind: Kind) -> char {
        let mut each = self.expected.chars().filter(|each| *each != ' ');
        each.nth(kind as usize).expect("one for each kind")
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn table() -> Vec<Line> {
    [
        operation::LINES,
        oauth::LINES,
        account::LINES,
        organizations::LINES,
        members::LINES,
        invitations::LINES,
        keys::LINES,
        agents::LINES,
    ]
    .concat()
}

fn got(status: u16, code: &str) -> char {
    match (status, code) {
        (200..=299, _) => '+',
        (401, _) => 'u',
        (403, "suspended") => 's',
        (403, "reauthentication-required") => 'r',
        (403, "forbidden") => 'f',
        (404, _) => 'n',
        (409, "last-owner") => 'l',
        (400, _) => 'g',
        _ => '?',
    }
}

#[test]
fn every_route_has_its_line_and_every_line_its_route() {
    let routes: Vec<String> = endpoints::listed()
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let lines: Vec<String> = table().iter().map(Line::name).collect();
    let (routes, once): (BTreeSet<_>, BTreeSet<_>) = (
        routes.into_iter().collect(),
        lines.iter().cloned().collect(),
    );
    let missing: Vec<_> = routes.difference(&once).collect();
    assert!(missing.is_empty(), "routes without a line: {missing:#?}");
    let stale: Vec<_> = once.difference(&routes).collect();
    assert!(stale.is_empty(), "lines without a route: {stale:#?}");
    assert_eq!(lines.len(), once.len(), "a route has two lines");
    for line in table() {
        let count = line.expected.chars().filter(|each| *each != ' ').count();
        assert_eq!(count, ALL.len(), "{}", line.name());
    }
}

on_both! {
    async fn each_kind_of_caller_gets_what_the_table_says(cloud: &Cloud) {
        let victim = Tenant::new(cloud).await;
        let before = dump::of(cloud, &victim).await;
        let mut wrong = Vec::new();
        let mut asked = 0;
        for line in table() {
            let mut tenant = Tenant::new(cloud).await;
            for kind in ALL {
                let answer = request::send(cloud, &tenant, &line, kind, None).await;
                asked += 1;
                let code = answer.code();
                let (expected, got) = (line.expects(kind), got(answer.status, &code));
                if expected != got {
                    wrong.push(format!("{} by {kind:?}: {got} ({} {code}), not {expected}", line.name(), answer.status));
                }
                if got == '+' && line.method != "GET" {
                    tenant = Tenant::new(cloud).await;
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(dump::of(cloud, &victim).await, before, "another tenant's rows changed");
        println!("{asked} requests, all as the table says");
    }

    async fn another_tenants_ids_are_as_those_that_do_not_exist(cloud: &Cloud) {
        let (victim, tenant) = (Tenant::new(cloud).await, Tenant::new(cloud).await);
        let nowhere = Tenant::nowhere(&tenant);
        let before = dump::of(cloud, &victim).await;
        let mut wrong = Vec::new();
        let mut asked = 0;
        for line in table() {
            for id in request::ids(&line) {
                for kind in ALL {
                    let theirs = Swap { id, from: &victim };
                    let none = Swap { id, from: &nowhere };
                    let theirs = request::send(cloud, &tenant, &line, kind, Some(theirs)).await;
                    let none = request::send(cloud, &tenant, &line, kind, Some(none)).await;
                    asked += 2;
                    let is_same = (theirs.status, &theirs.body, theirs.told()) == (none.status, &none.body, none.told());
                    // A hash that the archive has not is a wrong field, and who is named in a body is no
                    // member; all else is not there.
                    let is_refused = match line.expects(kind) {
                        '+' | 'l' if line.body == "@archive" && id == "content_hash" => theirs.status == 422,
                        '+' | 'l' if line.body.contains(&format!("{{{id}}}")) => theirs.status == 409,
                        '+' | 'l' => theirs.status == 404,
                        _ => (400..500).contains(&theirs.status),
                    };
                    if !is_same || !is_refused {
                        wrong.push(format!("{} by {kind:?} with another's {id}: {} {}, and for none {} {}", line.name(), theirs.status, theirs.text(), none.status, none.text()));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(dump::of(cloud, &victim).await, before, "another tenant's rows changed");
        println!("{asked} requests, 0 leaks");
    }
}
