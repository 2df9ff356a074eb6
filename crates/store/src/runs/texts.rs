//! The words of runs, to find them by: the table `run_texts`.
//!
//! Nothing of this is written while a run is driven. Whoever searches first reads what happened
//! since the last search, which is why a database of an earlier version needs nothing done to it.

use rusqlite::{Connection, params};
use slipway_agent::event::{Event, Recorded};
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::RunId;
use slipway_contract::history::RunFilter;
use slipway_contract::message::Content;

use crate::writer::{Durability, WriteFailure};
use crate::{Store, StoreError, columns};

/// Bytes of a run's texts, of what was asked and of what was said, that it can be found by.
const MOST: usize = 256 * 1024;

/// Runs that are read before what is known of them is written.
const AT_ONCE: usize = 100;

/// The words of a search as the index takes them; none where there is no word in it. Each word is
/// quoted: nothing that a person types is an operator.
pub(super) fn words(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(32)
        .map(|word| format!("\"{word}\" *"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// A run whose words are not all known: its number, id, last event, and whether it has ended.
type Behind = (i64, Vec<u8>, i64, bool);

/// What was asked and what was said in a run.
struct Words {
    number: i64,
    last_seq: i64,
    ended: bool,
    asked: String,
    said: String,
}

impl Store {
    /// Makes sure that runs can be found by all that was asked and said in them by now, where the
    /// filter searches for words.
    pub(super) async fn know_words(&self, filter: &RunFilter) -> Result<(), StoreError> {
        match filter.text.as_deref().and_then(words) {
            Some(_) => self.learn_words().await,
            None => Ok(()),
        }
    }

    /// Reads what was asked and said since runs were last searched.
    ///
    /// # Errors
    /// The database cannot be read or written. A journal that cannot be read is passed over: the
    /// run can be found by all but its words.
    pub async fn learn_words(&self) -> Result<(), StoreError> {
        let behind: Vec<Behind> = sqlx::query_as(
            "SELECT number, id, last_seq, TRUE FROM runs WHERE finished_at IS NOT NULL \
             AND number NOT IN (SELECT run FROM run_texts_known WHERE ended = 1) \
             UNION ALL \
             SELECT r.number, r.id, r.last_seq, FALSE FROM leases AS l JOIN runs AS r ON r.id = l.run \
             LEFT JOIN run_texts_known AS k ON k.run = r.number \
             WHERE r.finished_at IS NULL AND r.last_seq > ifnull(k.last_seq, 0)",
        )
        .fetch_all(self.pool())
        .await?;
        for some in behind.chunks(AT_ONCE) {
            let mut known = Vec::with_capacity(some.len());
            for row in some {
                known.push(self.words_of(row).await?);
            }
            let write = move |connection: &Connection| -> Result<(), StoreError> {
                known.iter().try_for_each(|run| keep(connection, run))?;
                Ok(())
            };
            self.writer().write(Durability::WithTheNext, write).await?;
        }
        Ok(())
    }

    async fn words_of(&self, row: &Behind) -> Result<Words, StoreError> {
        let (number, id, last_seq, ended) = row;
        let run: RunId = columns::run_id("id", id).map_err(|error| error.of("table runs"))?;
        let (fork,): (Option<i64>,) = sqlx::query_as("SELECT fork_seq FROM runs WHERE number = ?1")
            .bind(number)
            .fetch_one(self.pool())
            .await?;
        let own = fork.unwrap_or(0).unsigned_abs();
        let mut words = Words {
            number: *number,
            last_seq: *last_seq,
            ended: *ended,
            asked: String::new(),
            said: String::new(),
        };
        match self.read(run).await {
            Ok(events) => events
                .iter()
                .filter(|recorded| recorded.seq > own)
                .for_each(|recorded| words.take(recorded)),
            Err(error) => tracing::warn!(%run, %error, "a run cannot be found by its words"),
        }
        Ok(words)
    }
}

impl Words {
    fn take(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Started { spec }
            | Event::Continued { spec, .. }
            | Event::Forked { spec, .. } => {
                add(&mut self.asked, &spec.input);
            }
            Event::ModelResponded { content, .. } => {
                for part in content {
                    if let Content::Text { text } = part {
                        add(&mut self.said, text);
                    }
                }
            }
            Event::Finished(end) => {
                // A final answer in words was said by the model before.
                if let Some(output) = end.output.as_ref().filter(|output| !output.is_string()) {
                    add(&mut self.said, &output.to_string());
                }
                add(&mut self.said, &end.message);
            }
            _ => {}
        }
    }
}

fn add(to: &mut String, text: &str) {
    let room = MOST.saturating_sub(to.len());
    to.push_str(&text[..text.floor_char_boundary(room)]);
    to.push('\n');
}

fn keep(connection: &Connection, run: &Words) -> Result<(), WriteFailure> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO run_texts (rowid, asked, said) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![run.number, run.asked, run.said])?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO run_texts_known (run, last_seq, ended) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![run.number, run.last_seq, run.ended])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_words_and_never_an_operator() {
        for (typed, searched) in [
            ("report", Some("\"report\" *")),
            ("  Größe, café ", Some("\"Größe\" * AND \"café\" *")),
            ("a OR b*", Some("\"a\" * AND \"OR\" * AND \"b\" *")),
            ("\"' NEAR(", Some("\"NEAR\" *")),
            ("…", None),
            ("", None),
        ] {
            assert_eq!(words(typed).as_deref(), searched, "{typed:?}");
        }
        let many = "w ".repeat(10_000);
        assert!(words(&many).is_some_and(|words| words.len() < 1_000));
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let mut to = String::new();
        add(&mut to, &"é".repeat(MOST));
        assert!(to.len() <= MOST + 1);
        add(&mut to, "more");
        assert!(!to.contains("more"));
    }
}
