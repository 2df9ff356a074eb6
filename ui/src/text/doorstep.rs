//! Texts of what comes to the window from outside.

pub(crate) const NOT_OPENED: &str = "That was not opened";
pub(crate) const LINK_TO_AGENT: &str = "A link wants to show this agent";
pub(crate) const LINK_TO_ASK: &str = "A link wants to begin a conversation with this agent";
pub(crate) const LINK_TO_WRITE: &str = "A link wants to write this to an agent";
pub(crate) const LINK_TO_WRITE_WHAT: &str =
    "It would stand in the field of a new conversation. Nothing runs before you press Run.";
pub(crate) const LINK_TO_RUN: &str = "A link wants to show this run";
pub(crate) const LINK_TO_IMPORT: &str = "A link wants to import this package";
pub(crate) const LINK_TO_IMPORT_WHAT: &str =
    "What it is and asks for would be shown first. Nothing is imported before you press Import.";
pub(crate) const LINK_IS_NOBODYS: &str =
    "Any page or message can hold such a link. Nothing was done yet.";
pub(crate) const LINK_OPEN: &str = "Show it";
pub(crate) const LINK_WRITE: &str = "Write it down";
pub(crate) const LINK_LOOK: &str = "Look at it";
pub(crate) const LINK_LEAVE: &str = "Do nothing";
pub(crate) const DROP_TO_LOOK: &str = "Drop the package to look at it";
pub(crate) const UPDATES: &str = "Newer versions";
pub(crate) const LOOK_FOR_UPDATE: &str = "Look for a newer version";
pub(crate) const NEWEST_VERSION: &str = "This is the newest version.";
pub(crate) const INSTALL_UPDATE: &str = "Install it and start again";
pub(crate) const INSTALL_UPDATE_HOW: &str = "Only what is signed by who made this version is installed, and never an older one. Runs are let go of first and can be resumed.";

/// A file that was dropped is no package.
pub(crate) fn not_a_package(name: &str) -> String {
    format!("{name} is no package: packages end in .slipway. A folder is chosen under New agent.")
}

/// A package that was dropped is too large for that.
pub(crate) fn too_large_to_drop(name: &str, most: &str) -> String {
    format!("{name} is larger than {most}: choose it under New agent.")
}

/// Whom a newer version is asked for.
pub(crate) fn asks_for_update(host: &str) -> String {
    format!(
        "It asks {host} for newer versions when you press the button in Settings, About, and then alone."
    )
}

/// There is a newer version.
pub(crate) fn newer_version(version: &str) -> String {
    format!("There is a newer one: {version}.")
}
