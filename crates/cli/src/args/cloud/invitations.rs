//! `slipway cloud invitations`.

use clap::{Args, Subcommand};
use slipway_contract::cloud::{Email, Role};

/// Invite people into an organization, take invitations back, answer one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud invitations send \"Harbour works\" anna@example.com
  slipway cloud invitations list \"Harbour works\"
  slipway cloud invitations accept LINK      The link in the letter that you got")]
pub(crate) struct InvitationsArgs {
    #[command(subcommand)]
    pub(crate) command: InvitationsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InvitationsCommand {
    /// List the invitations of an organization that nobody answered yet
    #[command(after_help = "\
Examples:
  slipway cloud invitations list \"Harbour works\"")]
    List {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
    },
    /// Invite somebody by mail; the link in it can be used for a week
    #[command(after_help = "\
Examples:
  slipway cloud invitations send \"Harbour works\" anna@example.com
  slipway cloud invitations send \"Harbour works\" anna@example.com --role viewer")]
    Send {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Who is invited
        #[arg(value_name = "EMAIL")]
        email: Email,
        /// As what
        #[arg(long, value_name = "ROLE", default_value = "member", value_parser = super::words::role())]
        role: Role,
    },
    /// Send an invitation again, with a new link for another week
    #[command(after_help = "\
Examples:
  slipway cloud invitations resend \"Harbour works\" anna@example.com")]
    Resend {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Who was invited, or the invitation's id
        #[arg(value_name = "INVITATION")]
        invitation: String,
    },
    /// Take an invitation back: its link works no more
    #[command(after_help = "\
Examples:
  slipway cloud invitations revoke \"Harbour works\" anna@example.com")]
    Revoke {
        /// The organization's id, or its name
        #[arg(value_name = "ORGANIZATION")]
        organization: String,
        /// Who was invited, or the invitation's id
        #[arg(value_name = "INVITATION")]
        invitation: String,
    },
    /// Join the organization that a letter invites you to
    #[command(after_help = "\
Examples:
  slipway cloud invitations accept https://slipway.example.com/invitations/sli_…

Sign in with the address first that the letter went to.")]
    Accept {
        /// The link in the letter, or the end of it
        #[arg(value_name = "LINK")]
        link: String,
    },
    /// Decline what a letter invites you to
    #[command(after_help = "\
Examples:
  slipway cloud invitations decline https://slipway.example.com/invitations/sli_…")]
    Decline {
        /// The link in the letter, or the end of it
        #[arg(value_name = "LINK")]
        link: String,
    },
}
