//! Cases that are proposed: from what an agent is, from its past runs, as variations, as attacks.

use slipway_agent::package::Package;
use slipway_agent::ports::journal::Journal as _;
use slipway_agent::projection::project_all;
use slipway_contract::history::{RunFilter, RunQuery};
use slipway_contract::model::ModelRef;
use slipway_contract::test::{ProposeFrom, ProposedCase};
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::asking::AskedModel;
use slipway_evals::evidence::Evidence;
use slipway_evals::generate::{
    Described, PastRun, Proposal, Wording, attacks, from_agent, from_runs, propose, rephrase,
    variations,
};
use slipway_evals::suite::Tested;

use super::suites_of;
use crate::runs::from_journal;
use crate::{App, Target};

/// Past runs that are looked at.
const RUNS: u32 = 30;
/// Cases that a model is asked for.
const ASKED: usize = 12;
/// Other words for a case that a model is asked for.
const WORDINGS: usize = 5;

impl App {
    /// Proposes cases of an agent. Nothing of it counts before a person adds it.
    ///
    /// # Errors
    /// There is no such agent, or the model cannot be asked.
    pub async fn propose_cases(
        &self,
        target: &Target,
        suite: Option<&str>,
        from: &ProposeFrom,
        model: Option<&ModelRef>,
    ) -> Result<Vec<ProposedCase>, Problem> {
        let found = self.find(target, None).await?;
        let package = &found.package;
        let tested = Tested::of(package);
        let proposals = match (from, model) {
            (ProposeFrom::Agent, None) => from_agent(&described(package), &tested).proposals,
            (ProposeFrom::Agent, Some(model)) => {
                let asked = self.asked(model).await?;
                let answered = propose(&asked.model(), &described(package), &tested, ASKED).await;
                answered
                    .map_err(|error| not_asked(&error))?
                    .proposed
                    .proposals
            }
            (ProposeFrom::Runs, _) => {
                self.of_runs(&package.manifest().agent.name, &tested)
                    .await?
            }
            (ProposeFrom::Case { name }, model) => {
                let (file, text) = suite_with(package, suite, name)?;
                match model {
                    None => variations(&text, name),
                    Some(model) => {
                        let asked = self.asked(model).await?;
                        let wording = Wording::Paraphrases(WORDINGS);
                        let answered =
                            rephrase(&asked.model(), &text, name, wording, &tested).await;
                        let answered = answered.map_err(|error| not_asked(&error))?;
                        answered.map_or_else(Vec::new, |answered| answered.proposed.proposals)
                    }
                }
                .into_iter()
                .inspect(|_| tracing::debug!(file, "a case is varied"))
                .collect()
            }
            (ProposeFrom::Attacks, _) => attacks(&tested.tools, &task(package)),
        };
        let known = known(package, suite);
        let new = proposals
            .into_iter()
            .filter(|one| !known.contains(&one.name.to_lowercase()));
        Ok(new.map(shown).collect())
    }

    async fn of_runs(
        &self,
        agent: &AgentName,
        tested: &Tested<'_>,
    ) -> Result<Vec<Proposal>, Problem> {
        let query = RunQuery {
            filter: RunFilter {
                agents: vec![agent.clone()],
                ..RunFilter::default()
            },
            limit: RUNS,
            ..RunQuery::default()
        };
        let mut evidence = Vec::new();
        for run in self.list_runs(&query).await? {
            let journal = self.store().read(run.id).await;
            let journal = journal.map_err(|error| from_journal(&error))?;
            // One that cannot be read proposes nothing.
            if let Ok((_, events)) = project_all(run.id, &journal) {
                evidence.push(Evidence::from_events(&events));
            }
        }
        let runs: Vec<PastRun<'_>> = evidence
            .iter()
            .map(|evidence| PastRun {
                evidence,
                attachments: &[],
            })
            .collect();
        Ok(from_runs(&runs, tested).proposals)
    }

    /// A model that single questions are asked.
    pub(super) async fn asked(&self, model: &ModelRef) -> Result<Asked, Problem> {
        let runner = self.runner();
        let client = runner
            .single(model)
            .await
            .map_err(|error| error.to_problem())?;
        Ok(Asked {
            client,
            named: model.clone(),
            providers: runner.world().providers.clone(),
        })
    }
}

/// A model that single questions are asked.
pub(super) struct Asked {
    client: std::sync::Arc<dyn slipway_agent::ports::model::Model>,
    named: ModelRef,
    providers: std::sync::Arc<dyn slipway_agent::ports::prices::Prices>,
}

impl Asked {
    pub(super) fn model(&self) -> AskedModel<'_> {
        AskedModel::new(&*self.client, &self.named, &*self.providers)
    }
}

fn described(package: &Package) -> Described<'_> {
    Described {
        instructions: package.instructions(),
        task: &package.manifest().agent.description,
        input: package.manifest().input.as_ref(),
    }
}

/// Something that a person would ask of the agent.
pub(super) fn task(package: &Package) -> String {
    let description = package.manifest().agent.description.trim();
    match description.lines().next() {
        Some(line) if !line.is_empty() => line.to_owned(),
        _ => "Do what your instructions say.".to_owned(),
    }
}

fn suite_with(
    package: &Package,
    suite: Option<&str>,
    case: &str,
) -> Result<(String, String), Problem> {
    let files = suites_of(package)
        .into_iter()
        .map(|(file, _)| file.to_string());
    let mut files = files.filter(|file| suite.is_none_or(|wanted| wanted == file));
    let found = files.find_map(|file| {
        let text = String::from_utf8(package.files().get(&file)?.to_vec()).ok()?;
        let parsed: toml_edit::DocumentMut = text.parse().ok()?;
        let cases = parsed.get("case")?.as_array_of_tables()?;
        let named = |one: &toml_edit::Table| {
            one.get("name").and_then(toml_edit::Item::as_str) == Some(case)
        };
        cases.iter().any(named).then_some((file, text))
    });
    found.ok_or_else(|| {
        let shown: String = case.chars().take(80).collect();
        Problem::new(
            ErrorCode::NotFound,
            format!("there is no case {shown:?} in the agent's suites"),
        )
    })
}

/// The names of the suite's cases, in small letters.
fn known(package: &Package, suite: Option<&str>) -> Vec<String> {
    let suites = suites_of(package).into_iter();
    let suites = suites.filter(|(file, _)| suite.is_none_or(|wanted| wanted == file.as_str()));
    let suites = suites.filter_map(|(_, suite)| suite.ok());
    suites
        .flat_map(|suite| suite.cases)
        .map(|case| case.name.as_str().to_lowercase())
        .collect()
}

fn shown(proposal: Proposal) -> ProposedCase {
    let Proposal { name, why, toml } = proposal;
    ProposedCase { name, why, toml }
}

fn not_asked(error: &slipway_evals::assertion::ports::NotAvailable) -> Problem {
    Problem::new(
        ErrorCode::Provider,
        format!("the model proposed nothing: {error}"),
    )
}
