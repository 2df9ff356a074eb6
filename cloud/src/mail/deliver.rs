//! Carries letters away that are due. Several copies of the server may do so at once: each letter is put
//! off before it is carried, and only one of them succeeds in that.

use std::time::{Duration, UNIX_EPOCH};

use tokio::time::timeout;

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, Message};

use super::carrier::Trouble;
use super::{Letter, open};
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::letters;

/// How many are carried in one round.
const ROUND: u64 = 20;
/// How often one is tried: within about two days.
const TRIES: i64 = 16;
/// How long the second try waits, in seconds; each later one twice as long, up to the longest.
const FIRST_SECONDS: i64 = 90;
const LONGEST_SECONDS: i64 = 6 * 3600;
/// How long one may take to be carried. Another copy does not try it before, even if its clock is somewhat
/// ahead: else a slow mail server would get it from both.
const CARRYING: Duration = Duration::from_secs(60);
const _: () = assert!(CARRYING.as_secs() + 30 <= FIRST_SECONDS.unsigned_abs());

fn wait(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts)
        .ok()
        .and_then(|by| FIRST_SECONDS.checked_shl(by.min(30)));
    doubled.unwrap_or(LONGEST_SECONDS).min(LONGEST_SECONDS)
}

/// Carries those away that are due now; how many were tried.
///
/// # Errors
/// The database's.
pub async fn due(server: &Server) -> Result<usize, Failure> {
    let now = server.clock.now();
    let mut tried = 0;
    for row in &letters::due(server.database.read(), now, ROUND).await? {
        let until = now.plus_seconds(wait(row.attempts));
        let is_ours = server
            .database
            .write(|on| async move { Ok(letters::put_off(&on, row, until).await?) })
            .await?;
        if is_ours {
            tried += 1;
            one(server, row).await?;
        }
    }
    Ok(tried)
}

async fn one(server: &Server, row: &letters::Model) -> Result<(), Failure> {
    let name = row.id.simple().to_string();
    let opened = open(server, row).and_then(|letter| {
        let message = message(server, row, &letter)?;
        Ok((letter, message))
    });
    let carried = match opened {
        Ok((letter, message)) => {
            let carrying = server.people.carrier.carry(&name, &letter, message);
            match timeout(CARRYING, carrying).await {
                Ok(carried) => carried,
                Err(_) => Err(Trouble::Later("it took too long".to_owned())),
            }
        }
        Err(error) => Err(Trouble::Never(error.to_string())),
    };
    match carried {
        Ok(()) => {}
        Err(Trouble::Later(why)) if row.attempts + 1 < TRIES => {
            tracing::warn!(
                letter = name,
                why,
                attempts = row.attempts + 1,
                "a letter could not be sent yet"
            );
            return Ok(());
        }
        Err(Trouble::Later(why) | Trouble::Never(why)) => {
            tracing::error!(letter = name, why, "a letter is given up");
        }
    }
    let id = row.id;
    server
        .database
        .write(|on| async move { Ok(letters::delete(&on, id).await?) })
        .await
}

/// The letter as RFC 5322 has it. It has the same id each time, by which a mailbox knows it again.
fn message(server: &Server, row: &letters::Model, letter: &Letter) -> Result<Message, Failure> {
    let broken =
        |error: &dyn std::fmt::Display| Failure::Internal(format!("letter {}: {error}", row.id));
    let from = server
        .config
        .mail
        .from
        .as_ref()
        .map_or("slipway@localhost", |from| from.as_str());
    let host = from.rsplit('@').next().unwrap_or("localhost");
    let written = Duration::from_millis(u64::try_from(row.created_at.0).unwrap_or_default());
    Message::builder()
        .message_id(Some(format!("<{}@{host}>", row.id.simple())))
        .date(UNIX_EPOCH + written)
        .from(Mailbox::new(
            Some("Slipway".to_owned()),
            from.parse().map_err(|error| broken(&error))?,
        ))
        .to(Mailbox::new(
            None,
            letter.to.as_str().parse().map_err(|error| broken(&error))?,
        ))
        .subject(letter.subject.as_str())
        .header(ContentType::TEXT_PLAIN)
        .body(body(&letter.text))
        .map_err(|error| broken(&error))
}

/// The longest line of a letter (RFC 5322, section 2.1.1).
const LINE: usize = 998;

/// The text as it is sent: as it is where it can be, so that who opens the file finds each link whole.
fn body(text: &str) -> Body {
    let is_plain = |byte: u8| byte == b'\n' || byte == b' ' || byte.is_ascii_graphic();
    if text.bytes().all(is_plain) && text.lines().all(|line| line.len() <= LINE) {
        let lines = text.replace('\n', "\r\n").into_bytes();
        return Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit);
    }
    Body::new(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_sent_as_it_is() {
        let link = format!("https://example.com/verify?ticket={}", "a=".repeat(60));
        let sent = body(&format!("Open this:\n\n{link}\n"));
        assert_eq!(sent.encoding(), ContentTransferEncoding::SevenBit);
        let sent = String::from_utf8(sent.into_vec()).unwrap();
        assert_eq!(sent, format!("Open this:\r\n\r\n{link}\r\n"));
        for other in ["Žofie", &"x".repeat(LINE + 1)] {
            assert_ne!(body(other).encoding(), ContentTransferEncoding::SevenBit);
        }
    }

    #[test]
    fn later_tries_wait_longer_up_to_an_end() {
        let waits: Vec<i64> = (0..TRIES).map(wait).collect();
        assert!(waits.is_sorted() && waits[0] == FIRST_SECONDS && waits[15] == LONGEST_SECONDS);
        assert!(waits.iter().sum::<i64>() > 24 * 3600);
    }
}
