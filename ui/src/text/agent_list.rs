//! Texts of the list of agents, of making one and of importing one.

use slipway_contract::tool::ApprovalPolicy;

/// The lists of agents, in the order of their buttons.
pub(crate) const AGENTS_SHOWN: [&str; 3] = ["In use", "Archived", "Deleted"];
pub(crate) const WHICH_AGENTS: &str = "Which agents";
pub(crate) const SEARCH_AGENTS: &str = "Search agents";
pub(crate) const TAG: &str = "Tag";
pub(crate) const THIS_MONTH: &str = "This month";
pub(crate) const CHANGED: &str = "Changed";
pub(crate) const ACTIONS: &str = "Actions";
pub(crate) const NO_AGENT_FITS: &str = "No agent is like that";
pub(crate) const SHOW_ALL_AGENTS: &str = "Show all";
pub(crate) const NONE_ARCHIVED: &str = "No agent is archived";
pub(crate) const NONE_ARCHIVED_HOW: &str =
    "An archived agent is out of the way and otherwise stays as it is.";
pub(crate) const NONE_REMOVED: &str = "Nothing was deleted in the last 30 days";
pub(crate) const NONE_REMOVED_HOW: &str = "A deleted agent can be put back from here.";
pub(crate) const REMOVED_WHEN: &str = "Deleted";
pub(crate) const BACK_UNTIL: &str = "Can be put back until";
pub(crate) const PUT_BACK: &str = "Put back";
pub(crate) const ARCHIVE: &str = "Archive";
pub(crate) const UNARCHIVE: &str = "Put back in use";
pub(crate) const RENAME_AGENT: &str = "Rename…";
pub(crate) const RENAME_IT: &str = "Rename";
pub(crate) const DUPLICATE: &str = "Duplicate…";
pub(crate) const DUPLICATE_IT: &str = "Duplicate";
pub(crate) const DUPLICATE_HOW: &str = "The whole package is copied, with what is not saved yet. Nothing that you granted is granted to the copy.";
pub(crate) const DELETE: &str = "Delete…";
pub(crate) const DELETE_IT: &str = "Delete";
pub(crate) const DELETE_HOW: &str =
    "Its runs and versions can still be read. You can undo this for 30 days.";
pub(crate) const DELETE_FOLDER_STAYS: &str = "Its folder stays where it is.";
pub(crate) const KEEP: &str = "Keep";
pub(crate) const AGENT_TITLE: &str = "Title";
pub(crate) const AGENT_TITLE_HELP: &str =
    "Shown in lists. The name that commands use stays the same.";
pub(crate) const AGENT_NAME: &str = "Name";
pub(crate) const AGENT_NAME_HELP: &str =
    "Lower-case letters, digits and hyphens; it cannot be changed later.";
pub(crate) const NAME_FIRST: &str = "Write a valid name first";
pub(crate) const COST_AT_LEAST: &str = "Some runs cost more than that; how much is not known";

pub(crate) const BLANK: &str = "Blank";
pub(crate) const BLANK_HOW: &str = "Instructions to fill in, a model, and a calculator.";
pub(crate) const BEGIN_FROM: &str = "Begin from";
pub(crate) const CREATE_AGENT: &str = "Create agent";
pub(crate) const EXAMPLES: &str = "Examples";
pub(crate) const EXAMPLES_HOW: &str = "With their own data; they run without a key.";
pub(crate) const OPEN: &str = "Open";
pub(crate) const IMPORT_PACKAGE: &str = "Import";
pub(crate) const IMPORT_HOW: &str =
    "Nothing is run or connected to. What the package asks for is shown before it is added.";
pub(crate) const PACKAGE_PATH: &str = "Path of a folder or .slipway archive";
pub(crate) const CHOOSE_ARCHIVE: &str = "Choose archive…";
pub(crate) const CHOOSE_FOLDER: &str = "Choose folder…";
pub(crate) const LOOK_AT_IT: &str = "Look at it";
pub(crate) const WRITTEN_BY: &str = "By";
pub(crate) const NOBODY_SAYS: &str = "not said";
pub(crate) const NOT_CHECKED: &str = "as the package says; nobody has checked it";
pub(crate) const LICENCE: &str = "Licence";
pub(crate) const PACKAGE_MODEL: &str = "Model";
pub(crate) const PACKAGE_SIZE: &str = "Size";
pub(crate) const CONTENT_HASH: &str = "Hash";
pub(crate) const USES_TOOLS: &str = "Uses";
pub(crate) const IT_ASKS_TO: &str = "Asks for";
pub(crate) const ASKS_NOTHING: &str = "Nothing";
pub(crate) const IMPORT_IT: &str = "Import agent";
pub(crate) const IMPORT_AS_VERSION: &str = "Import as its new version";
pub(crate) const SAME_HERE: &str = "This very package is here already.";
pub(crate) const GRANTS_NOTHING: &str =
    "Importing grants nothing: when it first runs, everything is asked.";

