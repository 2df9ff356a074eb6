//! What a package asks for, with the paths that are really meant.

use std::path::Path;

use slipway_contract::permission::Permission;

use super::sanitize;

/// `read files in /home/me/receipts`.
pub(crate) fn described(permission: &Permission, workdir: &Path) -> String {
    let permission = slipway_app::absolute(permission, workdir);
    sanitize::exact(&permission.to_string()).into_owned()
}
