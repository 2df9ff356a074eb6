//! Runs by the first digits of their ids.

use slipway_contract::RunId;

use crate::{Store, StoreError, columns};

/// Digits of a whole id.
const DIGITS: usize = 20;
/// How many runs an error lists.
const MOST: i64 = 10;

impl Store {
    /// The run whose id begins with these digits, in either case; none when there is no such run
    /// or the text holds no digits of an id.
    ///
    /// # Errors
    /// [`StoreError::Ambiguous`] when several runs begin like that, or the database cannot be read.
    pub async fn find_run(&self, prefix: &str) -> Result<Option<RunId>, StoreError> {
        let Some((first, last)) = range(prefix) else {
            return Ok(None);
        };
        let ids: Vec<(Vec<u8>,)> =
            sqlx::query_as("SELECT id FROM runs WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3")
                .bind(&first.as_bytes()[..])
                .bind(&last.as_bytes()[..])
                .bind(MOST)
                .fetch_all(self.pool())
                .await?;
        let matches = ids
            .iter()
            .map(|(id,)| columns::run_id("id", id).map_err(|error| error.of("table runs")))
            .collect::<Result<Vec<_>, _>>()?;
        match matches.as_slice() {
            [] => Ok(None),
            [run] => Ok(Some(*run)),
            _ => Err(StoreError::Ambiguous {
                prefix: prefix.to_owned(),
                matches,
            }),
        }
    }
}

/// The first and the last id that begin with these digits.
fn range(prefix: &str) -> Option<(RunId, RunId)> {
    let prefix = prefix.to_ascii_lowercase();
    if !(1..=DIGITS).contains(&prefix.len()) {
        return None;
    }
    let filled = |digit: char| {
        format!(
            "{prefix}{}",
            digit.to_string().repeat(DIGITS - prefix.len())
        )
    };
    Some((filled('0').parse().ok()?, filled('f').parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_spans_its_ids() {
        let (first, last) = range("aB1").unwrap();
        assert_eq!(first.to_string(), "ab100000000000000000");
        assert_eq!(last.to_string(), "ab1fffffffffffffffff");
        for text in ["", "g", "expense-report", "ab1000000000000000000", "é"] {
            assert_eq!(range(text), None, "{text:?} begins no id");
        }
    }
}
