//! The package format: an agent as a folder or a `.slipway` archive of it.
//!
//! Reading checks everything and runs nothing: no process, no connection. [`Files`] holds paths
//! and bytes within the format's limits, [`Manifest`] what `agent.toml` says, and [`Package`] is
//! a version of an agent that is valid as a whole.

mod archive;
mod diff;
pub mod document;
pub mod edit;
mod error;
mod files;
mod folder;
pub mod hash;
pub mod manifest;
pub mod path;
mod template;
#[cfg(test)]
mod testing;

use std::path::Path;

use slipway_contract::error::Finding;
use slipway_contract::permission::Permission;
use slipway_contract::{AgentName, ContentHash};

pub use archive::{ArchiveFault, MAX_ARCHIVE_BYTES};
pub use diff::{diff, text_diff};
pub use error::PackageError;
pub use files::{Files, MAX_FILES, MAX_INSTRUCTIONS_BYTES, MAX_MANIFEST_BYTES, MAX_TOTAL_BYTES};
pub use folder::Existing;
pub use manifest::Manifest;
pub use path::PackagePath;
pub use template::{TEMPLATES, Template};

use error::finding;
use path::{INSTRUCTIONS, MANIFEST, README};

/// A version of an agent: files that make a valid package.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    files: Files,
    manifest: Manifest,
    instructions: String,
    readme: Option<String>,
    content: ContentHash,
    behaviour: ContentHash,
}

impl Package {
    /// The package that these files make. `known_tools` are the names of the built-in tools and
    /// of the integrations' tools that exist.
    ///
    /// # Errors
    /// [`PackageError::Invalid`] with everything that is wrong.
    pub fn from_files(files: Files, known_tools: &[&str]) -> Result<Self, PackageError> {
        let mut findings = Vec::new();
        let manifest = required(&files, MANIFEST, MAX_MANIFEST_BYTES)
            .map_err(|missing| vec![missing])
            .and_then(|text| {
                let recordings: Vec<&str> = files.recordings().collect();
                Manifest::parse(text, known_tools, &recordings)
            })
            .map_err(|wrong| findings.extend(wrong));
        let instructions = required(&files, INSTRUCTIONS, MAX_INSTRUCTIONS_BYTES)
            .and_then(|text| match text.trim() {
                "" => Err(finding(
                    INSTRUCTIONS,
                    "it is empty: say what the agent does",
                )),
                _ => Ok(text.to_owned()),
            })
            .map_err(|wrong| findings.push(wrong));
        let readme = text(&files, README).map_err(|wrong| findings.push(wrong));
        match (manifest, instructions, readme) {
            (Ok(manifest), Ok(instructions), Ok(readme)) => Ok(Self {
                content: hash::content(&files),
                behaviour: hash::behaviour(&files),
                readme: readme.map(str::to_owned),
                files,
                manifest,
                instructions,
            }),
            _ => Err(PackageError::invalid(findings)),
        }
    }

    /// Reads the package in a folder. Other files beside it are left alone.
    ///
    /// # Errors
    /// As [`Self::from_files`], and [`PackageError::Io`].
    pub fn read_folder(folder: &Path, known_tools: &[&str]) -> Result<Self, PackageError> {
        Self::from_files(Files::read_folder(folder)?, known_tools)
    }

    /// Reads the package in an archive.
    ///
    /// # Errors
    /// As [`Self::from_files`], and [`PackageError::Archive`].
    pub fn read_archive(bytes: &[u8], known_tools: &[&str]) -> Result<Self, PackageError> {
        Self::from_files(Files::read_archive(bytes)?, known_tools)
    }

    /// A new agent's package, to begin from.
    ///
    /// # Errors
    /// None that a valid name can cause.
    pub fn new_from_template(name: &AgentName) -> Result<Self, PackageError> {
        Self::from_files(template::files(name)?, template::TOOLS)
    }

    /// A new agent's package of this kind. `known_tools` are the names of the tools that exist.
    ///
    /// # Errors
    /// [`PackageError::Invalid`] when a tool that the template uses is not there.
    pub fn from_template(
        template: Template,
        name: &AgentName,
        known_tools: &[&str],
    ) -> Result<Self, PackageError> {
        Self::from_files(template.files(name)?, known_tools)
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// What `agent.toml` says.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The instructions, Markdown.
    #[must_use]
    pub fn instructions(&self) -> &str {
        &self.instructions
    }

    /// The README, Markdown.
    #[must_use]
    pub fn readme(&self) -> Option<&str> {
        self.readme.as_deref()
    }

    /// The hash of all files, which names the version.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        self.content
    }

    /// The hash of the files that decide how the agent behaves; grants are bound to it.
    #[must_use]
    pub fn behaviour_hash(&self) -> ContentHash {
        self.behaviour
    }

    /// All that the package asks for; see [`Manifest::permissions`].
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        self.manifest.permissions()
    }
}

impl Files {
    /// Reads the files of the package in a folder, without asking whether they make a valid one.
    ///
    /// # Errors
    /// [`PackageError::Io`], and [`PackageError::Invalid`] for symbolic links, unfit names and
    /// broken limits.
    pub fn read_folder(folder: &Path) -> Result<Self, PackageError> {
        folder::read(folder)
    }

    /// Reads the files in an archive, without asking whether they make a valid package.
    ///
    /// # Errors
    /// [`PackageError::Archive`] for an archive that cannot be trusted as a whole, and
    /// [`PackageError::Invalid`] for entries that have no place in a package.
    pub fn read_archive(bytes: &[u8]) -> Result<Self, PackageError> {
        archive::read(bytes)
    }

    /// The `.slipway` archive of these files: the same bytes for the same files, always.
    ///
    /// # Errors
    /// None that files within the limits can cause.
    pub fn to_archive(&self) -> Result<Vec<u8>, PackageError> {
        Ok(archive::write(self)?)
    }

    /// Writes the files to a folder: all of them, or none. The folder's parent must exist.
    ///
    /// # Errors
    /// [`PackageError::Occupied`] where something is in the way, [`PackageError::Invalid`] where
    /// the folder has parts of a package in the wrong case or as links, [`PackageError::Io`].
    pub fn write_folder(&self, folder: &Path, existing: Existing) -> Result<(), PackageError> {
        folder::write(self, folder, existing)
    }
}

/// Gives one file of the package in a folder this content or, without one, removes it; nothing
/// else is touched, and nothing is written through a symbolic link.
///
/// # Errors
/// [`PackageError::Occupied`] where something else is in the way, [`PackageError::Io`].
pub fn put_in_folder(
    folder: &Path,
    path: &PackagePath,
    content: Option<&[u8]>,
) -> Result<(), PackageError> {
    folder::put(folder, path, content)
}

fn required<'a>(files: &'a Files, path: &'static str, most: u64) -> Result<&'a str, Finding> {
    let Some(text) = text(files, path)? else {
        return Err(finding(path, "the file is missing: every package has it"));
    };
    if text.len() as u64 > most {
        let message = format!(
            "it has {} bytes, and {} KiB are the most",
            text.len(),
            most >> 10
        );
        return Err(finding(path, message));
    }
    Ok(text)
}

fn text<'a>(files: &'a Files, path: &'static str) -> Result<Option<&'a str>, Finding> {
    let Some(bytes) = files.get(path) else {
        return Ok(None);
    };
    std::str::from_utf8(bytes).map(Some).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Finding {
            line: u32::try_from(line).ok(),
            ..finding(path, "it is not UTF-8 text: save it as UTF-8")
        }
    })
}
