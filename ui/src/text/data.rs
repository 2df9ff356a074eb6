//! Texts of the settings: budgets, prices, data.

use slipway_contract::Usd;
use slipway_contract::budget::Period;
use slipway_contract::data::{DataKind, ErrandKind, MovedData, SnapshotReason};

use super::counted;
use crate::format;

pub(crate) const BUDGETS: &str = "Budgets";
pub(crate) const BUDGETS_LEAD: &str = "What a call can cost at most is set aside before it is made. One that does not fit is never made.";
pub(crate) const ALL_AGENTS: &str = "All agents together";
pub(crate) const TODAY_BUDGET: &str = "Today";
pub(crate) const A_RUN: &str = "A run";
pub(crate) const A_RUN_HOW: &str =
    "Unless its agent says otherwise. A call that does not fit is never made.";
pub(crate) const NO_LIMIT: &str = "No limit";
pub(crate) const NO_LIMIT_HOW: &str = "Empty is no limit.";
pub(crate) const ONE_AGENT: &str = "One agent";
pub(crate) const NO_AGENT_BUDGET: &str =
    "No agent has a budget of its own. Those above hold for it.";
pub(crate) const ADD_BUDGET: &str = "Add a budget";
pub(crate) const PERIOD: &str = "Period";
pub(crate) const NOT_AN_AMOUNT: &str = "Write an amount in US dollars, such as 4 or 0.50.";
pub(crate) const NO_AGENT_YET_FOR_BUDGET: &str = "There is no agent yet.";
pub(crate) const CHANGE_PRICES: &str = "Change prices";
pub(crate) const PRICES: &str = "Prices";
pub(crate) const PRICES_HOW: &str = "What a call costs is reckoned with the prices that providers published. Yours go before them: write them into this file, and start Slipway again.";
pub(crate) const PRICES_FORM: &str = "format = 1\n\n[[price]]\nmodel = \"openai/my-model\"\ninput = \"1.25\"\noutput = \"10.00\"\nchecked = \"2026-11-22\"";
pub(crate) const PRICES_IN: &str = "In US dollars for a million tokens.";
pub(crate) const COPY_PATH: &str = "Copy path";
pub(crate) const COPY_FORM: &str = "Copy the form";
pub(crate) const OWN_PRICES_HERE: &str = "You have prices of your own.";

/// Of which day prices are.
pub(crate) fn prices_of(day: Option<&str>) -> String {
    day.map_or_else(
        || "No prices are known".to_owned(),
        |day| format!("Prices of {day}"),
    )
}

/// What was spent of a limit, in words.
pub(crate) fn period_spent(spent: Usd, reserved: Usd) -> String {
    if reserved == Usd::ZERO {
        return format!("{} spent", format::usd_period(spent));
    }
    let (spent, reserved) = (format::usd_period(spent), format::usd_period(reserved));
    format!("{spent} spent, {reserved} reserved")
}

/// A limit's name.
pub(crate) fn budget_of(what: &str) -> String {
    format!("Limit: {what}")
}

/// A period after what it is of.
pub(crate) const fn period(period: Period) -> &'static str {
    match period {
        Period::Day => "A day",
        Period::Month => "A month",
        Period::Total => "In total",
    }
}

/// The name of a button that removes a budget.
pub(crate) fn remove_budget(agent: &str, of: Period) -> String {
    format!(
        "Remove the budget of {agent}, {}",
        period(of).to_lowercase()
    )
}

pub(crate) const DATA: &str = "Data";
pub(crate) const DATA_LEAD: &str = "Everything lies on this machine: agents, versions, runs, what you allowed. Nothing of it is anywhere else.";
pub(crate) const WHERE_IT_IS: &str = "Where it is";
pub(crate) const SNAPSHOTS: &str = "Snapshots";
pub(crate) const SNAPSHOTS_HOW: &str = "One is taken each day and before each update. They take little space: what did not change is shared.";
pub(crate) const NO_SNAPSHOT: &str =
    "No snapshot yet. One is taken each day once there is something to keep.";
