//! A path inside what was granted.

use std::io;
use std::path::{Component, Path, PathBuf};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _, OpenOptionsSyncExt as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions};
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::ToolError;

use crate::arguments::{cut, told};

/// A granted folder, opened, and a path below it. All access goes through the open folder, so
/// that no `..` and no link leads out, also when one is put in the way meanwhile.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) dir: Dir,
    /// The path from `dir`; empty when the granted folder itself is meant.
    pub(crate) name: PathBuf,
    /// The path as it is told: from the working folder where it is inside, with `/`.
    pub(crate) shown: String,
    /// The whole path by its text; for telling two places apart, never for opening.
    pub(crate) absolute: PathBuf,
    /// A grant of one file: a link in its place would lead to another file.
    follow: FollowSymlinks,
}

impl Place {
    /// Finds what was granted for this path, and opens it. For writing, a granted folder that
    /// does not exist yet is made.
    pub(crate) fn new(grants: &Grants, path: &str, access: Access) -> Result<Self, ToolError> {
        if path.contains('\0') {
            return Err(told("A path cannot hold a NUL character."));
        }
        let absolute = grants.resolve(path);
        let shown = shown(grants, &absolute);
        let root = covering(grants, &absolute, access)
            .ok_or_else(|| told(ungranted(grants, &shown, access)))?;
        let opened = open_root(grants, root, access);
        let (dir, file) = opened.map_err(|refused| told(refused.text(&shown)))?;
        let below = absolute.strip_prefix(root).unwrap_or(Path::new(""));
        match file {
            None => Ok(Self {
                dir,
                name: below.to_owned(),
                shown,
                absolute,
                follow: FollowSymlinks::Yes,
            }),
            Some(name) if below.as_os_str().is_empty() => Ok(Self {
                dir,
                name,
                shown,
                absolute,
                follow: FollowSymlinks::No,
            }),
            Some(_) => Err(told(format!("`{shown}` does not exist."))),
        }
    }

    /// Opens the file for reading. Anything but a plain file is refused, without waiting for
    /// the other end of a pipe.
    pub(crate) fn open_file(&self) -> Result<File, ToolError> {
        self.open_below(Path::new(""))
    }

    /// Opens a file below this folder in the same way.
    pub(crate) fn open_below(&self, path: &Path) -> Result<File, ToolError> {
        let mut options = OpenOptions::new();
        options.read(true).nonblock(true).follow(self.follow);
        // Joined with nothing, a file's path would end in a slash.
        let name = if path.as_os_str().is_empty() {
            self.name_or_dot().to_owned()
        } else {
            self.name.join(path)
        };
        let failed = |error: io::Error| told(failure(&error, &self.shown));
        let file = self.dir.open_with(name, &options).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(told(format!(
                "`{}` is a folder; list_files shows what is in it.",
                self.shown
            )));
        }
        if !metadata.is_file() {
            return Err(told(format!(
                "`{}` is no plain file (a device, a pipe or a socket) and is not read.",
                self.shown
            )));
        }
        Ok(file)
    }

    /// The path from the opened folder, `.` for the folder itself.
    pub(crate) fn name_or_dot(&self) -> &Path {
        if self.name.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &self.name
        }
    }
}

/// A path as it is told.
pub(crate) fn shown(grants: &Grants, absolute: &Path) -> String {
    let own = grants
        .package_files()
        .and_then(|files| absolute.strip_prefix(files).ok());
    let own = own.map(|below| Path::new("files").join(below));
    if let Some(own) = &own {
        return slashed(own);
    }
    let path = match absolute.strip_prefix(grants.workdir()) {
        Ok(inside) if inside.as_os_str().is_empty() => return ".".into(),
        Ok(inside) => inside,
        Err(_) => absolute,
    };
    slashed(path)
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// The widest granted folder that covers the path: links between its parts stay inside it.
fn covering<'g>(grants: &'g Grants, absolute: &Path, access: Access) -> Option<&'g Path> {
    grants
        .folders()
        .filter(|(root, granted)| {
            absolute.starts_with(root) && (access == Access::Read || *granted == Access::Write)
        })
        .map(|(root, _)| root)
        .min_by_key(|root| root.components().count())
}

