//! The one list of what the window can ask of its host.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::agent::{AgentDetail, AgentSummary};
use crate::approval::Answer;
use crate::model::{ModelRef, ModelSummary};
use crate::provider::{ModelTrial, ProviderSummary, ProviderTest};
use crate::rule::{ArgumentPattern, Rule};
use crate::run::{RunDetail, RunSummary};
use crate::secret::{KeyKept, KeyStore};
use crate::wire::WireStep;
use crate::{AgentName, ContentHash, RuleId, RunId, SecretInput, StepId};

/// A request of the window, answered once.
pub trait Command: Serialize + DeserializeOwned {
    /// Its name on the bridge.
    const NAME: &'static str;
    /// Its answer; a failure is always a [`crate::Problem`].
    type Response: Serialize + DeserializeOwned;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident $fields:tt => $wire:literal -> $response:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            pub struct $name $fields
            impl Command for $name {
                const NAME: &'static str = $wire;
                type Response = $response;
            }
        )*
        /// Every command's name, for the test that holds host and window together.
        pub const ALL: &[&str] = &[$($wire),*];
    };
}

commands! {
    /// All agents, newest first.
    ListAgents {} => "list_agents" -> Vec<AgentSummary>;
    /// One agent's page.
    ShowAgent {
        /// The agent.
        pub agent: AgentName,
    } => "show_agent" -> AgentDetail;
    /// Unpacks the example agents and lists them; answers with those that were added.
    AddExamples {} => "add_examples" -> Vec<AgentSummary>;
    /// Starts a run; its events follow on the run's stream.
    StartRun {
        /// The agent.
        pub agent: AgentName,
        /// What the person says.
        pub input: String,
        /// Another model than the agent's own.
        pub model: Option<ModelRef>,
    } => "start_run" -> RunId;
    /// Continues an ended run's conversation in a new run.
    ContinueRun {
        /// The run to continue.
        pub run: RunId,
        /// What the person says.
        pub input: String,
    } => "continue_run" -> RunId;
    /// Takes up a run that was cut off or parked.
    ResumeRun {
        /// The run.
        pub run: RunId,
    } => "resume_run" -> ();
    /// Stops a run.
    CancelRun {
        /// The run.
        pub run: RunId,
    } => "cancel_run" -> ();
    /// Answers what a parked run asks; it goes on by itself.
    AnswerRun {
        /// The run.
        pub run: RunId,
        /// The step that asks.
        pub step: StepId,
        /// What the person saw; an answer to anything else is void.
        pub binding: ContentHash,
        /// The answer.
        pub answer: Answer,
        /// Which arguments get the same answer from now on, without asking.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub always: Option<ArgumentPattern>,
    } => "answer_run" -> ();
    /// The patterns that a person may choose from to answer a question for good.
    RuleChoices {
        /// The run.
        pub run: RunId,
        /// The step that asks.
        pub step: StepId,
    } => "rule_choices" -> Vec<ArgumentPattern>;
    /// An agent's rules in force, newest first.
    ListRules {
        /// The agent.
        pub agent: AgentName,
    } => "list_rules" -> Vec<Rule>;
    /// Takes a rule back, for good.
    RemoveRule {
        /// The rule.
        pub rule: RuleId,
    } => "remove_rule" -> ();
    /// The newest runs, newest first.
    ListRuns {
        /// At most this many.
        pub limit: u32,
    } => "list_runs" -> Vec<RunSummary>;
    /// One run's page.
    ShowRun {
        /// The run.
        pub run: RunId,
    } => "show_run" -> RunDetail;
    /// What went over the wire at a model call.
    ShowWire {
        /// The run.
        pub run: RunId,
        /// The model call.
        pub step: StepId,
    } => "show_wire" -> WireStep;
    /// The models that can be used, and why others cannot.
    ListModels {} => "list_models" -> Vec<ModelSummary>;
    /// Gives the same input to several models, each in a run of its own; answers when all are over.
    CompareModels {
        /// The agent.
        pub agent: AgentName,
        /// What the person says.
        pub input: String,
        /// The models.
        pub models: Vec<ModelRef>,
    } => "compare_models" -> Vec<ModelTrial>;
    /// The providers of models, and the servers of this machine that answer.
    ListProviders {} => "list_providers" -> Vec<ProviderSummary>;
    /// Asks a provider whether it takes its key.
    TestProvider {
        /// The provider.
        pub provider: String,
    } => "test_provider" -> ProviderTest;
    /// Where keys are kept now.
    ShowKeyStore {} => "show_key_store" -> KeyStore;
    /// Keeps a key.
    SetKey {
        /// Its name.
        pub name: String,
        /// The key.
        pub key: SecretInput,
        /// The sealed file's passphrase, where the key goes there and it is not open; a new file
        /// gets this one.
        pub passphrase: Option<SecretInput>,
    } => "set_key" -> KeyKept;
    /// Forgets a key.
    RemoveKey {
        /// Its name.
        pub name: String,
    } => "remove_key" -> ();
    /// Opens the sealed file until Slipway ends.
    UnlockKeys {
        /// Its passphrase.
        pub passphrase: SecretInput,
    } => "unlock_keys" -> ();
}

/// The name of the stream on which the host sends every [`crate::event::RunEvent`]: each message
/// is the JSON text of a list of events, oldest first.
pub const RUN_EVENTS: &str = "run-events";

/// The name of the stream on which the host says that the window fell behind and missed events:
/// what is shown has to be read again.
pub const RUN_EVENTS_MISSED: &str = "run-events-missed";