pub(crate) const TAKE_SNAPSHOT: &str = "Take one now";
pub(crate) const VERIFY_ALL: &str = "Verify all";
pub(crate) const VERIFY: &str = "Verify";
pub(crate) const RESTORE_ASKS: &str = "Restore…";
pub(crate) const SNAPSHOT_TAKEN: &str = "A snapshot was taken and verified.";
pub(crate) const SNAPSHOT_GOOD: &str = "Whole";
pub(crate) const SNAPSHOT_BAD: &str = "Not whole";
pub(crate) const SNAPSHOT_UNREADABLE: &str = "Cannot be read";
pub(crate) const GO_BACK_TO_IT: &str = "Go back to it";
pub(crate) const STAY: &str = "Stay";
pub(crate) const RESTORE_FOLLOWS: &str = "What happened since is no longer known after it: runs, answers, versions, what was spent. What is here now becomes a snapshot itself, so that you can come back.";
pub(crate) const RESTORE_FILES: &str = "Files that agents wrote stay as they are. Runs that are under way have to end first; the window stays open.";
pub(crate) const RESTORED: &str = "Restored";
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const COPIES: &str = "Copies";
pub(crate) const BACK_UP: &str = "Back up to a folder";
pub(crate) const BACK_UP_HOW: &str = "A copy of everything but keys, as of now, in a new folder: on another disk it outlives this one.";
pub(crate) const RESTORE_BACK_UP: &str = "Restore a back-up";
pub(crate) const RESTORE_BACK_UP_HOW: &str =
    "Puts such a copy in the place of what is here, which becomes a snapshot.";
pub(crate) const EXPORT_ALL: &str = "Export everything";
pub(crate) const EXPORT_ALL_HOW: &str = "Plain files that other programs can read, and that come back to the same bytes. No key is in them.";
pub(crate) const IMPORT_ALL: &str = "Import everything";
pub(crate) const IMPORT_ALL_HOW: &str =
    "Brings in an export where nothing is yet. All of it is checked first; nothing is run.";
pub(crate) const TO_FOLDER: &str = "Into this folder";
pub(crate) const FROM_FOLDER: &str = "Folder of the copy";
pub(crate) const FROM_EXPORT: &str = "Folder or archive of the export";
pub(crate) const CHOOSE_A_FOLDER: &str = "Choose a folder";
pub(crate) const NAME_FOLDER_FIRST: &str = "Name a folder first";
pub(crate) const START_BACK_UP: &str = "Back up";
pub(crate) const START_RESTORE: &str = "Restore";
pub(crate) const START_EXPORT: &str = "Export";
pub(crate) const START_IMPORT: &str = "Import";
pub(crate) const STOP_ERRAND: &str = "Stop";
pub(crate) const DELETE_ALL: &str = "Delete everything";
pub(crate) const DELETE_ALL_ASKS: &str = "Delete everything…";
pub(crate) const DELETE_ALL_HOW: &str =
    "Agents, versions, runs, budgets, snapshots and working folders, for good. Runs are ended.";
pub(crate) const DELETE_FOLLOWS: &str = "Everything in the folder of Slipway is deleted for good: agents, versions, runs, budgets, snapshots, the examples and the working folders of agents. Runs that are under way are ended. Folders of agents elsewhere, back-ups and exports stay.";
pub(crate) const DELETE_KEYS_TOO: &str = "The keys too";
pub(crate) const DELETE_KEYS_HOW: &str = "They are taken out of the keychain and the sealed file.";
pub(crate) const DELETE_TYPE: &str = "To do it, type: delete everything";
pub(crate) const DELETE_TYPE_FIRST: &str = "Type the words first";
pub(crate) const KEEP_ALL: &str = "Keep everything";
pub(crate) const DELETED: &str = "Everything is deleted";
pub(crate) const START_ANEW: &str = "Start anew";

