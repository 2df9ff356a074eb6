//! What is kept of who is signed in, without any secret: `cloud/account.json`.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use slipway_cloud_client::{ServerAddress, SignInId};
use slipway_contract::Problem;
use slipway_contract::Timestamp;
use slipway_contract::account::KnownPerson;
use slipway_contract::cloud::Line;
use slipway_contract::cloud::account::Account;

use crate::problem::from_io;

/// The most bytes that are read.
const MOST: usize = 64 << 10;

/// What was last known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The server that the person named last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) server: Option<ServerAddress>,
    /// Who is signed in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<KnownPerson>,
    /// By which sign-in: the one in the keychain may be another process's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sign_in: Option<SignInId>,
    /// What the person calls this machine, where they named it otherwise than it does itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<Line<100>>,
    /// Nobody is, because the server ended it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) ended: bool,
}

/// The file.
#[derive(Debug)]
pub(super) struct KeptFile(PathBuf);

impl KeptFile {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// What is known. A file that cannot be read says nothing: who signs in again replaces it.
    pub(super) fn read(&self) -> Kept {
        let bytes = match std::fs::read(&self.0) {
            Ok(bytes) if bytes.len() <= MOST => bytes,
            Ok(_) => Vec::new(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Kept::default(),
            Err(error) => {
                tracing::warn!(%error, "who is signed in to the cloud could not be read");
                return Kept::default();
            }
        };
        serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(%error, "who is signed in to the cloud could not be read");
            Kept::default()
        })
    }

    /// Keeps this instead: all of it or nothing.
    pub(super) fn write(&self, kept: &Kept) -> Result<(), Problem> {
        let folder = self.0.parent().unwrap_or(&self.0);
        written(folder, &self.0, kept).map_err(|error| from_io("written", &self.0, &error))
    }

    /// Nobody is signed in any more.
    pub(super) fn signed_out(&self, ended: bool) -> Result<(), Problem> {
        let before = self.read();
        let after = Kept {
            server: before.server.clone(),
            person: None,
            sign_in: None,
            device: before.device.clone(),
            ended: ended || before.ended,
        };
        if after == before {
            return Ok(());
        }
        self.write(&after)
    }

    /// The server said who it is; that is kept unless another sign-in took its place meanwhile.
    pub(super) fn seen(&self, account: &Account, at: Timestamp) -> Result<Kept, Problem> {
        let mut kept = self.read();
        let person = kept.person.as_mut();
        if let Some(person) = person.filter(|person| person.account == account.id) {
            person.name = account.name.clone();
            person.email = account.email.clone();
            person.seen_at = at;
            self.write(&kept)?;
        }
        Ok(kept)
    }
}

fn written(folder: &Path, path: &Path, kept: &Kept) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut new = tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(folder)?;
    serde_json::to_writer_pretty(&mut new, kept)?;
    new.write_all(b"\n")?;
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Account {
        serde_json::from_value(serde_json::json!({
            "id": "01890000-0000-7000-8000-000000000001", "email": "anna@example.com",
            "email_verified": true, "name": name, "created_at": "2026-11-22T12:00:00Z",
        }))
        .unwrap()
    }

    fn person(account: &Account) -> KnownPerson {
        KnownPerson {
            account: account.id,
            name: account.name.clone(),
            email: account.email.clone(),
            device: "here".parse().unwrap(),
            signed_in_at: Timestamp::from_second(1).unwrap(),
            seen_at: Timestamp::from_second(1).unwrap(),
        }
    }

    #[test]
    fn what_was_kept_is_read_and_what_is_damaged_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeptFile::new(folder.path().join("cloud/account.json"));
        assert_eq!(file.read(), Kept::default());
        let anna = account("Anna");
        let kept = Kept {
            server: Some("https://cloud.example.com".parse().unwrap()),
            person: Some(person(&anna)),
            ..Kept::default()
        };
        file.write(&kept).unwrap();
        assert_eq!(file.read(), kept);
        std::fs::write(&file.0, "{\"server\": \"http://elsewhere.example\"}").unwrap();
        assert_eq!(file.read(), Kept::default());
        std::fs::write(&file.0, vec![b' '; MOST + 1]).unwrap();
        assert_eq!(file.read(), Kept::default());
    }

    #[test]
    fn a_new_name_is_kept_for_who_is_signed_in_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeptFile::new(folder.path().join("account.json"));
        let at = Timestamp::from_second(9).unwrap();
        let anna = account("Anna");
        file.seen(&anna, at).unwrap();
        assert_eq!(file.read().person, None, "nobody is signed in");
        let kept = Kept {
            person: Some(person(&anna)),
            device: Some("the workshop".parse().unwrap()),
            ..Kept::default()
        };
        file.write(&kept).unwrap();
        file.seen(&account("Anna B."), at).unwrap();
        let known = file.read().person.unwrap();
        assert_eq!((known.name.as_str(), known.seen_at), ("Anna B.", at));
        file.signed_out(true).unwrap();
        assert!(file.read().ended && file.read().person.is_none());
        file.signed_out(false).unwrap();
        assert!(file.read().ended, "why stays known");
        let device = file.read().device.unwrap();
        assert_eq!(
            device.as_str(),
            "the workshop",
            "it has its name for the next sign-in"
        );
    }
}
