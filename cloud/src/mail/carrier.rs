//! Who carries letters away: an SMTP server, a folder, or the log.

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

fn trouble(error: &smtp::Error) -> Trouble {
    // RFC 5321, section 4.2.1: 5yz is for good, all else may pass.
    if error.is_permanent() {
        Trouble::Never(error.to_string())
    } else {
        Trouble::Later(error.to_string())
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
