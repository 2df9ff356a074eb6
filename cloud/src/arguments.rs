//! The command line.

use clap::{ArgGroup, Args, Parser, Subcommand};
use slipway_contract::cloud::{Email, Line};

/// Slipway's cloud: accounts, organizations, keys, and agents shared by their owners.
///
/// Settings come from the environment, else from the file that SLIPWAY_CLOUD_CONFIG names; `slipway-cloud settings`
/// lists them. It starts without any.
#[derive(Debug, Parser)]
#[command(name = "slipway-cloud", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Takes requests, until SIGTERM or Ctrl-C: then finishes those that run.
    Serve,
    /// Carries letters away, until SIGTERM or Ctrl-C. `serve` does so too, unless SLIPWAY_CLOUD_WORKER=false.
    Worker,
    /// Looks after accounts, on the server's own machine. The server may run meanwhile.
    #[command(subcommand)]
    Admin(Admin),
    /// Fills an empty development database with people, an organization, keys and agents to try things with.
    Seed,
    /// Brings the database's tables up to date. `serve` does so too.
    Migrate,
    /// Ends a change of the secret key: seals all that is kept sealed with SLIPWAY_CLOUD_SECRET_KEY, after which
    /// SLIPWAY_CLOUD_OTHER_SECRET_KEY is not needed. The server may run meanwhile.
    Reseal(Reseal),
    /// Writes the description of the API (OpenAPI 3.1, JSON).
    Openapi,
    /// Lists every setting, as a file to begin with.
    Settings,
}

#[derive(Debug, Args)]
pub(crate) struct Reseal {
    /// The old key is lost: forget what it sealed. Authenticator apps are asked for no more then; their people sign in
    /// with their password or passkey alone until they set one up again.
    #[arg(long)]
    pub(crate) forget: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Makes an account, whose password is asked for.
    Create(Create),
    /// Lists all accounts, a line each: address, name, since when, and what is special.
    List,
    /// Makes somebody one who runs this server.
    Promote(Whose),
    /// The reverse.
    Demote(Whose),
    /// Suspends an account: it is signed out everywhere, and nothing of it can be used.
    Suspend(Whose),
    /// Ends a suspension.
    Restore(Whose),
    /// Takes a lost second factor away: authenticator app, passkeys and recovery codes. Signs out everywhere.
    ResetSecondFactor(Whose),
    /// Ends all sessions of somebody, or of everybody. API keys go on.
    SignOut(SignOut),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Where the person's mail goes, and what they sign in with.
    #[arg(long)]
    pub(crate) email: Email,
    /// How others see them; without it, what stands before the @.
    #[arg(long)]
    pub(crate) name: Option<Line<100>>,
    /// They run this server.
    #[arg(long)]
    pub(crate) operator: bool,
    /// Read the password from standard input, for scripts.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// The address of the account.
    #[arg(long)]
    pub(crate) email: Email,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whose").required(true))]
pub(crate) struct SignOut {
    /// The address of one account.
    #[arg(long, group = "whose")]
    pub(crate) email: Option<Email>,
    /// Everybody.
    #[arg(long, group = "whose")]
    pub(crate) all: bool,
}
