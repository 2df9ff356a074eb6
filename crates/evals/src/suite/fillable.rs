//! Whether what is expected can still be judged when the variables' values stand in it.

use slipway_agent::package::document::{Reader, Section};

use super::case::Case;
use super::variables::{Texts as _, Variables, fill, names};
use crate::assertion::Expectation;

/// How many times a suite's expectations are filled in to see; what is beyond shows when it is
/// judged.
pub(super) const TRIED: usize = 1_000;
/// Findings of one case.
const TOLD: usize = 5;

/// Reports rows whose values make a JSONPath, a schema or a regular expression none. `left` is how
/// many times may still be tried.
pub(super) fn check(reader: &mut Reader<'_>, section: &Section<'_>, case: &Case, left: &mut usize) {
    if *left == 0 {
        return;
    }
    let filled_in: Vec<&Expectation> = case
        .expect
        .iter()
        .filter(|one| has_variables(one))
        .collect();
    if filled_in.is_empty() {
        return;
    }
    let mut told = 0;
    // Without a table the case's own variables are all.
    let no_row = case.rows.is_empty().then_some(None);
    for row in no_row.into_iter().chain(case.rows.iter().map(Some)) {
        let mut values: Variables = case.variables.clone();
        values.extend(row.map(|row| row.values.clone()).unwrap_or_default());
        for expectation in &filled_in {
            if *left == 0 || told == TOLD {
                return;
            }
            *left -= 1;
            let mut expectation = Expectation::clone(expectation);
            fill(&mut expectation, &values);
            if let Some(problem) = expectation.problem() {
                told += 1;
                let of = row.map(|row| format!("with the values of [{}] ", row.label));
                let message = format!("{}{problem}", of.unwrap_or_default());
                reader.report(&section.span, &section.key, &message);
            }
        }
    }
}

fn has_variables(expectation: &Expectation) -> bool {
    let mut has = false;
    let mut copy = expectation.clone();
    copy.each_text(&mut |text| has |= !names(text).is_empty());
    has
}
