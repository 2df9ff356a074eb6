//! `slipway cloud keys`.

use clap::{Args, Subcommand};
use slipway_contract::cloud::{Line, Scope};

/// List, make, rotate and revoke API keys: your own, or an organization's
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud keys                         The same as `slipway cloud keys list`
  slipway cloud keys create \"Build server\" --scope agents:read --days 30
  slipway cloud keys list --org \"Harbour works\"")]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    pub(crate) command: Option<KeysCommand>,

    /// Those of this organization, by its id or its name, instead of your own
    #[arg(long, global = true, value_name = "ORGANIZATION")]
    pub(crate) org: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List the keys, without their secrets
    #[command(after_help = "\
Examples:
  slipway cloud keys list
  slipway cloud keys list --org \"Harbour works\" --json")]
    List,
    /// Make a key, and show its secret this once
    #[command(after_help = "\
Examples:
  slipway cloud keys create \"Build server\" --scope agents:read,agents:write
  slipway cloud keys create \"Reports\" --scope audit:read --never --org \"Harbour works\"

The secret goes to stdout alone; whoever has it can do what its scopes say. It is kept nowhere here:
where it cannot be written, the command says so and how to revoke the key, and ends with 1.")]
    Create {
        /// What it is for
        #[arg(value_name = "NAME")]
        name: Line<100>,
        /// What it may be used for; several times, or with commas, for several
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',', value_parser = super::words::scope())]
        scopes: Vec<Scope>,
        /// For how many days, from 1 to 365
        #[arg(long, value_name = "DAYS", default_value = "90", value_parser = clap::value_parser!(u16).range(1..=365))]
        days: u16,
        /// Until it is revoked
        #[arg(long, conflicts_with = "days")]
        never: bool,
    },
    /// Give a key another secret, and show it this once
    #[command(after_help = "\
Examples:
  slipway cloud keys rotate \"Build server\"
  slipway cloud keys rotate \"Build server\" --grace-hours 0    The old one is void at once")]
    Rotate {
        /// Its name, its id, or how its secret begins
        #[arg(value_name = "KEY")]
        key: String,
        /// For how many hours the old secret still works, up to 24
        #[arg(long, value_name = "HOURS", default_value = "24", value_parser = clap::value_parser!(u8).range(0..=24))]
        grace_hours: u8,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// Make a key void at once
    #[command(after_help = "\
Examples:
  slipway cloud keys revoke \"Build server\"
  slipway cloud keys revoke \"Build server\" --yes    Without a question")]
    Revoke {
        /// Its name, its id, or how its secret begins
        #[arg(value_name = "KEY")]
        key: String,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
}
