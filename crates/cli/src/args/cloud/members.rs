//! `slipway cloud members`.

use clap::{Args, Subcommand};
use slipway_contract::cloud::Role;

/// List the members of an organization, change what they are, remove them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud members list \"Harbour works\"
  slipway cloud members role \"Harbour works\" anna@example.com admin

Whoever is to become one gets an invitation: slipway cloud invitations send")]
pub(crate) struct MembersArgs {
    #[command(subcommand)]
    pub(crate) command: MembersCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MembersCommand {
    /// List the members of an organization
    #[command(after_help = "\
Examples:
  slipway cloud members list \"Harbour works\"
  slipway cloud members list \"Harbour works\" --json")]
    List {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
    },
    /// Change what a member is
    #[command(after_help = "\
Examples:
  slipway cloud members role \"Harbour works\" anna@example.com admin

Nobody makes anybody more than they are themselves.")]
    Role {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// The member's e-mail address, or their account's id
        #[arg(value_name = "MEMBER")]
        member: String,
        /// What they become
        #[arg(value_name = "ROLE", value_parser = super::words::role())]
        role: Role,
    },
    /// Remove a member from an organization
    #[command(after_help = "\
Examples:
  slipway cloud members remove \"Harbour works\" anna@example.com
  slipway cloud members remove \"Harbour works\" anna@example.com --yes")]
    Remove {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// The member's e-mail address, or their account's id
        #[arg(value_name = "MEMBER")]
        member: String,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
}
