//! Models by their names: the same model is served by many.

use crate::registry::fits;

/// What is said of a model in a table in which the first pattern that fits counts. Services that
/// pass a model on put its maker before its name.
pub(super) fn of_model<T: Copy>(table: &[(&[&str], T)], model: &str) -> Option<T> {
    let model = model.strip_prefix("ft:").unwrap_or(model);
    let name = model.rsplit('/').next().unwrap_or(model);
    let row = table
        .iter()
        .find(|(patterns, _)| patterns.iter().any(|pattern| fits(pattern, name)));
    row.map(|(_, said)| *said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_fits_counts_whoever_serves_it() {
        let table: &[(&[&str], u8)] = &[(&["a-mini*", "b"], 1), (&["a*"], 2)];
        for (model, expected) in [
            ("a-mini-2026", Some(1)),
            ("openrouter/maker/a-mini", Some(1)),
            ("maker/a-2", Some(2)),
            ("ft:a-mini:org", Some(1)),
            ("b", Some(1)),
            ("b2", None),
            ("", None),
        ] {
            assert_eq!(of_model(table, model), expected, "{model}");
        }
    }
}
