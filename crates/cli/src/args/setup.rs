//! `slipway doctor`, `completions` and `man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Check that Slipway can work on this machine
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway doctor
  slipway doctor --json

It ends with 1 when something is broken. Keys are looked for and never shown.")]
pub(crate) struct DoctorArgs {}

/// Print completions for your shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway completions bash > ~/.local/share/bash-completion/completions/slipway
  slipway completions zsh > ~/.zfunc/_slipway
  slipway completions fish > ~/.config/fish/completions/slipway.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Print or write the manual pages
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway man | man -l -                       Read the first page
  slipway man --output ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Write a page for every command into this folder
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}
