//! What a run may do without being asked about, by where its package comes from.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use slipway_agent::policy::Grants;
use slipway_contract::permission::Permission;

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// This folder, its links resolved, which the person runs: built-in tools inside it are
    /// granted, wherever the run's own paths start.
    Folder(PathBuf),
    /// Imported: everything is asked.
    Imported,
}

/// Of what a package asks for in this working folder, what its origin grants. `local_tools` are
/// the built-in tools that cannot leave this machine.
#[must_use]
pub fn granted_by_origin(
    asked: &[Permission],
    origin: &Origin,
    workdir: &Path,
    local_tools: &[&str],
) -> Vec<Permission> {
    let Origin::Folder(folder) = origin else {
        return Vec::new();
    };
    let grants = Grants::new(workdir, &[]);
    let is_inside = |path: &str| inside(folder, &grants.resolve(path));
    // A tool that writes unasked writes wherever writing is granted, so all of that must lie inside.
    let writes_inside = asked.iter().all(|permission| match permission {
        Permission::WriteFiles { path } => is_inside(path),
        _ => true,
    });
    asked
        .iter()
        .filter(|permission| match permission {
            Permission::ReadFiles { path } | Permission::WriteFiles { path } => is_inside(path),
            Permission::Unasked { tool } => writes_inside && local_tools.contains(&tool.as_str()),
            Permission::Network { .. } | Permission::Command { .. } => false,
        })
        .cloned()
        .collect()
}

/// Whether a path lies in the folder, by its text and by where its links lead.
fn inside(folder: &Path, path: &Path) -> bool {
    let Ok(relative) = path.strip_prefix(folder) else {
        return false;
    };
    let mut place = folder.to_path_buf();
    for component in relative.components() {
        let Component::Normal(name) = component else {
            return false;
        };
        place.push(name);
        match place.symlink_metadata() {
            Ok(found) if found.is_symlink() => {
                let (Ok(target), Ok(root)) = (place.canonicalize(), folder.canonicalize()) else {
                    return false;
                };
                if !target.starts_with(root) {
                    return false;
                }
            }
            Ok(_) => {}
            // What is not there yet cannot be a link.
            Err(error) if error.kind() == ErrorKind::NotFound => return true,
            Err(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<Permission> {
        vec![
            Permission::ReadFiles {
                path: "./receipts".into(),
            },
            Permission::WriteFiles { path: "out".into() },
            Permission::ReadFiles {
                path: "/etc".into(),
            },
            Permission::ReadFiles {
                path: "../elsewhere".into(),
            },
            Permission::Network {
                host: "api.example.com".into(),
            },
            Permission::Command {
                command: vec!["npx".into()],
            },
            Permission::Unasked {
                tool: "write_file".into(),
            },
            Permission::Unasked {
                tool: "http_request".into(),
            },
        ]
    }

    fn from(folder: &Path) -> Origin {
        Origin::Folder(folder.to_path_buf())
    }

    #[test]
    fn a_folder_grants_what_lies_inside_it() {
        let folder = tempfile::tempdir().unwrap();
        let asked = asked();
        let origin = from(folder.path());
        let granted = granted_by_origin(&asked, &origin, folder.path(), &["write_file"]);
        assert_eq!(
            granted,
            [asked[0].clone(), asked[1].clone(), asked[6].clone()]
        );
    }

    #[test]
    fn another_working_folder_is_not_inside_the_packages() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let origin = from(folder.path());
        let local = ["write_file"];
        let granted = granted_by_origin(&asked(), &origin, elsewhere.path(), &local);
        assert_eq!(granted, []);

        let below = folder.path().join("october");
        std::fs::create_dir(&below).unwrap();
        let up = [
            Permission::ReadFiles {
                path: "../september".into(),
            },
            Permission::ReadFiles {
                path: "../..".into(),
            },
        ];
        assert_eq!(
            granted_by_origin(&up, &origin, &below, &local),
            [up[0].clone()]
        );
    }

    #[test]
    fn a_tool_writes_unasked_only_when_all_writing_is_inside() {
        let folder = tempfile::tempdir().unwrap();
        let asked = [
            Permission::WriteFiles { path: "out".into() },
            Permission::WriteFiles {
                path: "/srv/shared".into(),
            },
            Permission::Unasked {
                tool: "write_file".into(),
            },
        ];
        let granted =
            granted_by_origin(&asked, &from(folder.path()), folder.path(), &["write_file"]);
        assert_eq!(granted, [asked[0].clone()]);
    }

    #[test]
    fn an_import_grants_nothing() {
        assert_eq!(
            granted_by_origin(
                &asked(),
                &Origin::Imported,
                Path::new("/x"),
                &["write_file"]
            ),
            []
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_not_inside_it() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("receipts")).unwrap();
        let asked = [Permission::ReadFiles {
            path: "./receipts/passwd".into(),
        }];
        assert_eq!(
            granted_by_origin(&asked, &from(folder.path()), folder.path(), &[]),
            []
        );
    }

    #[test]
    fn a_place_that_cannot_be_looked_at_is_not_inside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "x").unwrap();
        let too_long = "x".repeat(5_000);
        for path in ["file/below", &too_long] {
            assert!(!inside(folder.path(), &folder.path().join(path)), "{path}");
        }
        assert!(inside(folder.path(), &folder.path().join("new/below")));
    }
}
