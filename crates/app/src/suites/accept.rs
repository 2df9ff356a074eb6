//! Accepting that an agent asks otherwise than it was recorded, and playing one case again.

use std::sync::Arc;

use slipway_agent::driver::Control;
use slipway_agent::event::Recorded;
use slipway_contract::event::RunEvent;
use slipway_contract::run::EndReason;
use slipway_contract::test::AcceptedBehaviour;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::execute::{
    Allowed, Answers, Begun, Done, Ended, Selection, Setup, UnderWay, Work, plan, run,
};
use slipway_evals::report::Mode;
use slipway_evals::suite::{AttemptId, ConcreteCase};
use slipway_runner::recordings::{self, Matching};

use super::attempt::{no_such_case, recording_of};
use super::suites_of;
use crate::target::Found;
use crate::{App, Target};

impl App {
    /// Takes what the agent asks now in this case as what it should ask: the recorded answers stay,
    /// and what they answered becomes what is asked.
    ///
    /// # Errors
    /// There is no such case or it plays nothing, or the run does not come to its end so.
    pub async fn accept_behaviour(
        &self,
        agent: &AgentName,
        case: &str,
    ) -> Result<AcceptedBehaviour, Problem> {
        let found = self.find(&Target::Agent(agent.clone()), None).await?;
        self.accept_in(&found, case).await
    }

    /// The same for a package of a folder or an agent.
    ///
    /// # Errors
    /// As [`Self::accept_behaviour`].
    pub async fn accept_case(
        &self,
        target: &Target,
        case: &str,
    ) -> Result<AcceptedBehaviour, Problem> {
        let found = self.find(target, None).await?;
        self.accept_in(&found, case).await
    }

    async fn accept_in(&self, found: &Found, case: &str) -> Result<AcceptedBehaviour, Problem> {
        let package = &found.package;
        let concrete = find_case(found, case).ok_or_else(|| no_such_case(case))?;
        let (name, recording) = recording_of(&concrete, package).ok_or_else(|| {
            let message = format!("the case {:?} plays no recording", concrete.title);
            Problem::new(ErrorCode::WrongState, message)
        })?;
        let recording = Arc::new(recording);
        let answers = Answers {
            played: Some((name.clone(), Arc::clone(&recording))),
            tools: None,
            matching: Matching::Accepting,
        };
        let done = self.play_once(found, concrete, answers).await?;
        if done.journal.is_empty() || ended_badly(&done) {
            let why = done.attempt.error.clone().unwrap_or_else(|| {
                let failed = done.attempt.checks.first();
                failed.map_or_else(String::new, |check| check.what.clone())
            });
            let message =
                format!("with the recorded answers the run does not come to its end: {why}");
            return Err(Problem::new(ErrorCode::WrongState, message).help(
                "Record the case again with the model: slipway test … --record --case NAME",
            ));
        }
        let at = self.runner().world().clock.now();
        let accepted = accepted(&recording, &done.journal, at)?;
        let changes = recordings::changes(&recording, &accepted);
        let bytes = accepted
            .to_bytes()
            .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        // Recordings that were made before instructions were kept get them.
        if !changes.is_empty() || recording.instructions.is_none() {
            let path = format!("recordings/{name}.jsonl");
            self.put_file(found, &path, bytes).await?;
        }
        let also = suites_of(package)
            .into_iter()
            .filter_map(|(_, suite)| suite.ok());
        let also = also.flat_map(|suite| suite.expand()).filter(|other| {
            other.id.as_str() != case
                && recording_of(other, package).is_some_and(|(other, _)| other == name)
        });
        Ok(AcceptedBehaviour {
            changes,
            also: also.map(|other| other.title).collect(),
            recording: name,
        })
    }

    /// What happens when an attempt of the agent as it is now is played.
    pub(super) async fn played_again(
        &self,
        agent: &AgentName,
        case: &str,
        number: u32,
    ) -> Result<Vec<RunEvent>, Problem> {
        let found = self.find(&Target::Agent(agent.clone()), None).await?;
        let mut answers = None;
        for (_, suite) in suites_of(&found.package) {
            let Ok(suite) = suite else { continue };
            let (work, _) = plan(&suite, &found.package, Mode::Replay, &Selection::default());
            let mut work = work.into_iter();
            answers = answers.or_else(|| {
                work.find(|one| one.id.case.as_str() == case && one.id.number == number)
            });
        }
        let gone = || {
            let message =
                "what happened in this attempt was not kept, and it cannot be played again";
            Problem::new(ErrorCode::NotFound, message)
        };
        let work = answers.ok_or_else(gone)?;
        let concrete = ConcreteCase::clone(&work.case);
        Ok(self.play_once(&found, concrete, work.answers).await?.events)
    }

    /// Plays one attempt at a case, and keeps nothing of it.
    pub(super) async fn play_once(
        &self,
        found: &Found,
        case: ConcreteCase,
        answers: Answers,
    ) -> Result<Done, Problem> {
        let work = Work {
            id: AttemptId {
                case: case.id.clone(),
                number: 1,
            },
            case: Arc::new(case),
            answers,
            broken: None,
            begun: Vec::new(),
        };
        let folder = tempfile::Builder::new().prefix("slipway-test-").tempdir();
        let folder = folder.map_err(|error| {
            let message = format!("no folder could be made for the test: {error}");
            Problem::new(ErrorCode::Storage, message)
        })?;
        let place = folder.path().canonicalize();
        let place = place.unwrap_or_else(|_| folder.path().to_owned());
        let setup = Setup {
            runner: self.runner(),
            package: Arc::new(found.package.clone()),
            mode: Mode::Replay,
            network: false,
            allowed: Allowed::default(),
            budget: None,
            folder: place.join("work"),
            judge: None,
            embeddings: None,
            model: None,
        };
        let nobody: Arc<dyn Begun> = Arc::new(());
        let mut told = run(
            &Arc::new(setup),
            vec![work],
            1,
            &nobody,
            &UnderWay::default(),
            &Control::default(),
        );
        match told.recv().await {
            Some(Ended::Done(done)) => Ok(*done),
            _ => Err(Problem::new(ErrorCode::Internal, "the test was not played")),
        }
    }
}

/// A case of a package, by its id.
fn find_case(found: &Found, case: &str) -> Option<ConcreteCase> {
    let suites = suites_of(&found.package)
        .into_iter()
        .filter_map(|(_, suite)| suite.ok());
    suites
        .flat_map(|suite| suite.expand())
        .find(|one| one.id.as_str() == case)
}

fn ended_badly(done: &Done) -> bool {
    !matches!(done.end, Some(EndReason::Answered))
}

fn accepted(
    recording: &recordings::Recording,
    journal: &[Recorded],
    at: slipway_contract::Timestamp,
) -> Result<recordings::Recording, Problem> {
    recordings::accept(recording, journal, at)
        .map_err(|error| Problem::new(ErrorCode::WrongState, error.to_string()))
}
