//! Files inside the folders that were granted, and nowhere else.

mod backups;
pub(crate) mod change;
pub(crate) mod edit_file;
pub(crate) mod list_files;
pub(crate) mod place;
pub(crate) mod read_file;
pub(crate) mod search_files;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod walk;
pub(crate) mod write_file;

pub use backups::Backups;

/// What a package must ask for before a tool can read files.
pub(crate) const NEEDS_READ: &str =
    "A readable folder under [permissions] files, such as \"read:./data\".";
/// What a package must ask for before a tool can write files.
pub(crate) const NEEDS_WRITE: &str =
    "A writable folder under [permissions] files, such as \"write:./out\".";
