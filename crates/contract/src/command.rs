//! The one list of what the window can ask of its host.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::again::{ResultPiece, StepEdit};
use crate::agent::{
    AgentChanges, AgentDetail, AgentExample, AgentSummary, AgentTemplate, PackagePreview,
    RemovedAgent,
};
use crate::approval::Answer;
use crate::budget::{BudgetKey, BudgetSummary};
use crate::data::{
    BackedUp, DataPlace, DeletedData, Errand, MovedData, PriceBook, RestoredData, SnapshotList,
    SnapshotSummary, SnapshotVerdict,
};
use crate::draft::{DraftPage, DraftText, Keep, ManifestChange, NewContent};
use crate::event::RunEvent;
use crate::history::{
    ExportedRuns, HomePage, MonthSpend, RunComparison, RunFilter, RunQuery, RunTotals,
};
use crate::message::NewFile;
use crate::model::{ModelRef, ModelSummary};
use crate::preferences::{Preference, Preferences};
use crate::privacy::Leaving;
use crate::provider::{ModelTrial, ProviderSummary, ProviderTest};
use crate::rule::{ArgumentPattern, Rule};
use crate::run::{RunDetail, RunSummary};
use crate::secret::{KeyKept, KeyStore};
use crate::shell::{Told, Update};
use crate::test::{
    AcceptedBehaviour, CasePage, ProposeFrom, ProposedCase, Reporter, SavedTest, SuitePage,
    TestOrder, TestsPage,
};
use crate::tool::ToolSummary;
use crate::version::{AgentDiff, RestoredVersion, SavedVersion, VersionEntry};
use crate::wire::WireStep;
use crate::{AgentName, ContentHash, ReportId, RuleId, RunId, SecretInput, StepId, Usd};

/// Journalled events that the first answer about a run tells of: more than a window shows.
pub const FIRST_EVENTS: u64 = 400;

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
        /// The name of every command of this list, for the test that holds host and window together.
        pub const ALL: &[&str] = &[$($wire),*];
    };
}
pub mod cloud;

