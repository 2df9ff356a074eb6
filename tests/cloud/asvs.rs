//! The table of what ASVS asks for, held against the tests that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many requirements the chapters V4, V6, V7, V8, V9 and V10 of ASVS 5.0.0 have at levels 1 and 2.
const REQUIREMENTS: [(&str, usize); 6] = [
    ("V4", 10),
    ("V6", 35),
    ("V7", 18),
    ("V8", 7),
    ("V9", 7),
    ("V10", 29),
];

/// The names of all tests in the files of a folder: what `#[test]` and the like stand before, and what `on_both!` runs.
fn tests(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tests(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let mut is_marked = false;
            for line in text.lines().map(str::trim) {
                let name = line
                    .split_once("fn ")
                    .and_then(|(_, rest)| rest.split_once('('));
                match name {
                    Some((name, takes)) if is_marked || takes.starts_with("cloud: &Cloud)") => {
                        into.insert(name.to_owned());
                    }
                    _ => {}
                }
                let is_attribute = line.starts_with("#[") || line.starts_with("//");
                is_marked = line.contains("test]") && is_attribute
                    || line.starts_with("#[tokio::test")
                    || is_marked && is_attribute;
            }
        }
    }
}

#[test]
fn every_requirement_has_its_row_and_every_row_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut known = BTreeSet::new();
    for folder in ["tests/cloud", "cloud/src", "crates/cloud-client"] {
        tests(&root.join(folder), &mut known);
    }
    let table = fs::read_to_string(root.join("docs/security/asvs.md")).expect("the table");
    let mut ids = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| V")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, named, _, here, shown, _] = *cells else {
            panic!("not four cells: {row}");
        };
        for id in named.split(", ") {
            assert!(ids.insert(id.to_owned()), "{id} has two rows");
        }
        if here.starts_with("n/a: ") && shown.is_empty() {
            continue;
        }
        for test in shown.split(", ").map(|name| name.trim_matches('`')) {
            assert!(known.contains(test), "{named}: there is no test {test}");
        }
    }
    for (chapter, count) in REQUIREMENTS {
        let start = format!("{chapter}.");
        let rows = ids.iter().filter(|id| id.starts_with(&start)).count();
        assert_eq!(rows, count, "{chapter}");
    }
}
