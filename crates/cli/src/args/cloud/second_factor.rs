//! `slipway cloud second-factor`.

use clap::Args;

/// Show what signing in asks for besides the password, and where that is changed
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud second-factor
  slipway cloud second-factor --open    Opens the server's page, where it is set up

Authenticator app, passkeys and recovery codes are set up there, with your password.")]
pub(crate) struct SecondFactorArgs {
    /// Open the server's page in your browser
    #[arg(long)]
    pub(crate) open: bool,
}
