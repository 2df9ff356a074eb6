//! `slipway secrets`.

use std::ffi::OsString;

use clap::{Args, Subcommand};

/// Keep keys in the keychain, list and remove them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway secrets                       The same as `slipway secrets list`
  slipway secrets set OPENAI_API_KEY    Asks for the key, and shows nothing of it
  slipway secrets remove OPENAI_API_KEY

A variable of the same name in the environment wins over what is kept.")]
pub(crate) struct SecretsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SecretsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Keep a key in the keychain, or in the sealed file where there is no keychain
    #[command(after_help = "\
Examples:
  slipway secrets set OPENAI_API_KEY               Type or paste the key; it is not shown
  pass show openai | slipway secrets set OPENAI_API_KEY
  slipway secrets set OPENAI_API_KEY < key.txt

Without a usable keychain the key goes to a sealed file, and you are told so. Its passphrase is
asked for, or taken from SLIPWAY_VAULT_PASSPHRASE. SLIPWAY_KEYCHAIN=off leaves the keychain alone.
A variable of the same name in the environment wins over what is kept.")]
    Set {
        /// The name under which the key is looked for, such as OPENAI_API_KEY
        #[arg(value_name = "NAME")]
        name: String,
        /// Taken only so that a key in the wrong place can be refused without showing it
        #[arg(value_name = "VALUE", hide = true)]
        value: Vec<OsString>,
    },
    /// List the names of the keys, and where they are kept; never the keys
    #[command(after_help = "\
Examples:
  slipway secrets list
  slipway secrets list --json")]
    List,
    /// Forget a key
    #[command(after_help = "\
Examples:
  slipway secrets remove OPENAI_API_KEY

No passphrase is needed for this. Within five seconds no running Slipway has the key any more,
but for a request that is under way.")]
    Remove {
        /// The key's name
        #[arg(value_name = "NAME")]
        name: String,
    },
}
