//! `slipway models`.

use clap::{Args, Subcommand};
use slipway_contract::model::ModelRef;

/// List models, test them, and see what they cost
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway models                                  What can be used now, and what the rest needs
  slipway models test                             Is every key taken? It costs nothing
  slipway models prices anthropic
  slipway run ./agent --model local/llama3.2      A server on this machine
  slipway run ./agent --model openai/gpt-5-mini   With a key: slipway secrets set OPENAI_API_KEY

A key in the environment wins over one that `slipway secrets` keeps.")]
pub(crate) struct ModelsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ModelsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// List models: context window, price, abilities, and why some cannot be used
    #[command(after_help = "\
Examples:
  slipway models list
  slipway models list anthropic
  slipway models list local
  slipway models list --all              Also those that need a key or a server first
  slipway models list groq --online      As the provider itself lists them for your key

A provider of whose models none is known here, as one of your own, is asked for its list. With
--json there is a line for each model, and one with `id` for each such provider.")]
    List {
        /// Only of this provider (as in PROVIDER/MODEL), or `local`
        #[arg(value_name = "PROVIDER")]
        provider: Option<String>,
        /// List every model that cannot be used now, and not only its provider
        #[arg(long)]
        all: bool,
        /// Ask the provider which models your key may use
        #[arg(long, requires = "provider")]
        online: bool,
    },
    /// Test providers, which costs nothing, or models, with one word
    #[command(after_help = "\
Examples:
  slipway models test                    Every provider with a key, and this machine's servers
  slipway models test anthropic groq     Is the key taken? It costs nothing
  slipway models test openai/gpt-5-mini  Asks the model for one word: a run of its own, which
                                         counts in the budgets

A provider has half a minute to answer, a model two minutes. Ctrl-C ends the tests.

Exit codes: 0 everything works, 1 something does not, 2 there is no such provider.")]
    Test {
        /// Providers, or models as PROVIDER/MODEL
        #[arg(value_name = "PROVIDER|MODEL")]
        what: Vec<Tested>,
    },
    /// List prices: in US dollars for a million tokens, as of when, and from where
    #[command(after_help = "\
Examples:
  slipway models prices
  slipway models prices openai
  slipway models prices openai/gpt-5-mini --json

Your own prices go before those that Slipway knows. They are in prices.toml in SLIPWAY_HOME:
  [[price]]
  model = \"openai/my-model\"
  input = \"1.25\"           # US dollars for a million tokens
  cached_input = \"0.125\"   # without it, cached tokens cost what fresh ones do
  output = \"10.00\"
  dearer = { above = 200000, input = \"2.50\", output = \"15.00\" }
                             # all of a request with more input tokens, where that is more
  max_output = 32000         # the longest answer, in tokens, where you know it
  checked = \"2026-11-22\"   # the day on which you looked it up
  source = \"my contract\"")]
    Prices {
        /// Only of this provider, or this model
        #[arg(value_name = "PROVIDER|MODEL")]
        of: Option<Tested>,
    },
}

/// A provider, or a model of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tested {
    Provider(String),
    Model(ModelRef),
}

impl std::str::FromStr for Tested {
    type Err = slipway_contract::id::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('/') {
            text.parse().map(Self::Model)
        } else {
            Ok(Self::Provider(text.to_owned()))
        }
    }
}

impl std::fmt::Display for Tested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Provider(provider) => f.write_str(provider),
            Self::Model(model) => model.fmt(f),
        }
    }
}

impl Tested {
    /// The provider that is meant, or whose model.
    pub(crate) fn provider(&self) -> &str {
        match self {
            Self::Provider(provider) => provider,
            Self::Model(model) => &model.provider,
        }
    }

    /// Whether this model is meant, or is one of this provider.
    pub(crate) fn covers(&self, model: &ModelRef) -> bool {
        match self {
            Self::Provider(provider) => model.provider == *provider,
            Self::Model(named) => named == model,
        }
    }
}
