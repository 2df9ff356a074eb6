//! What a run may do without being asked about, by where its package comes from.

use std::path::{Component, Path};

use slipway_agent::policy::Grants;
use slipway_contract::permission::Permission;

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A folder that the person runs: built-in tools inside that folder are granted.
    Folder,
    /// Imported: everything is asked.
    Imported,
}

/// Of what a package asks for, what its origin grants. `local_tools` are the built-in tools that
/// touch nothing but files.
#[must_use]
pub fn granted_by_origin(
    asked: &[Permission],
    origin: Origin,
    workdir: &Path,
    local_tools: &[&str],
) -> Vec<Permission> {
    if origin == Origin::Imported {
        return Vec::new();
    }
    let grants = Grants::new(workdir, &[]);
    asked
        .iter()
        .filter(|permission| match permission {
            Permission::ReadFiles { path } | Permission::WriteFiles { path } => {
                inside(workdir, &grants.resolve(path))
            }
            Permission::Unasked { tool } => local_tools.contains(&tool.as_str()),
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
            Err(_) => return true,
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

    #[test]
    fn a_folder_grants_what_lies_inside_it() {
        let folder = tempfile::tempdir().unwrap();
        let asked = asked();
        let granted = granted_by_origin(&asked, Origin::Folder, folder.path(), &["write_file"]);
        assert_eq!(
            granted,
            [asked[0].clone(), asked[1].clone(), asked[6].clone()]
        );
    }

    #[test]
    fn an_import_grants_nothing() {
        assert_eq!(
            granted_by_origin(&asked(), Origin::Imported, Path::new("/x"), &["write_file"]),
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
            granted_by_origin(&asked, Origin::Folder, folder.path(), &[]),
            []
        );
    }
}
