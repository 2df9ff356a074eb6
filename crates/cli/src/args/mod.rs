//! What may be written after `slipway`. One file for each group of commands.

mod agents;
mod budgets;
mod cloud;
mod data;
mod filter;
mod licences;
mod link;
mod models;
mod packages;
mod place;
mod privacy;
mod rules;
mod run;
mod runs;
mod secrets;
mod settings;
mod setup;
mod snapshots;
mod test;
mod tools;

use clap::{Parser, Subcommand};

pub(crate) use agents::{AgentListArgs, AgentsArgs, AgentsCommand, DraftArgs, DraftCommand};
pub(crate) use budgets::{BudgetsArgs, BudgetsCommand};
pub(crate) use cloud::{
    AuditArgs, CloudArgs, CloudCommand, InvitationsCommand, KeysArgs, KeysCommand, LoginArgs,
    MembersCommand, OrgsCommand, SecondFactorArgs, SessionsCommand,
};
pub(crate) use data::{DataArgs, DataCommand};
pub(crate) use filter::{FilterArgs, SortChoice};
pub(crate) use licences::LicencesArgs;
pub(crate) use link::LinkArgs;
pub(crate) use models::{ModelsArgs, ModelsCommand, Tested};
pub(crate) use packages::{ExportArgs, ImportArgs, NewArgs, ValidateArgs};
pub(crate) use privacy::PrivacyArgs;
pub(crate) use rules::{AddRuleArgs, ListRulesArgs, RulesArgs, RulesCommand};
pub(crate) use run::{ApproveChoice, Budget, FallbackChoice, RunArgs, RunFlags};
pub(crate) use runs::{
    AgainArgs, AnswerArgs, CompareRunsArgs, ContinueArgs, DenyArgs, ExportRunArgs, ForGood,
    GoingOn, ListArgs, QuestionArgs, ResolveArgs, ResumeArgs, RetryArgs, RunArg, RunsArgs,
    RunsCommand, SaveAsTestArgs, WireArgs,
};
pub(crate) use secrets::{SecretsArgs, SecretsCommand};
pub(crate) use settings::{SettingsArgs, SettingsCommand};
pub(crate) use setup::{CompletionsArgs, DoctorArgs, ManArgs};
pub(crate) use snapshots::{SnapshotsArgs, SnapshotsCommand};
pub(crate) use test::{TestApprove, TestArgs};
pub(crate) use tools::{ToolsArgs, ToolsCommand};

/// The commands by what people want, since clap knows one list only.
const HELP: &str = "\
{about}

{usage-heading} {usage}

Run agents:
  run          Run an agent from a folder, or by its name
  runs         List runs, look at one, answer what it asks, take it up again
  rules        List and remove what you decided for good, or make an agent ask
  budgets      List, set and remove limits of money, for all agents or for one

Test agents:
  test         Run an agent's suites: offline from recordings, or with its models

Make and share agents:
  new          Make an agent's folder, empty or from an example
  validate     Check a package without running anything
  import       Bring an agent into this workspace, or a whole workspace
  export       Write an agent to one file or a folder, or everything
  agents       List agents, save and compare their versions, go back to one
  link         Show what a slipway:// link would do, and do it when you agree

Keep your data:
  snapshots    List, take, verify and restore copies of all local data
  data         Show where everything is and how much it is, or delete all of it

Work with others:
  cloud        Sign in to a server of Slipway's cloud: organizations, members, API keys

Look around:
  models       List the models that can be used, and what others need
  tools        List the built-in tools
  privacy      Show what leaves this machine
  doctor       Check that Slipway can work on this machine

Set up:
  secrets      Keep keys in the keychain, list and remove them
  settings     Show and change how Slipway is to be
  licences     List what ships with Slipway, and its licences
  completions  Print completions for your shell
  man          Print or write the manual pages

Options:
{options}{after-help}";

const EXAMPLES: &str = "\
Examples:
  slipway new --example expense-report    Get an example agent with its data
  slipway run ./expense-report            Run it
  slipway runs list                       See what ran
  slipway run ./expense-report --help     See how to choose a model, a budget, the input

