//! What was granted, as a tool's door asks it.

use std::path::{Component, Path, PathBuf};

use slipway_contract::permission::Permission;

use crate::package::path::FILES;
use crate::spec::RunSpec;

/// What a tool wants to do with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Read,
    /// Write (and read).
    Write,
}

/// All that a run may touch; empty grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    workdir: PathBuf,
    folders: Vec<(PathBuf, Access)>,
    hosts: Vec<String>,
    package_files: Option<PathBuf>,
}

impl Grants {
    /// What a run may touch.
    #[must_use]
    pub fn of(spec: &RunSpec) -> Self {
        let grants = Self::new(Path::new(&spec.workdir), &spec.granted);
        match &spec.package_files {
            Some(folder) => grants.with_package_files(Path::new(folder)),
            None => grants,
        }
    }

    /// The grants of a run in this working folder.
    #[must_use]
    pub fn new(workdir: &Path, granted: &[Permission]) -> Self {
        let mut grants = Self {
            workdir: normal(workdir),
            ..Self::default()
        };
        for permission in granted {
            match permission {
                Permission::ReadFiles { path } => {
                    grants.folders.push((grants.resolve(path), Access::Read));
                }
                Permission::WriteFiles { path } => {
                    grants.folders.push((grants.resolve(path), Access::Write));
                }
                Permission::Network { host } => grants.hosts.push(host.to_ascii_lowercase()),
                Permission::Command { .. } | Permission::Unasked { .. } => {}
            }
        }
        grants
    }

    /// The same, for a run whose working folder is not the package's own: paths from `files` on
    /// are the package's files, which lie in this folder and may be read.
    #[must_use]
    pub fn with_package_files(mut self, folder: &Path) -> Self {
        let folder = normal(folder);
        self.folders.push((folder.clone(), Access::Read));
        self.package_files = Some(folder);
        self
    }

    /// Where the package's own files lie, when that is not in the working folder.
    #[must_use]
    pub fn package_files(&self) -> Option<&Path> {
        self.package_files.as_deref()
    }

    /// The run's working folder.
    #[must_use]
    pub fn workdir(&self) -> &Path {
        &self.workdir
    }

    /// A path as a package or a model writes it, made absolute by its text alone: `..` is
    /// folded, links are not followed. The file tools open it from [`Self::root_of`], so that
    /// no link leads out.
    #[must_use]
    pub fn resolve(&self, path: &str) -> PathBuf {
        let absolute = normal(&self.workdir.join(path));
        if let Some(files) = &self.package_files
            && Path::new(path).is_relative()
            && let Ok(below) = absolute.strip_prefix(self.workdir.join(FILES))
        {
            // Joined with nothing, it would end in a separator.
            return files.join(below).components().collect();
        }
        absolute
    }

    /// The granted folder (or file) that covers this absolute path, the deepest first.
    #[must_use]
    pub fn root_of(&self, path: &Path, access: Access) -> Option<&Path> {
        self.folders
            .iter()
            .filter(|(root, granted)| {
                path.starts_with(root) && (access == Access::Read || *granted == Access::Write)
            })
            .map(|(root, _)| root.as_path())
            .max_by_key(|root| root.components().count())
    }

    /// The granted folders, with what may be done there.
    pub fn folders(&self) -> impl Iterator<Item = (&Path, Access)> {
        self.folders
            .iter()
            .map(|(path, access)| (path.as_path(), *access))
    }

    /// The granted hosts as they were written, in lower case: `name`, or `name:port`.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants() -> Grants {
        Grants::new(
            Path::new("/home/me/agent"),
            &[
                Permission::ReadFiles {
                    path: "./receipts".into(),
                },
                Permission::WriteFiles { path: "out".into() },
                Permission::Network {
                    host: "API.example.com".into(),
                },
            ],
        )
    }

    #[test]
    fn paths_are_covered_by_what_was_granted_alone() {
        let grants = grants();
        let covers = |path: &str, access| grants.root_of(&grants.resolve(path), access).is_some();
        assert!(covers("receipts/a.csv", Access::Read));
        assert!(covers("receipts", Access::Read));
        assert!(covers("out/new/report.md", Access::Write));
        assert!(
            covers("out/report.md", Access::Read),
            "writing includes reading"
        );
        assert!(!covers("receipts/a.csv", Access::Write));
        assert!(
            !covers("receipts-private/a.csv", Access::Read),
            "a name that begins alike is another folder"
        );
        assert!(!covers("receipts/../secret", Access::Read));
        assert!(!covers("/etc/passwd", Access::Read));
        assert!(!covers("../../../../etc/passwd", Access::Read));
    }

    #[test]
    fn hosts_are_kept_in_lower_case() {
        assert_eq!(grants().hosts(), ["api.example.com"]);
    }

    #[test]
    fn a_package_in_another_folder_finds_its_own_files() {
        let granted = [Permission::WriteFiles { path: ".".into() }];
        let grants = Grants::new(Path::new("/home/me/project"), &granted)
            .with_package_files(Path::new("/data/packages/ab/files"));
        for (path, place) in [
            ("files/rates.csv", "/data/packages/ab/files/rates.csv"),
            ("./files/a/../b", "/data/packages/ab/files/b"),
            ("files", "/data/packages/ab/files"),
            ("files/../secret", "/home/me/project/secret"),
            ("files.csv", "/home/me/project/files.csv"),
            ("in/files/x", "/home/me/project/in/files/x"),
            ("/home/me/project/files/x", "/home/me/project/files/x"),
        ] {
            assert_eq!(grants.resolve(path), Path::new(place), "{path}");
        }
        let own = grants.resolve("files/rates.csv");
        assert!(grants.root_of(&own, Access::Read).is_some());
        assert_eq!(
            grants.root_of(&own, Access::Write),
            None,
            "nobody changes them"
        );
    }
}
