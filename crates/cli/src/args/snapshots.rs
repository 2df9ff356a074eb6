//! `slipway snapshots`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// List, take, verify and restore copies of all local data
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway snapshots                     The same as `slipway snapshots list`
  slipway snapshots create              Before you try something
  slipway snapshots restore newest      Go back to the newest one that is whole
  slipway snapshots create --to /media/disk   A back-up: a copy of all data in another folder

One is taken each day, and before the data is brought to a newer version of Slipway.
They work also when the database cannot be opened.")]
pub(crate) struct SnapshotsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SnapshotsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotsCommand {
    /// List the snapshots, the newest first; changes nothing
    #[command(after_help = "\
Examples:
  slipway snapshots list
  slipway snapshots list --json")]
    List,
    /// Take a snapshot now, while runs go on; it stays until you remove its folder
    #[command(after_help = "\
Examples:
  slipway snapshots create
  slipway snapshots create --to /media/disk   A back-up in a new folder there
  slipway snapshots create --json

A back-up is a copy of all local data that shares no file with it; put it on another disk. Keys and
the folders in which agents work are not in it.")]
    Create {
        /// Copy it into a new folder within this one, and keep none here
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
    },
    /// Read through one snapshot, or all of them, and say what is wrong; changes nothing
    #[command(after_help = "\
Examples:
  slipway snapshots verify
  slipway snapshots verify 2026-11-22-100355-daily

It ends with 1 when a snapshot is not whole.")]
    Verify {
        /// The snapshot; `newest` for the newest that is whole
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Make a snapshot the database; what is there now becomes a snapshot itself
    #[command(after_help = "\
Examples:
  slipway snapshots restore newest
  slipway snapshots restore 2026-11-22-100355-daily
  slipway snapshots restore /media/disk/slipway-2026-11-22-100355-by-hand   A back-up

A back-up is read through and becomes a snapshot here first.
It refuses while a window or a run has the database open. What happened since the snapshot
is no longer known after it: runs, answers, and what was spent.")]
    Restore {
        /// The snapshot; `newest` for the newest that is whole; with a slash, a back-up's folder
        #[arg(value_name = "NAME|FOLDER")]
        name: String,
    },
}
