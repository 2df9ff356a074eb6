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

/// The names of all functions in the files of a folder.
fn functions(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            functions(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let names = text.split("fn ").skip(1);
            into.extend(names.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
}

#[test]
fn every_requirement_has_its_row_and_every_row_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut known = BTreeSet::new();
    functions(&root.join("tests/cloud"), &mut known);
    functions(&root.join("cloud/src"), &mut known);
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
        let tests: Vec<&str> = shown
            .split(", ")
            .map(|name| name.trim_matches('`'))
            .collect();
        if here.starts_with("n/a: ") && shown.is_empty() {
            continue;
        }
        for test in tests {
            assert!(known.contains(test), "{named}: there is no test {test}");
        }
    }
    for (chapter, count) in REQUIREMENTS {
        let start = format!("{chapter}.");
        let rows = ids.iter().filter(|id| id.starts_with(&start)).count();
        assert_eq!(rows, count, "{chapter}");
    }
}
