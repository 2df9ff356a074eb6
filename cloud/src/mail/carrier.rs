//! Who carries letters away: an SMTP server, a folder, or the log.

use std::error::Error as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::Letter;

/// How letters leave.
#[derive(Debug, Clone)]
pub enum Way {
    /// Into the log, with all that they say: for development alone.
    Log,
    /// Into a folder, a file of RFC 5322 each.
    Folder(PathBuf),
    /// Over an SMTP server: `smtps://user:password@host`, or `smtp://…?tls=required` for STARTTLS.
    Smtp(Secret),
}

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How letters leave.
    pub way: Way,
    /// From whom they are; `slipway@localhost` without.
    pub from: Option<Email>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            way: Way::Log,
            from: None,
        }
    }
}

/// Why a letter was not carried.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It may work later.
    #[error("{0}")]
    Later(String),
    /// It never will.
    #[error("{0}")]
    Never(String),
}

/// Carries letters away.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// Carries one, as it is sent. The name is the same each time that the same letter is tried.
    ///
    /// # Errors
    /// Why not, and whether to try again.
    async fn carry(&self, name: &str, letter: &Letter, message: Message) -> Result<(), Trouble>;
}

/// The carrier of these settings.
///
/// # Errors
/// When the SMTP server's URL is none.
pub fn of(settings: &Settings) -> Result<Box<dyn Carrier>> {
    Ok(match &settings.way {
        Way::Log => Box::new(Log),
        Way::Folder(folder) => Box::new(Folder(folder.clone())),
        Way::Smtp(url) => {
            let built = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose());
            // Its error repeats the URL, in which there is a password.
            let built = built.ok().context("the SMTP server's URL must be smtps://user:password@host:port, or smtp://host:port?tls=required")?;
            Box::new(Smtp(built.build()))
        }
    })
}

/// A letter as people read it, line by line, so that its links can be taken from there as they are. No line
/// of it begins as lines of the log do.
fn shown(letter: &Letter) -> String {
    let head = [
        format!("To: {}", letter.to),
        format!("Subject: {}", letter.subject.as_str()),
        String::new(),
    ];
    let lines = head.iter().map(String::as_str).chain(letter.text.lines());
    lines.map(|line| format!("\n    {line}")).collect()
}

struct Log;

#[async_trait::async_trait]
impl Carrier for Log {
    async fn carry(&self, name: &str, letter: &Letter, _: Message) -> Result<(), Trouble> {
        tracing::info!("letter {name}{}", shown(letter));
        Ok(())
    }
}

struct Folder(PathBuf);

#[async_trait::async_trait]
impl Carrier for Folder {
    async fn carry(&self, name: &str, _: &Letter, message: Message) -> Result<(), Trouble> {
        let later =
            |error: std::io::Error| Trouble::Later(format!("{}: {error}", self.0.display()));
        tokio::fs::create_dir_all(&self.0).await.map_err(later)?;
        // Whoever watches the folder never sees half a letter.
        let (part, whole) = (
            self.0.join(format!("{name}.part")),
            self.0.join(format!("{name}.eml")),
        );
        tokio::fs::write(&part, message.formatted())
            .await
            .map_err(later)?;
        tokio::fs::rename(&part, &whole).await.map_err(later)
    }
}

struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

/// What may be told of a refusal: its code, and its enhanced status where there is one (RFC 3463). The rest of what a mail
/// server says often has the address in it that the letter was for.
fn told(error: &smtp::Error) -> String {
    let Some(code) = error.status() else {
        return match error {
            _ if error.is_timeout() => "the mail server takes too long",
            _ if error.is_tls() => "there is no TLS with the mail server",
            _ if error.is_response() => "the mail server says what nobody understands",
            _ if error.is_client() => "the mail server cannot do what is asked of it",
            _ => "the mail server cannot be reached",
        }
        .to_owned();
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let mut parts = first.split('.');
    let is_number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let is_status = parts.clone().count() == 3 && parts.all(is_number);
    let status = if is_status { first } else { "" };
    format!("the mail server refused: {code} {status}")
        .trim_end()
        .to_owned()
}

fn trouble(error: &smtp::Error) -> Trouble {
    // RFC 5321, section 4.2.1: 5yz is for good, all else may pass.
    if error.is_permanent() {
        Trouble::Never(told(error))
    } else {
        Trouble::Later(told(error))
    }
}

#[async_trait::async_trait]
impl Carrier for Smtp {
    async fn carry(&self, _: &str, _: &Letter, message: Message) -> Result<(), Trouble> {
        self.0
            .send(message)
            .await
            .map(|_| ())
            .map_err(|error| trouble(&error))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::net::TcpListener;

    use super::*;
    use crate::mail::Subject;

    /// A mail server that takes no letter for anybody, and says this.
    async fn refusing(words: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (reader, mut writer) = listener.accept().await.unwrap().0.into_split();
            writer.write_all(b"220 here\r\n").await.unwrap();
            let mut lines = BufReader::new(reader).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = if line.starts_with("RCPT") {
                    words
                } else {
                    "250 fine"
                };
                let answer = format!("{answer}\r\n");
                writer.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        url
    }

    #[tokio::test]
    async fn a_refusal_is_told_without_the_address_that_it_is_about() {
        for (words, told) in [
            (
                "550 5.1.1 <anna@example.com>: no such mailbox",
                "the mail server refused: 550 5.1.1",
            ),
            ("451 anna@example.com waits", "the mail server refused: 451"),
            (
                "550 5.anna@example.com.1 no",
                "the mail server refused: 550",
            ),
        ] {
            let way = Way::Smtp(Secret::new(refusing(words).await));
            let carrier = of(&Settings { way, from: None }).unwrap();
            let message = Message::builder()
                .from("slipway@localhost".parse().unwrap())
                .to("anna@example.com".parse().unwrap())
                .body(String::new())
                .unwrap();
            let letter = Letter {
                to: "anna@example.com".parse().unwrap(),
                subject: Subject::new("A letter"),
                text: String::new(),
            };
            let trouble = carrier
                .carry("a letter", &letter, message)
                .await
                .unwrap_err();
            assert_eq!(trouble.to_string(), told);
        }
    }
}
