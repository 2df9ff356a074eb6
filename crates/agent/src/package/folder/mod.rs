//! A package as a folder. Everything goes through a handle of the folder, so that no symbolic
//! link, and no race with one, leads out of it.

mod put;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::io;
use std::path::Path;

use super::error::PackageError;
pub(super) use put::put;
pub(super) use read::read;
pub use write::Existing;
pub(super) use write::write;

/// What an update works in; left behind only when the process is killed in the middle of one.
const UPDATE: &str = ".slipway-update-";

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PackageError {
    let path = path.to_owned();
    move |source| PackageError::Io {
        action,
        path,
        source,
    }
}
