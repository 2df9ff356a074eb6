//! `slipway cloud orgs`.

use clap::{Args, Subcommand};
use slipway_contract::cloud::Line;

/// List, make, rename, delete, leave and give away organizations
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud orgs                       The same as `slipway cloud orgs list`
  slipway cloud orgs create \"Harbour works\"
  slipway cloud orgs transfer \"Harbour works\" anna@example.com")]
pub(crate) struct OrgsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<OrgsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrgsCommand {
    /// List the organizations that you belong to, and what you are there
    #[command(after_help = "\
Examples:
  slipway cloud orgs list
  slipway cloud orgs list --json")]
    List,
    /// Make an organization, which you own
    #[command(after_help = "\
Examples:
  slipway cloud orgs create \"Harbour works\"")]
    Create {
        /// Its name
        #[arg(value_name = "NAME")]
        name: Line<100>,
    },
    /// Show an organization
    #[command(after_help = "\
Examples:
  slipway cloud orgs show \"Harbour works\"
  slipway cloud orgs show 01890a5d-ac96-774b-bcce-b302099a8057")]
    Show {
        /// Its id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
    },
    /// Give an organization another name
    #[command(after_help = "\
Examples:
  slipway cloud orgs rename \"Harbour works\" \"Harbour and lock works\"")]
    Rename {
        /// Its id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Its new name
        #[arg(value_name = "NAME")]
        name: Line<100>,
    },
    /// Delete an organization with its agents, keys and invitations, for good
    #[command(after_help = "\
Examples:
  slipway cloud orgs delete \"Harbour works\"
  slipway cloud orgs delete \"Harbour works\" --yes    Without a question")]
    Delete {
        /// Its id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// Leave an organization; its last owner cannot
    #[command(after_help = "\
Examples:
  slipway cloud orgs leave \"Harbour works\"")]
    Leave {
        /// Its id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// Make another member the owner of an organization; you stay as an admin
    #[command(after_help = "\
Examples:
  slipway cloud orgs transfer \"Harbour works\" anna@example.com")]
    Transfer {
        /// Its id, or its name
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
