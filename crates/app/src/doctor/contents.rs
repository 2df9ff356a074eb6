//! The contents beside the database.

use std::collections::BTreeSet;
use std::fmt::Display;

use slipway_store::{ContentDamage, ContentFault, Contents};

use super::{Check, Health, broken};
use crate::App;
use crate::problem::from_store;

const NAME: &str = "stored contents";
/// The most contents, runs or versions that are told one by one.
const MOST_TOLD: usize = 8;

pub(super) async fn contents(app: &App) -> Vec<Check> {
    match app.store().check_contents().await {
        Ok(found) => told(&found),
        Err(error) => vec![broken(NAME, from_store(&error))],
    }
}

fn told(found: &Contents) -> Vec<Check> {
    let mut checks = Vec::new();
    if found.faults.is_empty() {
        let whole = match found.named {
            0 => "none yet".to_owned(),
            1 => "1 is whole".to_owned(),
            some => format!("all {some} are whole"),
        };
        checks.push(Check::new(NAME, Health::Good, whole));
    } else {
        let many = found.faults.len();
        let found = format!("{many} of {} cannot be used", found.named);
        checks.push(Check::new(NAME, Health::Broken, found).help(
            "Whatever needs them says so and fails; everything else works. What to do about each is said with it.",
        ));
    }
    checks.extend(found.faults.iter().take(MOST_TOLD).map(fault));
    if let more @ 1.. = found.faults.len().saturating_sub(MOST_TOLD) {
        let also = format!("and {more} more");
        checks.push(Check::new("stored content", Health::Broken, also));
    }
    if let (files @ 1.., bytes) = found.orphans {
        let (them, they) = match files {
            1 => ("1 file", "it takes"),
            _ => (&*format!("{files} files"), "they take"),
        };
        let found = format!(
            "{them} that nothing names, left by a write that was cut off or by a restore; {they} {} KiB and no harm is in that",
            bytes.div_ceil(1024)
        );
        checks.push(Check::new(NAME, Health::Good, found));
    }
    checks
}

fn fault(fault: &ContentFault) -> Check {
    let place = fault.path.display();
    let what = match &fault.damage {
        ContentDamage::Missing => "is missing".to_owned(),
        ContentDamage::Changed => "was changed: it is not what its name says".to_owned(),
        ContentDamage::Unreadable(why) => format!("cannot be read ({why})"),
    };
    let runs: BTreeSet<String> = fault.runs.iter().map(|run| run.short()).collect();
    let versions: BTreeSet<String> = fault.versions.iter().map(|it| it.short()).collect();
    let whose: Vec<String> = [named("the run", &runs), named("the version", &versions)]
        .into_iter()
        .flatten()
        .collect();
    let whose = match whose.as_slice() {
        [] => String::new(),
        some => format!("; it is part of {}", some.join(" and ")),
    };
    let help = match &fault.copy {
        Some(copy) => format!(
            "A snapshot has it whole. Put it back: cp {} {}",
            quoted(copy.display()),
            quoted(&place)
        ),
        None if fault.versions.is_empty() => {
            "No snapshot has it. Put that file back from a copy of your own; without it these runs cannot be shown or taken up again.".to_owned()
        }
        None => {
            "No snapshot has it. Put that file back from a copy of your own, or save the agent again where its folder still has it: slipway agents save NAME.".to_owned()
        }
    };
    let found = format!("{place} {what}{whose}");
    Check::new("stored content", Health::Broken, found).help(help)
}

/// `the run 1a2b3c4`, `the runs 1a2b3c4, 5d6e7f8 and 3 more`.
fn named(what: &str, names: &BTreeSet<String>) -> Option<String> {
    let shown: Vec<&str> = names.iter().take(MOST_TOLD).map(String::as_str).collect();
    let more = match names.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match shown.as_slice() {
        [] => None,
        [one] => Some(format!("{what} {one}")),
        some => Some(format!("{what}s {}{more}", some.join(", "))),
    }
}

/// As a shell takes it for one word.
fn quoted(path: impl Display) -> String {
    format!("'{}'", path.to_string().replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use slipway_contract::{ContentHash, RunId};

    use super::*;

    fn a_fault(copy: Option<&str>) -> ContentFault {
        ContentFault {
            hash: ContentHash::from_bytes([1; 32]),
            path: "/home/blobs/01/01".into(),
            damage: ContentDamage::Missing,
            runs: vec![RunId::from_random([0xab; 10])],
            versions: Vec::new(),
            copy: copy.map(Into::into),
        }
    }

    #[test]
    fn a_fault_names_its_run_and_the_way_back() {
        let check = fault(&a_fault(Some("/home/it's/01")));
        assert_eq!(
            check.found,
            "/home/blobs/01/01 is missing; it is part of the run abababa"
        );
        assert_eq!(
            check.help.as_deref(),
            Some(
                "A snapshot has it whole. Put it back: cp '/home/it'\\''s/01' '/home/blobs/01/01'"
            )
        );
        let without = fault(&a_fault(None)).help.unwrap_or_default();
        assert!(without.contains("No snapshot has it"), "{without}");
    }

    #[test]
    fn many_faults_are_counted_and_some_are_told() {
        let found = Contents {
            named: 30,
            faults: vec![a_fault(None); 20],
            orphans: (2, 3_000),
        };
        let checks = told(&found);
        assert_eq!(checks[0].found, "20 of 30 cannot be used");
        assert_eq!(checks.len(), 1 + MOST_TOLD + 2);
        assert_eq!(checks[MOST_TOLD + 1].found, "and 12 more");
        let orphans = checks.last().unwrap();
        assert_eq!(orphans.health, Health::Good);
        assert!(orphans.found.starts_with("2 files that nothing names"));
    }
}