/// How much there is.
pub(crate) fn data_size(bytes: u64) -> String {
    format::bytes(usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// A kind of what is kept, and what it is.
pub(crate) const fn data_kind(kind: DataKind) -> (&'static str, &'static str) {
    match kind {
        DataKind::Database => (
            "Database",
            "Agents, versions, runs, what you allowed, budgets",
        ),
        DataKind::Contents => ("Contents", "Files of versions, and long results"),
        DataKind::Snapshots => ("Snapshots", "Beyond what they share with the contents"),
        DataKind::Work => (
            "Working folders",
            "What agents without a folder of their own read and wrote",
        ),
        DataKind::Examples => ("Examples", "The examples and what they wrote"),
        DataKind::Backups => ("Earlier files", "As they were before tools changed them"),
        DataKind::Wire => (
            "Wire",
            "What went to models and came back, for 30 days at most",
        ),
        DataKind::Keys => ("Keys", "Their names, and the sealed file if there is one"),
        DataKind::Settings => ("Settings", "Your own prices and providers"),
        DataKind::Other => ("Other files", "Not made by Slipway, and left alone"),
    }
}

/// That some of it could not be looked at.
pub(crate) fn data_unread(count: u64) -> String {
    format!(
        "{} could not be looked at and {} not counted.",
        counted(count, "file or folder", "files and folders"),
        if count == 1 { "is" } else { "are" }
    )
}

/// Why a snapshot was taken.
pub(crate) const fn snapshot_reason(reason: SnapshotReason) -> &'static str {
    match reason {
        SnapshotReason::Daily => "The day's",
        SnapshotReason::BeforeMigration => "Before an update",
        SnapshotReason::ByHand => "You asked for it",
        SnapshotReason::Replaced => "Replaced by a restore",
    }
}

/// How a snapshot stands that was not read through now.
pub(crate) fn snapshot_state(sound: bool, lost: u64) -> String {
    match (sound, lost) {
        (false, _) => "Damaged when it was put aside".to_owned(),
        (true, 0) => String::new(),
        (true, lost) => format!(
            "{} missing already",
            counted(lost, "content was", "contents were")
        ),
    }
}

/// The question before a restore.
pub(crate) fn restore_question(when: &str) -> String {
    format!("Go back to {when}?")
}

/// What a restore did.
pub(crate) fn restored_data(replaced: Option<&str>) -> String {
    match replaced {
        Some(name) => format!("What was here before is the snapshot {name} now."),
        None => "There was nothing here before.".to_owned(),
    }
}

/// What a button of a snapshot does, with which one.
pub(crate) fn of_snapshot(what: &str, when: &str) -> String {
    format!("{} {when}", what.trim_end_matches('…'))
}

/// What was written or brought in.
pub(crate) fn moved_data(moved: &MovedData) -> String {
    format!(
        "{}, {} and {}",
        counted(moved.agents, "agent", "agents"),
        counted(moved.versions, "version", "versions"),
        counted(moved.runs, "run", "runs"),
    )
}

/// Where a copy was written.
pub(crate) fn backed_up(bytes: u64) -> String {
    format!("Backed up and verified, {}:", data_size(bytes))
}

/// Long work that is under way.
pub(crate) fn errand(kind: ErrandKind, done: u64, total: Option<u64>) -> String {
    let what = match kind {
        ErrandKind::Verify => "Reading through snapshots",
        ErrandKind::BackUp => "Copying",
        ErrandKind::Export => "Writing files",
        ErrandKind::Import => "Checking and bringing in files",
    };
    match total {
        Some(total) => format!(
            "{what}: {} of {}",
            format::count(done),
            format::count(total)
        ),
        None => format!("{what}: {}", format::count(done)),
    }
}

/// What was deleted.
pub(crate) fn deleted_data(bytes: u64, keys: u64) -> String {
    let size = data_size(bytes);
    if keys == 0 {
        return format!("{size} of data was deleted.");
    }
    format!(
        "{size} of data and {} were deleted.",
        counted(keys, "key", "keys")
    )
}

/// What stayed in the folder.
pub(crate) fn stayed(names: &[String]) -> String {
    format!(
        "Not made by Slipway, and left where it is: {}.",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn reserved_money_is_named_where_there_is_some() {
        let usd = |text: &str| text.parse().unwrap();
        assert_eq!(period_spent(usd("17.24"), Usd::ZERO), "$17.24 spent");
        assert_eq!(
            period_spent(usd("17.24"), usd("0.5")),
            "$17.24 spent, $0.50 reserved"
        );
    }

    #[test]
    fn work_says_how_far_it_is() {
        assert_eq!(
            errand(ErrandKind::Export, 1_200, Some(4_000)),
            "Writing files: 1,200 of 4,000"
        );
        assert_eq!(
            errand(ErrandKind::Verify, 2, None),
            "Reading through snapshots: 2"
        );
    }
}
