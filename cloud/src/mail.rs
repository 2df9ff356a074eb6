//! Mail: written into the database with what it tells of, and sent afterwards, at least once.

pub mod carrier;
mod deliver;

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use slipway_contract::cloud::Email;

use crate::database;
use crate::failure::Failure;
use crate::notices::Topic;
use crate::server::Server;
use crate::tables::letters;

pub use self::carrier::{Settings, Way};
pub use self::deliver::due;

pub(crate) const PURPOSE: &str = "letter";

/// The most characters of a subject.
const SUBJECT: usize = 150;

/// What a letter is about: one line, whatever it was made of, so that nothing in it becomes a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// Of this text, with spaces for all that is not seen.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let is_space = |each: char| {
            each.is_control() || each.is_whitespace() || matches!(each, '\u{2028}' | '\u{2029}')
        };
        let words: Vec<&str> = text
            .split(is_space)
            .filter(|word| !word.is_empty())
            .collect();
        Self(words.join(" ").chars().take(SUBJECT).collect())
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody chose, such as a name, as it stands in a letter to another: in plain quotation marks, and with a
/// space wherever a mail program would make a link of it. So nobody borrows the server's name for theirs.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(each) = letters.next() {
        quoted.push(match each {
            '"' | '“' | '”' | '„' => '\'',
            each => each,
        });
        let parts = letters.peek().is_some_and(|next| match each {
            // Also the dots that names of hosts may have (UTS 46).
            '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' => next.is_alphabetic(),
            ':' => !next.is_ascii_digit() && !next.is_whitespace(),
            '@' => !next.is_whitespace(),
            _ => false,
        });
        if parts {
            quoted.push(' ');
        }
    }
    format!("\"{quoted}\"")
}

/// A letter in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// To whom.
    pub to: Email,
    /// What about.
    pub subject: Subject,
    /// What it says.
    pub text: String,
}

/// Writes a letter that is sent once the transaction is kept: whoever carries letters is told then.
///
/// # Errors
/// The database's.
pub async fn post(
    server: &Server,
    on: &impl ConnectionTrait,
    letter: &Letter,
) -> Result<(), Failure> {
    let now = server.clock.now();
    let id = server.chance.id(now)?;
    let text = serde_json::to_vec(letter)
        .map_err(|error| Failure::Internal(format!("a letter: {error}")))?;
    let sealed = server
        .sealer
        .seal(&*server.chance, PURPOSE, id.as_bytes(), &text)?;
    let row = letters::Model {
        id,
        sealed,
        attempts: 0,
        due_at: now,
        created_at: now,
    };
    letters::insert(on, row).await?;
    let notices = Arc::clone(&server.notices);
    database::once_kept(move || notices.publish(Topic::Letters));
    Ok(())
}

/// What a row holds.
///
/// # Errors
/// When it was sealed with another secret, or is no letter.
pub fn open(server: &Server, row: &letters::Model) -> Result<Letter, Failure> {
    let text = server.sealer.open(PURPOSE, row.id.as_bytes(), &row.sealed);
    let text = text.map_err(|error| Failure::Internal(format!("letter {}: {error}", row.id)))?;
    serde_json::from_slice(&text)
        .map_err(|error| Failure::Internal(format!("letter {}: {error}", row.id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_whatever_it_is_made_of() {
        let bad = "Harbour\r\nBcc: eve@example.com\r\n\r\nHello\0\u{2028}x";
        assert_eq!(
            Subject::new(bad).as_str(),
            "Harbour Bcc: eve@example.com Hello x"
        );
        assert_eq!(Subject::new(&"x".repeat(999)).as_str().len(), SUBJECT);
    }

    #[test]
    fn what_somebody_chose_is_no_link_in_a_letter() {
        for (text, shown) in [
            ("Harbour", "\"Harbour\""),
            ("Anna's Boats, Inc.", "\"Anna's Boats, Inc.\""),
            ("Version 2.0 at 10:30", "\"Version 2.0 at 10:30\""),
            ("example.com", "\"example. com\""),
            (
                "pay at http://evil.example/pay",
                "\"pay at http: //evil. example/pay\"",
            ),
            (
                "write to eve@evil.example",
                "\"write to eve@ evil. example\"",
            ),
            ("mailto:eve@evil", "\"mailto: eve@ evil\""),
            ("evil。example", "\"evil。 example\""),
            ("x” says: “pay", "\"x' says: 'pay\""),
        ] {
            assert_eq!(quoted(text), shown);
        }
    }
}
