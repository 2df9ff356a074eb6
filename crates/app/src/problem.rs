//! Errors of the crates below as they cross the boundary.

use slipway_agent::package::PackageError;
use slipway_contract::{ErrorCode, Problem};
use slipway_store::StoreError;

pub(crate) fn from_package(error: &PackageError) -> Problem {
    error.to_problem()
}

pub(crate) fn from_store(error: &StoreError) -> Problem {
    let code = match error {
        StoreError::Ambiguous { .. } => ErrorCode::InvalidInput,
        StoreError::NoSnapshot(_) => {
            return Problem::new(ErrorCode::NotFound, error.to_string())
                .help("Those that are there: slipway snapshots list");
        }
        StoreError::InUse(_) => ErrorCode::Busy,
        StoreError::Busy => {
            return Problem::new(ErrorCode::Busy, error.to_string()).help(
                "Nothing is lost. Close the program that has it open, or wait for it, and try again.",
            );
        }
        StoreError::Stopped => ErrorCode::WrongState,
        _ => ErrorCode::Storage,
    };
    Problem::new(code, error.to_string())
}

/// A file or folder that could not be read or written.
pub(crate) fn from_io(attempted: &str, path: &std::path::Path, error: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::Storage,
        format!("{} could not be {attempted}: {error}", path.display()),
    )
}
