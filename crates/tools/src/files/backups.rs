//! The previous content of files that a tool changes.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use slipway_contract::{RunId, StepId};

/// Keeps what a file held before a step changed it, as `<folder>/<run>/<step>/<path>`, readable
/// by its owner alone.
#[derive(Debug, Clone)]
pub struct Backups {
    folder: PathBuf,
}

impl Backups {
    /// Keeps them below this folder, which is made when it is first needed.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where the content of a path before this step is kept, whether or not it was changed.
    #[must_use]
    pub fn path_of(&self, run: RunId, step: StepId, path: &str) -> PathBuf {
        let mut place = self.folder.join(run.to_string()).join(step.to_string());
        for part in Path::new(path).components() {
            match part {
                Component::Normal(part) => place.push(part),
                // A drive's letter; `..` is folded before.
                Component::Prefix(drive) => {
                    let name = drive.as_os_str().to_string_lossy();
                    place.push(name.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
                }
                Component::RootDir | Component::CurDir | Component::ParentDir => {}
            }
        }
        place
    }

    /// Keeps the content. What a first attempt at the step kept stays: a second attempt would
    /// find the changed content.
    pub(crate) fn keep(
        &self,
        run: RunId,
        step: StepId,
        path: &str,
        content: &mut (impl Read + io::Seek),
    ) -> io::Result<PathBuf> {
        let place = self.path_of(run, step, path);
        if place.exists() {
            return Ok(place);
        }
        if let Some(folder) = place.parent() {
            private_folders(folder)?;
        }
        let mut unfinished = place.clone().into_os_string();
        unfinished.push(".part");
        let mut copy = private_file(Path::new(&unfinished))?;
        content.rewind()?;
        io::copy(content, &mut copy)?;
        copy.sync_all()?;
        std::fs::rename(&unfinished, &place)?;
        // Its absence says that nothing was changed, so its name must outlive a loss of power.
        for folder in place.ancestors().skip(1) {
            sync_folder(folder)?;
            if folder == self.folder {
                break;
            }
        }
        Ok(place)
    }
}

/// Makes the names in a folder survive a loss of power, where the system has a way to.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn private_folders(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
