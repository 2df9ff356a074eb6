//! Deleting everything, for good.

use std::fs;
use std::io;
use std::path::Path;

use slipway_contract::data::{DELETE_WORDS, DataKind, DeletedData};
use slipway_contract::{ErrorCode, Problem, SecretPlace};

use super::{blocking, kind_of, place};
use crate::problem::{from_io, from_store};
use crate::secrets::Keys;
use crate::{App, Home};

impl App {
    /// Ends the runs that this process drives and deletes everything. Whoever goes on opens an
    /// empty home.
    ///
    /// # Errors
    /// The words are not those that say it, or something could not be deleted.
    pub async fn delete_data(&self, typed: &str, with_keys: bool) -> Result<DeletedData, Problem> {
        check_words(typed)?;
        self.end_runs().await;
        self.alone(async |home| delete(&home, DELETE_WORDS, with_keys).await)
            .await
    }
}

/// Deletes everything of a home that nobody has open; with the keys, if that is wanted. Folders of
/// agents elsewhere stay.
///
/// # Errors
/// The words are not those that say it, somebody has the database open, or a key or a file could
/// not be deleted. The keys go first: without them nothing goes.
pub async fn delete(home: &Home, typed: &str, with_keys: bool) -> Result<DeletedData, Problem> {
    check_words(typed)?;
    let home = home.clone();
    blocking(move || now(&home, with_keys)).await
}

fn check_words(typed: &str) -> Result<(), Problem> {
    if typed.trim() == DELETE_WORDS {
        return Ok(());
    }
    let message = "nothing was deleted: the words that say it were not given";
    Err(Problem::new(ErrorCode::InvalidInput, message).help(format!("They are: {DELETE_WORDS}")))
}

fn now(home: &Home, with_keys: bool) -> Result<DeletedData, Problem> {
    let before = place(home);
    if !home.folder().is_dir() {
        let message = format!("there is nothing to delete: {} is not there", before.folder);
        return Err(Problem::new(ErrorCode::NotFound, message));
    }
    let keys = if with_keys { forget_keys(home)? } else { 0 };
    // Nobody may have it open, so it is what is tried first.
    slipway_store::delete(&home.database()).map_err(|error| {
        let problem = from_store(&error);
        match problem.code {
            ErrorCode::Busy => {
                problem.help("Close Slipway's window and let runs end, and try again.")
            }
            _ => problem,
        }
    })?;
    // With who somebody is in the cloud goes that they are signed in.
    if let Err(problem) = Keys::of(home).and_then(|keys| keys.forget_sign_in()) {
        tracing::warn!(%problem, "the sign-in to the cloud could not be taken out of the keychain");
    }
    let mut stayed = Vec::new();
    let entries = fs::read_dir(home.folder());
    let entries = entries.map_err(|error| from_io("read", home.folder(), &error))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        match kind_of(&name) {
            // Empty: they say who has the database open.
            DataKind::Database => {}
            DataKind::Other => stayed.push(name),
            DataKind::Keys if !with_keys => stayed.push(name),
            _ => remove(&entry.path())?,
        }
    }
    stayed.sort();
    Ok(DeletedData {
        bytes: before.bytes.saturating_sub(place(home).bytes),
        folder: before.folder,
        keys,
        stayed,
    })
}

/// Takes Slipway's keys out of the keychain; those of the sealed file go with it.
fn forget_keys(home: &Home) -> Result<u64, Problem> {
    let keys = Keys::of(home)?;
    let mut gone = 0;
    for entry in keys.list()? {
        match entry.place {
            SecretPlace::Environment => continue,
            SecretPlace::SealedFile => {}
            SecretPlace::Keychain => {
                let name = entry.name.parse().map_err(|error| {
                    Problem::new(ErrorCode::Internal, format!("{}: {error}", entry.name))
                })?;
                keys.remove(&name).map_err(|problem| Problem {
                    message: format!(
                        "{} could not be taken out of the keychain, and nothing else was deleted: {}",
                        entry.name, problem.message
                    ),
                    ..problem
                })?;
            }
        }
        gone += 1;
    }
    Ok(gone)
}

/// A link is removed, not what it leads to.
fn remove(path: &Path) -> Result<(), Problem> {
    let found = fs::symlink_metadata(path);
    let removed = match found {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(from_io("deleted", path, &error))
        }
        _ => Ok(()),
    }
}
