//! Changing a file: its previous content is kept, and it is replaced in one move.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use slipway_agent::ports::tool::ToolError;
use slipway_contract::{RunId, StepId};

use super::backups::Backups;
use super::place::{Place, failure};
use crate::arguments::told;

/// Who changes a file, and where its previous content goes.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) backups: Backups,
    pub(crate) run: RunId,
    pub(crate) step: StepId,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Created,
    Replaced,
    /// It held this content already.
    Unchanged,
}

impl Written {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A file about to be changed; two changes of one file wait for each other.
pub(crate) struct Change<'p> {
    place: &'p Place,
    folder: Dir,
    name: PathBuf,
    existing: Option<(File, Metadata)>,
    _turn: MutexGuard<'static, ()>,
}

impl<'p> Change<'p> {
    /// Opens the file's folder, which is made where it is missing, and the file if there is one.
    pub(crate) fn begin(place: &'p Place) -> Result<Self, ToolError> {
        let failed = |error: io::Error| told(failure(&error, &place.shown));
        let name = writable_name(place)?;
        let turn = turn(&place.absolute);
        let folder = match place.name.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => {
                place.dir.create_dir_all(parent).map_err(failed)?;
                place.dir.open_dir(parent).map_err(failed)?
            }
            _ => place.dir.try_clone().map_err(failed)?,
        };
        let existing = existing(&folder, &name, &place.shown)?;
        Ok(Self {
            place,
            folder,
            name,
            existing,
            _turn: turn,
        })
    }

    /// The file as it is now.
    pub(crate) fn existing(&mut self) -> Option<&mut File> {
        self.existing.as_mut().map(|(file, _)| file)
    }

    /// Keeps the previous content and puts the new one in its place.
    pub(crate) fn finish(mut self, content: &[u8], author: &Author) -> Result<Written, ToolError> {
        let failed = |error: io::Error| told(failure(&error, &self.place.shown));
        let mut written = Written::Created;
        if let Some((file, metadata)) = &mut self.existing {
            if metadata.len() == content.len() as u64 && holds(file, content).map_err(failed)? {
                return Ok(Written::Unchanged);
            }
            let kept = author
                .backups
                .keep(author.run, author.step, &self.place.shown, file);
            // Without it the change could not be taken back: not the model's to decide.
            kept.map_err(|error| {
                ToolError::Fatal(format!(
                    "the previous content of {} could not be kept, so it was not changed: {error}",
                    self.place.shown
                ))
            })?;
            written = Written::Replaced;
        }
        let unfinished = format!(".slipway-{}-{}.tmp", author.run.short(), author.step);
        let moved = self
            .write(&unfinished, content)
            .and_then(|()| self.folder.rename(&unfinished, &self.folder, &self.name));
        if let Err(error) = moved {
            // Best effort: what is left over is replaced by the next attempt.
            self.folder.remove_file(&unfinished).ok();
            return Err(failed(error));
        }
        self.sync_folder();
        Ok(written)
    }

    fn write(&self, unfinished: &str, content: &[u8]) -> io::Result<()> {
        match self.folder.remove_file(unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = self.folder.open_with(unfinished, &options)?;
        file.write_all(content)?;
        if let Some((_, metadata)) = &self.existing {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()
    }

    /// Makes the move itself durable, where the system can.
    fn sync_folder(&self) {
        if let Ok(folder) = self.folder.try_clone() {
            folder.into_std_file().sync_all().ok();
        }
    }
}

fn existing(folder: &Dir, name: &Path, shown: &str) -> Result<Option<(File, Metadata)>, ToolError> {
    let failed = |error: io::Error| told(failure(&error, shown));
    let kind = match folder.symlink_metadata(name) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if kind.is_symlink() {
        return Err(told(format!(
            "`{shown}` is a link; write to the file that it leads to instead."
        )));
    }
    if kind.is_dir() {
        return Err(told(format!("`{shown}` is a folder; name a file in it.")));
    }
    if !kind.is_file() {
        return Err(told(format!(
            "`{shown}` is no plain file and is not written."
        )));
    }
    if kind.permissions().readonly() {
        return Err(told(format!(
            "`{shown}` is marked read-only and is not written."
        )));
    }
    let mut options = OpenOptions::new();
    options.read(true).nonblock(true).follow(FollowSymlinks::No);
    let file = folder.open_with(name, &options).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(told(format!(
            "`{shown}` was replaced meanwhile; try again."
        )));
    }
    Ok(Some((file, metadata)))
}

fn holds(file: &mut File, content: &[u8]) -> io::Result<bool> {
    file.rewind()?;
    let mut rest = content;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(rest.is_empty());
        }
        match rest.strip_prefix(&buffer[..read]) {
            Some(further) => rest = further,
            None => return Ok(false),
        }
    }
}

/// The file's own name. Names that mean something else on another system, or that do not show,
/// are not made.
fn writable_name(place: &Place) -> Result<PathBuf, ToolError> {
    let refused = |why: &str| {
        let shown = place.shown.escape_debug();
        Err(told(format!("`{shown}` cannot be written: {why}.")))
    };
    for part in &place.name {
        let Some(part) = part.to_str() else {
            return refused("its name is no Unicode text");
        };
        if part.chars().any(char::is_control) {
            return refused("its name holds a control character");
        }
        if part.contains('\\') {
            return refused("its name holds a backslash; folders are separated by `/`");
        }
        if cfg!(windows) && reserved_on_windows(part) {
            return refused("Windows does not allow this name");
        }
        if part.len() > 255 {
            return refused("its name is longer than 255 bytes");
        }
    }
    match place.name.file_name() {
        Some(name) => Ok(name.into()),
        None => refused("it is a folder; name a file in it"),
    }
}

fn reserved_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let device = ["CON", "PRN", "AUX", "NUL"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device));
    let numbered = stem.len() == 4
        && stem.is_char_boundary(3)
        && ["COM", "LPT"]
            .iter()
            .any(|port| stem[..3].eq_ignore_ascii_case(port));
    device
        || numbered
        || name.ends_with(['.', ' '])
        || name.contains(['<', '>', ':', '"', '|', '?', '*'])
}

/// One lock for each file, near enough: a few files share one.
pub(super) fn turn(path: &Path) -> MutexGuard<'static, ()> {
    static LOCKS: [Mutex<()>; 64] = [const { Mutex::new(()) }; 64];
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let index = usize::try_from(hasher.finish() % 64).unwrap_or(0);
    LOCKS[index].lock().unwrap_or_else(PoisonError::into_inner)
}
