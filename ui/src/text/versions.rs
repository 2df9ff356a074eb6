//! Texts of the pages about an agent's versions.

use slipway_contract::version::VersionReason;

use super::counted;

pub(crate) const RESTORE: &str = "Restore";
pub(crate) const COMPARE: &str = "Compare";
pub(crate) const COMPARE_WITH_DRAFT: &str = "Compare with the draft";
pub(crate) const CHOOSE_TWO: &str = "Choose two versions to compare";
pub(crate) const NEWEST: &str = "newest";
pub(crate) const DRAFT: &str = "Draft";
pub(crate) const MADE: &str = "Made";
pub(crate) const WHY_MADE: &str = "Why";
pub(crate) const BEFORE: &str = "Before";
pub(crate) const AFTER: &str = "After";
pub(crate) const SHOW_ALL_LINES: &str = "Show all lines";
pub(crate) const IN_MEANING: &str = "What this changes";
pub(crate) const NO_VERSION_HERE: &str = "No version yet";
pub(crate) const IS_NEW: &str = "new";
pub(crate) const IS_GONE: &str = "gone";
pub(crate) const IMPORT_ASKS_AGAIN: &str =
    "This version came from another import, so what was granted is asked again.";
pub(crate) const FILE_ENDS: &str = "The file ends here without a line feed";

pub(crate) fn versions(versions: usize) -> String {
    counted(versions as u64, "version", "versions")
}

pub(crate) const fn why_made(why: VersionReason) -> &'static str {
    match why {
        VersionReason::Saved => "Made",
        VersionReason::BeforeRun => "Before a run",
        VersionReason::Imported => "Imported",
        VersionReason::Restored => "Restored",
    }
}

pub(crate) fn restored(version: &str) -> String {
    format!("Version {version} restored")
}

pub(crate) fn select_version(version: &str) -> String {
    format!("Choose version {version} to compare")
}

pub(crate) fn restore_version(version: &str) -> String {
    format!("Restore version {version}")
}

pub(crate) fn renamed(from: &str) -> String {
    format!("renamed from {from}")
}

pub(crate) fn other_bytes(before: Option<&str>, after: Option<&str>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{before} before, {after} now"),
        (Some(size), None) | (None, Some(size)) => size.to_owned(),
        (None, None) => String::new(),
    }
}

pub(crate) fn lines_left_out(lines: usize) -> String {
    counted(lines as u64, "more line", "more lines")
}
