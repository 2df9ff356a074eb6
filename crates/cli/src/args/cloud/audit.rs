//! `slipway cloud audit`.

use clap::Args;

/// Show what happened to your account, or in an organization, that matters to security
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway cloud audit                            Your own account
  slipway cloud audit --org \"Harbour works\"      An organization that you own or manage
  slipway cloud audit --limit 500 --json")]
pub(crate) struct AuditArgs {
    /// That of this organization, by its id or its name, instead of your own
    #[arg(long, value_name = "ORGANIZATION")]
    pub(crate) org: Option<String>,

    /// How many events, the newest first
    #[arg(long, value_name = "COUNT", default_value = "20", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
}
