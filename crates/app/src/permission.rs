//! What a package asks for, as a person must read it to decide.

use std::path::Path;

use slipway_agent::policy::Grants;
use slipway_contract::permission::Permission;

/// The permission with the absolute path that it means in a run of this working folder.
#[must_use]
pub fn absolute(permission: &Permission, workdir: &Path) -> Permission {
    let grants = Grants::new(workdir, &[]);
    let meant = |path: &str| grants.resolve(path).to_string_lossy().into_owned();
    match permission {
        Permission::ReadFiles { path } => Permission::ReadFiles { path: meant(path) },
        Permission::WriteFiles { path } => Permission::WriteFiles { path: meant(path) },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_what_the_tools_will_open() {
        let meant = |path: &str| {
            absolute(
                &Permission::ReadFiles { path: path.into() },
                Path::new("/home/me/agent"),
            )
        };
        for (path, expected) in [
            ("./receipts", "/home/me/agent/receipts"),
            ("../other", "/home/me/other"),
            ("/etc", "/etc"),
        ] {
            let expected = Permission::ReadFiles {
                path: expected.into(),
            };
            assert_eq!(meant(path), expected);
        }
    }
}
