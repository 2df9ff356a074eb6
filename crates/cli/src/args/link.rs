//! `slipway link`.

use clap::Args;

/// Show what a slipway:// link would do, and do it when you agree
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway link slipway://agent/expense-report
  slipway link 'slipway://agent/expense-report/run?input=Only%20October'
  slipway link slipway://run/01JD0000000000000000000000 --show    Only what it would do
  slipway link 'slipway://import?path=/home/me/clerk.slipway' --yes

A link shows an agent or a run, a package and what it asks for, or the command that would say a text
to an agent. None starts a run, grants or imports anything. Anybody can write one: look at it before
you agree. At a terminal you are asked; elsewhere nothing is done without --yes (exit code 2).")]
pub(crate) struct LinkArgs {
    /// The link
    #[arg(value_name = "URL")]
    pub(crate) url: String,

    /// Do it without asking
    #[arg(short, long, conflicts_with = "show")]
    pub(crate) yes: bool,

    /// Only show what it would do
    #[arg(long)]
    pub(crate) show: bool,
}