Environment:
  SLIPWAY_HOME     The folder of all local data, instead of the system's own
  SLIPWAY_LOCAL_SERVERS
                   Where model servers of this machine are looked for, as in 127.0.0.1:9000;
                   OLLAMA_HOST for Ollama
  A provider's key goes before the one that `slipway secrets` keeps:
    OPENAI_API_KEY       for openai/…       ANTHROPIC_API_KEY  for anthropic/…
    GOOGLE_API_KEY       for google/…       OPENROUTER_API_KEY for openrouter/…
    AZURE_OPENAI_API_KEY for azure/…        GROQ_API_KEY       for groq/…
    MISTRAL_API_KEY      for mistral/…      DEEPSEEK_API_KEY   for deepseek/…
    XAI_API_KEY          for xai/…          TOGETHER_API_KEY   for together/…
    FIREWORKS_API_KEY    for fireworks/…    CEREBRAS_API_KEY   for cerebras/…
  A provider's address, where it is not its own: OPENAI_BASE_URL for anything compatible,
    AZURE_OPENAI_ENDPOINT, and NAME_BASE_URL of the others, as in GROQ_BASE_URL
  SLIPWAY_KEYCHAIN Set it to off, and keys are kept in a sealed file, not in the keychain;
                   SLIPWAY_VAULT_PASSPHRASE opens that file without asking
  SLIPWAY_WIRE     Set it to off, and what goes over the wire to models is not kept
  SLIPWAY_LOG      What is logged to stderr, such as debug (default: warn)
  NO_COLOR         Set it for output without colours";

/// Build, test and run AI agents that can be trusted unattended.
#[derive(Debug, Parser)]
#[command(
    name = "slipway",
    version,
    help_template = HELP,
    after_help = EXAMPLES,
    arg_required_else_help = true,
    max_term_width = 100,
)]
pub(crate) struct Cli {
    /// Print one JSON object a line on stdout, and nothing else there
    #[arg(long, global = true, display_order = 900)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArgs),
    Runs(RunsArgs),
    Test(Box<TestArgs>),
    Rules(RulesArgs),
    Budgets(BudgetsArgs),
    New(NewArgs),
    Validate(ValidateArgs),
    Import(ImportArgs),
    Export(ExportArgs),
    Agents(AgentsArgs),
    Link(LinkArgs),
    Models(ModelsArgs),
    Tools(ToolsArgs),
    Cloud(CloudArgs),
    Snapshots(SnapshotsArgs),
    Data(DataArgs),
    Secrets(SecretsArgs),
    Settings(SettingsArgs),
    Privacy(PrivacyArgs),
    Doctor(DoctorArgs),
    #[command(visible_alias = "licenses")]
    Licences(LicencesArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_overview_names_every_command() {
        for command in Cli::command().get_subcommands() {
            let line = format!("\n  {:<13}", command.get_name());
            assert!(
                HELP.contains(&line),
                "`slipway --help` leaves out {}",
                command.get_name()
            );
        }
    }

    #[test]
    fn the_overview_names_the_key_of_every_provider() {
        for (provider, keys) in slipway_app::provider_keys() {
            let named = |key: &String| {
                EXAMPLES.lines().any(|line| {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    let is_it = |pair: &[&str]| {
                        pair == [key.as_str(), "for", format!("{provider}/…").as_str()]
                    };
                    words.windows(3).any(is_it)
                })
            };
            assert!(
                keys.iter().any(named),
                "`slipway --help` leaves out {provider}"
            );
        }
    }

    #[test]
    fn every_command_has_a_description_and_every_leaf_an_example() {
        fn check(command: &clap::Command, path: &str) {
            assert!(command.get_about().is_some(), "{path} has no description");
            if command.get_subcommands().next().is_none() {
                assert!(command.get_after_help().is_some(), "{path} has no examples");
            }
            for inner in command.get_subcommands() {
                check(inner, &format!("{path} {}", inner.get_name()));
            }
        }
        check(&Cli::command(), "slipway");
    }

    #[test]
    fn every_option_says_what_it_does() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let named = argument.get_id().as_str();
                assert!(
                    argument.get_help().is_some(),
                    "{}: {named}",
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
