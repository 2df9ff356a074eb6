//! `slipway settings`.

use clap::{Args, Subcommand};
use slipway_contract::preferences::Preference;

/// Show and change how Slipway is to be: its colours, what the system says of runs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway settings                        The same as `slipway settings list`
  slipway settings set theme dark
  slipway settings set notify.done off

Budgets, keys, prices and models have commands of their own: slipway budgets, secrets, models.")]
pub(crate) struct SettingsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SettingsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// List the settings with their values and what else they can be
    #[command(after_help = "\
Examples:
  slipway settings list
  slipway settings list --json")]
    List,
    /// Change a setting; an open window takes it over when you come back to it
    #[command(after_help = "\
Examples:
  slipway settings set theme light
  slipway settings set theme system          The colours that the system has
  slipway settings set notify.needs-you on")]
    Set {
        /// The setting
        name: Preference,
        /// What it is to be
        value: String,
    },
}