commands! {
    /// The agents that are in use, by name: all of them, or what changed since an earlier answer.
    ListAgents {
        /// The revision of the newest answer that there was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub known: Option<String>,
    } => "list_agents" -> AgentChanges;
    /// One agent's page.
    ShowAgent {
        /// The agent.
        pub agent: AgentName,
    } => "show_agent" -> AgentDetail;
    /// Unpacks the example agents and lists them; answers with those that were added.
    AddExamples {} => "add_examples" -> Vec<AgentSummary>;
    /// The agents that were archived, by name.
    ListArchivedAgents {} => "list_archived_agents" -> Vec<AgentSummary>;
    /// The agents that were removed and can still be put back, the newest removed first.
    ListRemovedAgents {} => "list_removed_agents" -> Vec<RemovedAgent>;
    /// What a new agent can begin from.
    ListTemplates {} => "list_templates" -> Vec<AgentTemplate>;
    /// The example agents that come with Slipway.
    ListExamples {} => "list_examples" -> Vec<AgentExample>;
    /// Makes an agent, blank or from a template. It lies in the workspace and has no folder.
    CreateAgent {
        /// Its name, which nobody has yet.
        pub name: AgentName,
        /// Its title; without it, its name in words.
        pub title: Option<String>,
        /// The template; none for a blank one.
        pub template: Option<String>,
    } => "create_agent" -> AgentSummary;
    /// Unpacks one example with its data and lists it. One that is here stays as it is.
    AddExample {
        /// The example.
        pub example: String,
    } => "add_example" -> AgentSummary;
    /// Copies an agent's package as it is now. What was granted to it is not granted to the copy.
    DuplicateAgent {
        /// The agent.
        pub agent: AgentName,
        /// The copy's name, which nobody has yet.
        pub name: AgentName,
        /// The copy's title; without it, the agent's.
        pub title: Option<String>,
    } => "duplicate_agent" -> AgentSummary;
    /// Gives an agent another title, in its agent.toml.
    RenameAgent {
        /// The agent.
        pub agent: AgentName,
        /// The title.
        pub title: String,
    } => "rename_agent" -> AgentSummary;
    /// Puts an agent aside, or back among those in use.
    ArchiveAgent {
        /// The agent.
        pub agent: AgentName,
        /// Aside, or back.
        pub archived: bool,
    } => "archive_agent" -> AgentSummary;
    /// Removes an agent. It can be put back for a while; its versions, its runs and its folder stay.
    RemoveAgent {
        /// The agent.
        pub agent: AgentName,
    } => "remove_agent" -> RemovedAgent;
    /// Puts a removed agent back, with what was granted to it.
    PutAgentBack {
        /// The agent.
        pub agent: AgentName,
    } => "put_agent_back" -> AgentSummary;
    /// Lets the person choose a package in a dialog of the system; none when they choose nothing.
    PickPackage {
        /// A folder, else an archive.
        pub folder: bool,
    } => "pick_package" -> Option<String>;
    /// Reads a folder or an archive and shows what it asks for. Runs nothing, keeps nothing.
    PreviewPackage {
        /// The folder or archive.
        pub path: String,
    } => "preview_package" -> PackagePreview;
    /// Keeps a package that was dropped on the window where it can be looked at; answers where.
    ReceivePackage {
        /// Its file's name.
        pub name: String,
        /// The archive, in Base64.
        pub data: String,
    } => "receive_package" -> String;
    /// Imports what was shown: nothing, if what lies there is another package by now.
    ImportPackage {
        /// The folder or archive.
        pub path: String,
        /// What was shown.
        pub hash: ContentHash,
        /// Takes the place of the agent that has its name.
        #[serde(default)]
        pub replace: bool,
        /// Imports it under another name, which nobody has yet.
        #[serde(default)]
        pub name: Option<AgentName>,
    } => "import_package" -> AgentSummary;
    /// Starts a run; its events follow on the run's stream.
    StartRun {
        /// The agent.
        pub agent: AgentName,
        /// What the person says.
        pub input: String,
        /// Another model than the agent's own.
        pub model: Option<ModelRef>,
        /// Images and documents that go with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub attachments: Vec<NewFile>,
    } => "start_run" -> RunId;
    /// Starts a run as another was started, of the same version in the same folder, with another
    /// input.
    StartAgain {
        /// The run that was started.
        pub run: RunId,
        /// What the person says this time.
        pub input: String,
        /// Another model than that run's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub model: Option<ModelRef>,
        /// Images and documents that go with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub attachments: Vec<NewFile>,
    } => "start_again" -> RunId;
    /// Continues an ended run's conversation in a new run.
    ContinueRun {
        /// The run to continue.
        pub run: RunId,
        /// What the person says.
        pub input: String,
        /// Another model than that run's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub model: Option<ModelRef>,
        /// Images and documents that go with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub attachments: Vec<NewFile>,
    } => "continue_run" -> RunId;
    /// Makes a step of a run again, or goes on from it as the person edited it, in a new run that
    /// shares what was before.
    RetryRun {
        /// The run, which stays as it is.
        pub run: RunId,
        /// A model call or a tool call.
        pub step: StepId,
        /// What stands in the place of what the step gave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub edit: Option<StepEdit>,
        /// Another model than that run's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub model: Option<ModelRef>,
    } => "retry_run" -> RunId;
    /// The command that does on the command line what began this run.
    RunCommand {
        /// The run.
        pub run: RunId,
    } => "run_command" -> String;
    /// Writes a run's output to a file that the person chooses in a dialog of the system; answers
    /// where, none when they choose nothing.
    SaveOutput {
        /// The run.
        pub run: RunId,
    } => "save_output" -> Option<String>;
    /// A part of a tool's result that is too long to be shown at once.
    ShowResult {
        /// The run.
        pub run: RunId,
        /// The tool call.
        pub step: StepId,
        /// The byte where it begins, of the result as it is written.
        pub from: u64,
    } => "show_result" -> ResultPiece;
    /// What the system told Slipway since this was asked last: links, packages, choices in menus.
    TakeTold {} => "take_told" -> Vec<Told>;
    /// Shows the window's menu bar, or hides it.
    ToggleMenu {} => "toggle_menu" -> ();
    /// Asks whether there is a newer Slipway, where this build says whom to ask.
    CheckUpdate {} => "check_update" -> Update;
    /// Fetches the newer Slipway, checks who signed it, installs it and starts it.
    InstallUpdate {
        /// The version that the person saw.
        pub version: String,
    } => "install_update" -> ();
    /// Opens an address that a person saw and agreed to, in the system's browser.
    OpenLink {
        /// The address: http, https or mailto.
        pub url: String,
    } => "open_link" -> ();
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
    /// What needs the person, what goes on, and what was spent.
    ShowHome {} => "show_home" -> HomePage;
    /// A page of the runs that a filter leaves.
    ListRuns {
        /// Which page of which runs.
        #[serde(flatten)]
        pub query: RunQuery,
    } => "list_runs" -> Vec<RunSummary>;
    /// How many runs a filter leaves, day by day, and what they cost.
    SumRuns {
        /// Which runs.
        pub filter: RunFilter,
    } => "sum_runs" -> RunTotals;
    /// The models that runs began with.
    ListRunModels {} => "list_run_models" -> Vec<String>;
    /// Lets the person choose a folder in a dialog of the system; none when they choose nothing.
    PickFolder {} => "pick_folder" -> Option<String>;
    /// Writes the runs that a filter leaves as files into a new folder within this one.
    ExportRuns {
        /// Which runs.
        pub filter: RunFilter,
        /// The folder in which a new one is made for them.
        pub folder: String,
    } => "export_runs" -> ExportedRuns;
    /// Two runs beside each other.
    CompareRuns {
        /// The one.
        pub run: RunId,
        /// The other.
        pub other: RunId,
    } => "compare_runs" -> RunComparison;
    /// One run's page: with what its first [`FIRST_EVENTS`] events say, or with all from a later one on.
    ShowRun {
        /// The run.
        pub run: RunId,
        /// How many of its events are known already.
        #[serde(default)]
        pub from: usize,
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
    /// Slipway itself, and what ships with it.
    ShowAbout {} => "show_about" -> About;
    /// The text of a licence of what ships.
    ShowLicence {
        /// Its number, as packages name it.
        pub text: u32,
    } => "show_licence" -> String;
    /// What leaves this machine.
    ShowPrivacy {} => "show_privacy" -> Leaving;
    /// What was spent this month, day by day and by agent.
    ShowSpend {} => "show_spend" -> MonthSpend;
    /// The budgets with how they stand now.
    ListBudgets {} => "list_budgets" -> Vec<BudgetSummary>;
    /// Sets a budget; it holds from the next call on.
    SetBudget {
        /// For whom and over which time.
        #[serde(flatten)]
        pub key: BudgetKey,
        /// The most that may be spent.
        pub limit_usd: Usd,
    } => "set_budget" -> BudgetSummary;
    /// Removes a budget; what was spent stays known.
    RemoveBudget {
        /// For whom and over which time.
        #[serde(flatten)]
        pub key: BudgetKey,
    } => "remove_budget" -> ();
    /// What calls are reckoned with.
    ShowPrices {} => "show_prices" -> PriceBook;
    /// Where everything is kept, and how much it is.
    ShowData {} => "show_data" -> DataPlace;
    /// The snapshots that there are.
    ListSnapshots {} => "list_snapshots" -> SnapshotList;
    /// Takes a snapshot now, verified, while runs go on.
    TakeSnapshot {} => "take_snapshot" -> SnapshotSummary;
    /// Reads through a snapshot, or through all of them.
    VerifySnapshots {
        /// Which; none for all.
        pub name: Option<String>,
    } => "verify_snapshots" -> Vec<SnapshotVerdict>;
    /// Puts a snapshot in the database's place, which is closed and opened again for it. The
    /// present one becomes a snapshot.
    RestoreSnapshot {
        /// Which.
        pub name: String,
    } => "restore_snapshot" -> RestoredData;
    /// Copies a new snapshot into a new folder within this one.
    BackUpData {
        /// The folder.
        pub folder: String,
    } => "back_up_data" -> BackedUp;
    /// Takes a copy of a snapshot in from where it was backed up, and puts it in the database's place.
    RestoreBackUp {
        /// The folder of the copy.
        pub folder: String,
    } => "restore_back_up" -> RestoredData;
    /// Writes everything as plain files into a new folder within this one.
    ExportData {
        /// The folder.
        pub folder: String,
    } => "export_data" -> MovedData;
    /// Brings in everything of an export, into an empty home.
    ImportData {
        /// The folder or archive.
        pub path: String,
    } => "import_data" -> MovedData;
    /// Deletes everything, for good. Runs are ended for it.
    DeleteData {
        /// What the person typed: [`crate::data::DELETE_WORDS`], or nothing is deleted.
        pub typed: String,
        /// The keys too, wherever they are kept.
        pub keys: bool,
    } => "delete_data" -> DeletedData;
    /// The long work on the data that is under way.
    ShowErrand {} => "show_errand" -> Option<Errand>;
    /// Stops that work; what it wrote so far is taken away.
    StopErrand {} => "stop_errand" -> ();
    /// How the person wants Slipway to be.
    ShowPreferences {} => "show_preferences" -> Preferences;
    /// Changes one of the preferences; answers with all of them.
    SetPreference {
        /// Which.
        pub preference: Preference,
        /// To what.
        pub value: String,
    } => "set_preference" -> Preferences;
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
    /// What an agent is now, saved or not, and what is wrong with it.
    ShowDraft {
        /// The agent.
        pub agent: AgentName,
    } => "show_draft" -> DraftPage;
    /// A file of an agent's draft.
    ReadDraftFile {
        /// The agent.
        pub agent: AgentName,
        /// Its path in the package.
        pub path: String,
    } => "read_draft_file" -> DraftText;
    /// Gives a file of an agent's draft a content.
    SaveDraftFile {
        /// The agent.
        pub agent: AgentName,
        /// Its path in the package.
        pub path: String,
        /// The content.
        pub content: NewContent,
        /// The hash of the content that was changed; none for a file that is to be new. With
        /// another content there by now nothing is written.
        pub seen: Option<ContentHash>,
    } => "save_draft_file" -> DraftPage;
    /// Takes a file out of an agent's draft.
    RemoveDraftFile {
        /// The agent.
        pub agent: AgentName,
        /// Its path in the package.
        pub path: String,
        /// The hash of the content that was seen.
        pub seen: ContentHash,
    } => "remove_draft_file" -> DraftPage;
    /// Gives a file of an agent's draft another path.
    RenameDraftFile {
        /// The agent.
        pub agent: AgentName,
        /// Its path in the package.
        pub path: String,
        /// The new path, where nothing is yet.
        pub to: String,
        /// The hash of the content that was seen.
        pub seen: ContentHash,
    } => "rename_draft_file" -> DraftPage;
    /// Changes `agent.toml` by a form, all changes or none.
    EditManifest {
        /// The agent.
        pub agent: AgentName,
        /// The changes, in their order.
        pub changes: Vec<ManifestChange>,
        /// The hash of the `agent.toml` that the form showed.
        pub seen: ContentHash,
    } => "edit_manifest" -> DraftPage;
    /// Decides between two texts of a file of which one was written while the other was saved.
    SettleConflict {
        /// The agent.
        pub agent: AgentName,
        /// The file's path in the package.
        pub path: String,
        /// The text that was being written.
        pub mine: String,
        /// Which of the two stays the draft's.
        pub keep: Keep,
    } => "settle_conflict" -> DraftPage;
    /// Takes back everything that was changed since the newest version.
    DiscardDraft {
        /// The agent.
        pub agent: AgentName,
        /// The hash of the draft that was seen.
        pub seen: ContentHash,
    } => "discard_draft" -> RestoredVersion;
    /// Makes a version of what an agent is now.
    SaveVersion {
        /// The agent.
        pub agent: AgentName,
        /// What to remember about it.
        pub note: Option<String>,
    } => "save_version" -> SavedVersion;
    /// The versions of an agent, newest first.
    ListVersions {
        /// The agent.
        pub agent: AgentName,
    } => "list_versions" -> Vec<VersionEntry>;
    /// What differs between two states of an agent.
    DiffAgent {
        /// The agent.
        pub agent: AgentName,
        /// Before: the first digits of a version's hash, or `draft`; none is the newest version.
        pub from: Option<String>,
        /// After, in the same way; none is what the agent is now.
        pub to: Option<String>,
    } => "diff_agent" -> AgentDiff;
    /// Goes back to a version. What was not saved is saved as a version first.
    RestoreVersion {
        /// The agent.
        pub agent: AgentName,
        /// The version.
        pub version: ContentHash,
    } => "restore_version" -> RestoredVersion;
    /// The tools that an agent can be given.
    ListTools {} => "list_tools" -> Vec<ToolSummary>;
    /// An agent's tests.
    ShowTests {
        /// The agent.
        pub agent: AgentName,
        /// The file of the suite that is looked at; without it, the first.
        pub suite: Option<String>,
    } => "show_tests" -> TestsPage;
    /// Runs tests of an agent as it is now, saved or not; answers with the report that is made.
    RunTests {
        /// The agent.
        pub agent: AgentName,
        /// Which, and how.
        pub order: TestOrder,
    } => "run_tests" -> ReportId;
    /// Stops the running of tests: what is under way is cancelled, what is over stays.
    StopTests {
        /// The report.
        pub report: ReportId,
    } => "stop_tests" -> ();
    /// What came of one case.
    ShowCase {
        /// The agent.
        pub agent: AgentName,
        /// The report.
        pub report: ReportId,
        /// The case.
        pub case: String,
        /// The attempt, from 1; without it, the most telling one.
        pub attempt: Option<u32>,
    } => "show_case" -> CasePage;
    /// What happened in one attempt.
    ShowAttempt {
        /// The report.
        pub report: ReportId,
        /// The case.
        pub case: String,
        /// The attempt, from 1.
        pub attempt: u32,
    } => "show_attempt" -> Vec<RunEvent>;
    /// Takes what the agent asks now as what it should ask: the recorded answers stay.
    AcceptBehaviour {
        /// The agent.
        pub agent: AgentName,
        /// The case that differs.
        pub case: String,
    } => "accept_behaviour" -> AcceptedBehaviour;
    /// Calls what came of a case a regression, or takes that back.
    CallRegression {
        /// The report.
        pub report: ReportId,
        /// The case.
        pub case: String,
        /// Whether it is one.
        pub is: bool,
    } => "call_regression" -> ();
    /// Says whether a model's verdict by a rubric is right.
    LabelVerdict {
        /// The report.
        pub report: ReportId,
        /// The case.
        pub case: String,
        /// The attempt, from 1.
        pub attempt: u32,
        /// The expectation, in the report's words.
        pub what: String,
        /// Whether it is met; none takes the label back.
        pub met: Option<bool>,
    } => "label_verdict" -> ();
    /// Lets the person choose a file, and writes a report into it; none when they choose nothing.
    SaveReport {
        /// The report.
        pub report: ReportId,
        /// As what.
        pub reporter: Reporter,
    } => "save_report" -> Option<String>;
    /// Makes a case with a recording of a run.
    SaveAsTest {
        /// The run.
        pub run: RunId,
        /// The suite's file; without it, the agent's first, or a new one.
        pub suite: Option<String>,
        /// The case's name; without it, one of the run's input.
        pub name: Option<String>,
    } => "save_as_test" -> SavedTest;
    /// A suite, to be edited.
    ShowSuite {
        /// The agent.
        pub agent: AgentName,
        /// Its file.
        pub file: String,
    } => "show_suite" -> SuitePage;
    /// Makes a suite with nothing in it but a first case to be filled in.
    CreateSuite {
        /// The agent.
        pub agent: AgentName,
        /// What people will call it; its file is named after it.
        pub title: String,
    } => "create_suite" -> SuitePage;
    /// Changes a suite by a form; its comments stay.
    EditSuite {
        /// The agent.
        pub agent: AgentName,
        /// Its file.
        pub file: String,
        /// What changes.
        pub changes: Vec<ManifestChange>,
        /// The hash of the suite's content that the form was made of.
        pub seen: ContentHash,
    } => "edit_suite" -> SuitePage;
    /// Proposes cases. Nothing counts before a person adds it.
    ProposeCases {
        /// The agent.
        pub agent: AgentName,
        /// The suite's file, whose cases are not proposed again.
        pub suite: Option<String>,
        /// From what.
        #[serde(flatten)]
        pub from: ProposeFrom,
        /// A model to ask; without it, they come from templates.
        pub model: Option<ModelRef>,
    } => "propose_cases" -> Vec<ProposedCase>;
    /// Adds cases that were proposed to a suite, which is made where there is none.
    AddCases {
        /// The agent.
        pub agent: AgentName,
        /// The suite's file.
        pub suite: String,
        /// Their `[[case]]`, TOML.
        pub cases: Vec<String>,
    } => "add_cases" -> SuitePage;
}

/// The name of the stream on which the host sends every [`crate::event::RunEvent`]: each message
/// is the JSON text of a list of events, oldest first.
pub const RUN_EVENTS: &str = "run-events";

/// The name of the stream on which the host says that runs changed that another process drives:
/// each message is the JSON text of a list of their ids. It is empty when only lists changed.
pub const RUNS_CHANGED: &str = "runs-changed";

/// The name of the stream on which the host says that the system told it something: [`TakeTold`]
/// answers what.
pub const WINDOW_TOLD: &str = "window-told";

/// The name of the stream on which the host says that the window fell behind and missed events:
/// what is shown has to be read again.
pub const RUN_EVENTS_MISSED: &str = "run-events-missed";

/// The event that tells the window how far the running of tests is: a [`crate::test::TestProgress`], as text.
pub const TESTS_CHANGED: &str = "tests-changed";