pub(crate) fn agents_found(found: usize, all: usize) -> String {
    format!(
        "{} of {}",
        crate::format::count(found as u64),
        super::agents(all)
    )
}

/// How a package asks for a tool to be approved.
pub(crate) const fn asked_approval(policy: Option<ApprovalPolicy>) -> &'static str {
    match policy {
        None => "",
        Some(ApprovalPolicy::Allow) => "wants to be allowed",
        Some(ApprovalPolicy::Ask) => "asks each time",
        Some(ApprovalPolicy::Deny) => "never",
    }
}

pub(crate) fn sort_by(column: &str) -> String {
    format!("Sort by {}", column.to_lowercase())
}

pub(crate) fn without_tag(tag: &str) -> String {
    format!("No longer only {tag}")
}

pub(crate) fn more_of(title: &str) -> String {
    format!("More for {title}")
}

pub(crate) fn cannot_be_run(why: &str) -> String {
    format!("Cannot be run: {why}")
}

pub(crate) fn archived(title: &str, archived: bool) -> String {
    match archived {
        true => format!("{title} archived"),
        false => format!("{title} is in use again"),
    }
}

pub(crate) fn deleted(title: &str) -> String {
    format!("{title} deleted")
}

pub(crate) fn put_back(title: &str) -> String {
    format!("Put {title} back")
}

pub(crate) fn rename_title(title: &str) -> String {
    format!("Rename {title}")
}

pub(crate) fn duplicate_title(title: &str) -> String {
    format!("Duplicate {title}")
}

pub(crate) fn delete_title(title: &str) -> String {
    format!("Delete {title}?")
}

pub(crate) fn copy_of(title: &str) -> String {
    // The most characters of a title are a hundred.
    let title: String = title.chars().take(90).collect();
    format!("{title} (copy)")
}

/// A name like this one that is not taken.
pub(crate) fn free_name(like: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = like.get(..like.len().min(58)).unwrap_or("agent");
    let stem = stem.trim_end_matches('-');
    let names = (2..).map(|number: u32| format!("{stem}-{number}"));
    names
        .take(10_000)
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| stem.to_owned())
}

/// A title as a name: what a person most likely means.
pub(crate) fn name_of(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'a'..='z' | '0'..='9' => Some(letter),
            'ä' | 'à' | 'á' | 'â' | 'å' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'í' | 'ì' | 'î' | 'ï' => Some('i'),
            'ö' | 'ó' | 'ò' | 'ô' | 'ø' => Some('o'),
            'ü' | 'ú' | 'ù' | 'û' => Some('u'),
            'ñ' => Some('n'),
            'ç' => Some('c'),
            _ => None,
        };
        match plain {
            Some(plain) if !name.is_empty() || plain.is_ascii_lowercase() => name.push(plain),
            None if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
        if name.len() >= 60 {
            break;
        }
    }
    name.trim_end_matches('-').to_owned()
}

pub(crate) fn files_and_size(files: u64, size: &str) -> String {
    let files = super::counted(files, "file", "files");
    format!("{files}, {size}")
}

pub(crate) fn name_is_taken(title: &str, version: &str) -> String {
    format!(
        "{title} has this name here, in another version ({version}). Replacing it keeps that version; what you granted to it is forgotten."
    )
}

pub(crate) fn import_as(name: &str) -> String {
    format!("Import as {name}")
}

/// A title that no agent can have.
pub(crate) fn title_too_long(length: usize, most: usize) -> String {
    format!("The title has {length} characters, and {most} are the most.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use slipway_contract::AgentName;

    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_is_valid_or_empty() {
        for (title, name) in [
            ("Expense report", "expense-report"),
            ("  Größe & Maß! ", "gro-e-ma"),
            ("2027 plan", "plan"),
            ("<script>alert(1)</script>", "script-alert-1-script"),
            ("مرحبا 🎉", ""),
        ] {
            assert_eq!(name_of(title), name);
        }
        let long = name_of(&"abc ".repeat(2_000));
        long.parse::<AgentName>().unwrap();
    }

    #[test]
    fn a_free_name_is_one() {
        let taken = |name: &str| name == "clerk-2";
        assert_eq!(free_name("clerk", taken), "clerk-3");
        let long = "a".repeat(64);
        free_name(&long, |_| false).parse::<AgentName>().unwrap();
    }
}
