//! `slipway cloud`.

mod audit;
mod invitations;
mod keys;
mod members;
mod orgs;
mod second_factor;
mod sessions;
mod words;

use clap::{Args, Subcommand};

pub(crate) use audit::AuditArgs;
pub(crate) use invitations::{InvitationsArgs, InvitationsCommand};
pub(crate) use keys::{KeysArgs, KeysCommand};
pub(crate) use members::{MembersArgs, MembersCommand};
pub(crate) use orgs::{OrgsArgs, OrgsCommand};
pub(crate) use second_factor::SecondFactorArgs;
pub(crate) use sessions::{SessionsArgs, SessionsCommand};

/// Sign in to a server of Slipway's cloud: organizations, members, invitations, API keys
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud login --server https://slipway.example.com
  slipway cloud whoami
  slipway cloud orgs list
  slipway cloud keys create \"Build server\" --scope agents:read

Slipway works without it. A server of your own: slipway-cloud serve")]
pub(crate) struct CloudArgs {
    #[command(subcommand)]
    pub(crate) command: CloudCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CloudCommand {
    Login(LoginArgs),
    /// Say who is signed in, and at which server
    #[command(after_help = "\
Examples:
  slipway cloud whoami
  slipway cloud whoami --offline    What is known here, without asking the server
  slipway cloud whoami --json

Where the server cannot be reached it says who was signed in when it was last asked. It ends with
2 when nobody is signed in.")]
    Whoami {
        /// Ask nobody
        #[arg(long)]
        offline: bool,
    },
    /// Sign out on this machine, and tell the server
    #[command(after_help = "\
Examples:
  slipway cloud logout

This machine forgets the sign-in in any case. Where the server cannot be told, it is said: there the
sign-in ends by itself after a week without use, or with `slipway cloud sessions end` elsewhere.")]
    Logout,
    Orgs(OrgsArgs),
    Members(MembersArgs),
    Invitations(InvitationsArgs),
    Keys(KeysArgs),
    Sessions(SessionsArgs),
    SecondFactor(SecondFactorArgs),
    Audit(AuditArgs),
}

/// Sign in with your browser, or with a code in a browser elsewhere
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud login --server https://slipway.example.com
  slipway cloud login                     At the server that you named last
  slipway cloud login --device            Shows a code for a browser on another machine

Without a display, and over SSH, a code is shown too. Whoever is signed in already is signed out
when the new sign-in is there. It is kept in the keychain, or in the sealed file, whose passphrase
is asked for first; the password is typed at the server alone.")]
pub(crate) struct LoginArgs {
    /// The server's address: https://…, or http:// and an address of this machine
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,

    /// Show a code, and open no browser
    #[arg(long)]
    pub(crate) device: bool,

    /// What the server calls this machine in its list of sessions; the next sign-in calls it so, too
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}
