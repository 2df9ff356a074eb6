//! The tables of who may do what, held against what the server goes by.

use std::fs;
use std::path::Path;

use slipway_cloud::endpoints;
use slipway_cloud::http::access::Access;
use slipway_contract::cloud::{Permission, Role, Scope};

/// The rows of `docs/permissions.md` under this heading, without the table's head.
fn rows(heading: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/permissions.md");
    let text = fs::read_to_string(path).expect("the tables");
    let (_, part) = text
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("there is no {heading:?}"));
    let part = part.split("\n## ").next().unwrap_or_default();
    let rows = part.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(str::to_owned).collect()
}

/// A word as it is written in JSON.
fn word(of: impl serde::Serialize) -> String {
    let word = serde_json::to_value(of).expect("JSON");
    word.as_str().expect("a word").to_owned()
}

#[test]
fn the_table_of_permissions_is_the_one_that_counts() {
    let row = |permission: &Permission| {
        let may = |role: &Role| if role.may(*permission) { "yes" } else { "" };
        let may = Role::ALL.iter().map(may).collect::<Vec<_>>().join(" | ");
        let scope = permission.scope();
        let scope = scope.map_or_else(|| "none".to_owned(), |scope| format!("`{scope}`"));
        format!(
            "| {} | `{}` | {may} | {scope} |",
            permission.what(),
            word(permission)
        )
    };
    let expected: Vec<String> = Permission::ALL.iter().map(row).collect();
    assert_eq!(rows("Roles").join("\n"), expected.join("\n"));
}

#[test]
fn the_table_of_scopes_is_the_one_that_counts() {
    let row = |scope: &Scope| {
        // The account is no organization's.
        let least = match scope {
            Scope::ReadAccount => None,
            scope => Role::ALL.iter().find(|role| scope.is_within(**role)),
        };
        let least = least.map_or("", |role| role.as_str());
        format!("| {} | `{scope}` | {least} |", scope.what())
    };
    let expected: Vec<String> = Scope::ALL.iter().map(row).collect();
    assert_eq!(rows("Keys").join("\n"), expected.join("\n"));
}

#[test]
fn the_list_of_what_needs_a_new_sign_in_is_the_one_that_counts() {
    let mut expected: Vec<String> = Vec::new();
    for route in endpoints::listed() {
        if matches!(
            route.access,
            Access::RecentPerson | Access::RecentOrganization(_)
        ) {
            expected.push(format!("| `{} {}` |", route.method, route.path));
        }
    }
    expected.sort_unstable();
    assert_eq!(
        rows("What needs a new sign-in").join("\n"),
        expected.join("\n")
    );
}