fn ungranted(grants: &Grants, path: &str, access: Access) -> String {
    let verb = match access {
        Access::Read => "read",
        Access::Write => "write",
    };
    let folders: Vec<String> = grants
        .folders()
        .filter(|(_, granted)| access == Access::Read || *granted == Access::Write)
        .map(|(root, _)| format!("`{}`", shown(grants, root)))
        .collect();
    let path = cut(path, 200);
    if folders.is_empty() {
        format!("`{path}` cannot be used: this agent may {verb} no files at all.")
    } else {
        let folders = folders.join(", ");
        format!("`{path}` cannot be used: this agent may {verb} files only in {folders}.")
    }
}

enum Refused {
    Link(String),
    Failed(io::Error),
}

impl Refused {
    fn text(&self, shown: &str) -> String {
        match self {
            Self::Link(part) => format!(
                "`{shown}` cannot be used: `{part}` is a link, and what was granted is the path \
                 itself; the person who runs this agent can grant the folder that it leads to."
            ),
            Self::Failed(error) => failure(error, shown),
        }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Opens what was granted: a folder, or the folder of a single file and the file's name.
fn open_root(
    grants: &Grants,
    root: &Path,
    access: Access,
) -> Result<(Dir, Option<PathBuf>), Refused> {
    let authority = ambient_authority();
    let Ok(inside) = root.strip_prefix(grants.workdir()) else {
        // A folder elsewhere: the person named it, links on the way to it included.
        return match Dir::open_ambient_dir(root, authority) {
            Ok(dir) => Ok((dir, None)),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => file_in(root),
            Err(error) if error.kind() == io::ErrorKind::NotFound && access == Access::Write => {
                Dir::create_ambient_dir_all(root, authority)?;
                Ok((Dir::open_ambient_dir(root, authority)?, None))
            }
            Err(error) => Err(error.into()),
        };
    };
    // The working folder may come from others, with links in it that lead anywhere.
    let mut dir = Dir::open_ambient_dir(grants.workdir(), authority)?;
    let mut parts = inside.components().peekable();
    while let Some(Component::Normal(part)) = parts.next() {
        let kind = match dir.symlink_metadata(part) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound && access == Access::Write => {
                dir.create_dir(part)?;
                dir.symlink_metadata(part)?.file_type()
            }
            Err(error) => return Err(error.into()),
        };
        if kind.is_symlink() {
            return Err(Refused::Link(part.to_string_lossy().into_owned()));
        }
        if !kind.is_dir() && parts.peek().is_none() {
            return Ok((dir, Some(part.into())));
        }
        dir = dir.open_dir_nofollow(part)?;
    }
    Ok((dir, None))
}

fn file_in(file: &Path) -> Result<(Dir, Option<PathBuf>), Refused> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(io::Error::from(io::ErrorKind::NotFound).into());
    };
    let dir = Dir::open_ambient_dir(folder, ambient_authority())?;
    Ok((dir, Some(name.into())))
}

/// What the system says about a path, for the model.
pub(crate) fn failure(error: &io::Error, shown: &str) -> String {
    let shown = cut(shown, 200);
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("`{shown}` does not exist; list_files shows what there is.")
        }
        // cap-std's own refusal has no number of the operating system.
        io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => {
            format!(
                "`{shown}` leads out of the granted folder through a link, and is not followed."
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!("`{shown}` cannot be used: the system denies access to it.")
        }
        io::ErrorKind::IsADirectory => format!("`{shown}` is a folder."),
        io::ErrorKind::NotADirectory => {
            format!("`{shown}` cannot be reached: a part of the path is a file, not a folder.")
        }
        _ => format!("`{shown}` cannot be used: {error}."),
    }
}
