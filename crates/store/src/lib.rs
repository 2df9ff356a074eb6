//! The desktop's database: one SQLite file, and a folder of long contents beside it.
//!
//! [`Store`] is the real part behind the engine's ports
//! [`Journal`](slipway_agent::ports::journal::Journal),
//! [`Leases`](slipway_agent::ports::lease::Leases) and
//! [`BudgetLedger`](slipway_agent::ports::ledger::BudgetLedger): what a run writes while it is
//! driven goes through one thread, which commits for all runs at once. Everything else is plain
//! SQL, in the file named after its table.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod agent_cards;
mod agents;
mod blobs;
mod budgets;
mod check;
mod columns;
mod contents;
mod delete;
mod drafts;
mod error;
mod events;
mod export;
mod file;
mod grants;
mod history;
mod leases;
mod migrations;
mod month;
mod options;
mod owner;
mod pool;
mod preferences;
mod presence;
mod progress;
mod removed_agents;
mod reports;
mod reservations;
mod rules;
mod runs;
mod snapshots;
mod spend;
mod store;
mod versions;
mod wire;
mod writer;

pub use agent_cards::{AgentCard, AgentRow};
pub use agents::{AgentRecord, AgentSource};
pub use contents::{ContentDamage, ContentFault, Contents};
pub use delete::delete;
pub use drafts::{DraftChange, DraftRecord, DraftStep};
pub use error::StoreError;
pub use export::{ExportCounts, ExportError, FolderDraft, SettingsFile, Source as ExportSource};
pub use grants::Grant;
pub use history::Made;
pub use options::{Options, Synchronous};
pub use progress::{Progress, Stopped};
pub use removed_agents::{PutBack, RemovedRecord};
pub use reports::{AttemptRow, Counts, LabelRow, ReportRow};
pub use runs::RunWatch;
pub use slipway_contract::history::RunQuery;
pub use snapshots::{Reason, Restored, Snapshot, Snapshots, Unreadable};
pub use store::Store;
pub use versions::{VersionFile, VersionRecord};
pub use wire::{WireEntry, WireFiles, WireLimits, WireSize};
