//! What is kept on this machine: where it is, how much, and getting rid of it.
//!
//! Nothing here needs the database to open.

mod back_up;
mod delete;
mod moved;
mod restore;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
#[cfg(unix)]
use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::Path;

use slipway_contract::data::{DataKind, DataPart, DataPlace, PriceBook};
use slipway_contract::{ErrorCode, Problem};

use crate::{App, Home};

pub use back_up::{back_up, take_in};
pub use delete::delete;

impl App {
    /// Where everything is, and how much it is.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn show_data(&self) -> Result<DataPlace, Problem> {
        let home = self.home().clone();
        blocking(move || Ok(place(&home))).await
    }

    /// What calls are reckoned with.
    pub async fn show_prices(&self) -> PriceBook {
        let models = self.list_models().await;
        let priced = models.iter().filter(|model| model.price.is_some());
        let own = self.home().prices();
        PriceBook {
            checked: models.iter().filter_map(|model| model.price_checked).max(),
            priced: priced.count() as u64,
            has_own: own.exists(),
            own_file: own.display().to_string(),
            problem: self.check_prices().err(),
        }
    }
}

/// What lies in a home, by its kind. Blocks.
#[must_use]
pub fn place(home: &Home) -> DataPlace {
    let mut look = Look::default();
    let mut names: Vec<String> = match fs::read_dir(home.folder()) {
        Ok(entries) => entries
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect(),
        Err(_) => Vec::new(),
    };
    // What a snapshot shares with the contents is counted there, where it was first.
    names.sort_by_key(|name| kind_of(name) == DataKind::Snapshots);
    for name in names {
        look.take(&home.folder().join(&name), kind_of(&name));
    }
    DataPlace {
        folder: home.folder().display().to_string(),
        bytes: look.parts.values().map(|part| part.bytes).sum(),
        parts: look
            .parts
            .into_values()
            .filter(|part| part.files > 0)
            .collect(),
        unread: look.unread,
    }
}

/// What a name in the home stands for.
fn kind_of(name: &str) -> DataKind {
    match name {
        "blobs" => DataKind::Contents,
        "snapshots" => DataKind::Snapshots,
        "wire" => DataKind::Wire,
        "backups" => DataKind::Backups,
        "work" | "comparisons" => DataKind::Work,
        "examples" => DataKind::Examples,
        "secrets" => DataKind::Keys,
        "prices.toml" | "providers.toml" | "cloud" => DataKind::Settings,
        name if name == "slipway.db" || name.starts_with("slipway.db-") => DataKind::Database,
        name if name.starts_with("slipway.db.") => DataKind::Database,
        _ => DataKind::Other,
    }
}

/// In the order in which they are shown.
const fn rank(kind: DataKind) -> u8 {
    match kind {
        DataKind::Database => 0,
        DataKind::Contents => 1,
        DataKind::Snapshots => 2,
        DataKind::Work => 3,
        DataKind::Examples => 4,
        DataKind::Backups => 5,
        DataKind::Wire => 6,
        DataKind::Keys => 7,
        DataKind::Settings => 8,
        DataKind::Other => 9,
    }
}

#[derive(Default)]
struct Look {
    parts: BTreeMap<u8, DataPart>,
    unread: u64,
    /// Files that have several names, and were met under one of them.
    #[cfg(unix)]
    met: BTreeSet<(u64, u64)>,
}

impl Look {
    /// Counts what lies at a path. No link is followed.
    fn take(&mut self, path: &Path, kind: DataKind) {
        let Ok(found) = fs::symlink_metadata(path) else {
            self.unread += 1;
            return;
        };
        if !found.is_dir() {
            if self.is_new(&found) {
                let part = self.parts.entry(rank(kind)).or_insert(DataPart {
                    kind,
                    bytes: 0,
                    files: 0,
                });
                part.bytes += found.len();
                part.files += 1;
            }
            return;
        }
        match fs::read_dir(path) {
            Ok(entries) => entries
                .flatten()
                .for_each(|entry| self.take(&entry.path(), kind)),
            Err(_) => self.unread += 1,
        }
    }

    #[cfg(unix)]
    fn is_new(&mut self, found: &Metadata) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        found.nlink() < 2 || self.met.insert((found.dev(), found.ino()))
    }

    #[cfg(not(unix))]
    fn is_new(&mut self, _: &Metadata) -> bool {
        true
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::new(ErrorCode::Internal, error.to_string())))
}
