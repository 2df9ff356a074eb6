//! `slipway models test`.

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use slipway_app::{App, Control};
use slipway_contract::provider::{ModelTrial, ProviderTest, TestFailure};
use slipway_contract::run::RunStatus;
use slipway_contract::{ErrorCode, Problem};

use crate::args::Tested;
use crate::commands::signals::Signals;
use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, BAD, GOOD, styled};
use crate::output::{Screen, amount, print_json, print_note, sanitize};

/// After which a person who watches is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What stands before the slash of recordings.
const RECORDING: &str = "recording";

pub(super) async fn test(app: &App, what: Vec<Tested>, json: bool) -> Result<Exit, Failure> {
    for one in &what {
        app.check_provider(one.provider())?;
        if one.provider() == RECORDING {
            return Err(of_an_agent().into());
        }
    }
    let what = if what.is_empty() {
        app.check_providers()?;
        with_keys(app).await
    } else {
        what
    };
    let mut screen = Screen::stdout();
    if what.is_empty() {
        if !json {
            screen.line(
                "No provider has a key, and no server with models answers on this machine.",
            )?;
            screen.line("A key is kept with, for example: slipway secrets set OPENAI_API_KEY")?;
            screen.flush()?;
        }
        return Ok(Exit::Failed);
    }
    let mut all_work = true;
    let control = Control::default();
    let mut waiting: VecDeque<String> = what.iter().map(ToString::to_string).collect();
    let patience = tokio::time::sleep(PATIENCE);
    tokio::pin!(patience);
    let mut watches = io::stderr().is_terminal();
    let mut tests: FuturesOrdered<_> = what
        .into_iter()
        .map(|one| Box::pin(try_out(app, one, control.clone())))
        .collect();
    let mut signals = Signals::listen()?;
    let mut stop = None;
    loop {
        let result = tokio::select! {
            result = tests.next() => match result {
                Some(result) => result,
                None => break,
            },
            told = signals.next() => {
                if stop.replace(told.exit()).is_some() {
                    std::process::exit(told.exit().code().into());
                }
                // A test that nobody waits for is of no use to anybody later.
                control.cancel.cancel();
                continue;
            }
            () = &mut patience, if watches => {
                watches = false;
                print_note(&wait(&waiting));
                continue;
            }
        };
        waiting.pop_front();
        all_work &= result.works();
        match (&result, json) {
            (Tried::Provider(test), true) => print_json(test)?,
            (Tried::Model(trial), true) => print_json(trial)?,
            (Tried::Provider(test), false) => provider(&mut screen, test)?,
            (Tried::Model(trial), false) => model(&mut screen, trial)?,
            (Tried::LetGo(provider), true) => print_json(&not_waited_for(provider.clone()))?,
            (Tried::LetGo(provider), false) => not_tested(&mut screen, provider)?,
        }
        screen.flush()?;
    }
    Ok(if let Some(stop) = stop {
        stop
    } else if all_work {
        Exit::Succeeded
    } else {
        Exit::Failed
    })
}

fn wait(on: &VecDeque<String>) -> String {
    let on: Vec<&str> = on.iter().map(String::as_str).collect();
    format!(
        "waiting for {}: a provider has half a minute to answer, a model two minutes; Ctrl-C ends it",
        on.join(", ")
    )
}

fn of_an_agent() -> Problem {
    let message = "recordings belong to an agent: there is nothing to test without it";
    Problem::new(ErrorCode::InvalidInput, message)
        .help("slipway run AGENT --model recording/NAME plays one.")
}

/// The providers that could work: those with a key, and this machine's servers.
async fn with_keys(app: &App) -> Vec<Tested> {
    let providers = app.list_providers().await.into_iter();
    providers
        .filter(|provider| provider.unusable.is_none())
        .map(|provider| Tested::Provider(provider.id))
        .collect()
}

enum Tried {
    Provider(ProviderTest),
    Model(Box<ModelTrial>),
    /// The person did not wait for this provider.
    LetGo(String),
}

impl Tried {
    fn works(&self) -> bool {
        match self {
            Self::Provider(test) => test.works,
            Self::Model(trial) => trial.status == Some(RunStatus::Succeeded),
            Self::LetGo(_) => false,
        }
    }
}

async fn try_out(app: &App, what: Tested, control: Control) -> Tried {
    match what {
        Tested::Provider(provider) => {
            tokio::select! {
                test = app.test_provider(&provider) => Tried::Provider(test),
                () = control.cancel.cancelled() => Tried::LetGo(provider),
            }
        }
        Tested::Model(model) => {
            let trial = app.test_model(model, control).await;
            Tried::Model(Box::new(trial))
        }
    }
}

fn not_waited_for(provider: String) -> ProviderTest {
    ProviderTest {
        provider,
        works: false,
        took_ms: 0,
        models: 0,
        failure: Some(TestFailure::Other),
        problem: Some(Problem::new(
            ErrorCode::WrongState,
            "the test was cancelled",
        )),
    }
}

fn provider(screen: &mut Screen, test: &ProviderTest) -> io::Result<()> {
    let took = amount::duration(test.took_ms);
    if test.works {
        let models = amount::of(test.models.into(), "model");
        let word = styled(GOOD, "works");
        return screen.line(&format!("{}  {word}, {took}, {models}", test.provider));
    }
    failed(screen, &test.provider, test.problem.as_ref())
}

fn model(screen: &mut Screen, trial: &ModelTrial) -> io::Result<()> {
    let name = trial.model.to_string();
    if trial.status == Some(RunStatus::Cancelled) {
        return not_tested(screen, &name);
    }
    if trial.status != Some(RunStatus::Succeeded) {
        return failed(screen, &name, trial.problem.as_ref());
    }
    let mut said = vec![amount::duration(trial.took_ms)];
    if let Some(first) = trial.first_token_ms {
        said.push(format!("first words after {}", amount::duration(first)));
    }
    said.push(format!(
        "{} + {} tokens",
        amount::count(trial.usage.input_tokens),
        amount::count(trial.usage.output_tokens)
    ));
    said.push(amount::cost(&trial.usage));
    let word = styled(GOOD, "works");
    screen.line(&format!(
        "{}  {word}, {}",
        sanitize::line(&name),
        said.join(", ")
    ))
}

fn not_tested(screen: &mut Screen, name: &str) -> io::Result<()> {
    let word = styled(ATTENTION, "not tested");
    screen.line(&format!("{}  {word}: cancelled", sanitize::line(name)))
}

fn failed(screen: &mut Screen, name: &str, problem: Option<&Problem>) -> io::Result<()> {
    let why = problem.map_or("it waits for a person", |problem| problem.message.as_str());
    let word = styled(BAD, "does not work");
    screen.line(&format!(
        "{}  {word}: {}",
        sanitize::line(name),
        sanitize::line(why)
    ))?;
    for finding in problem.iter().flat_map(|problem| &problem.findings) {
        screen.line(&format!("  {}", sanitize::line(&finding.to_string())))?;
    }
    match problem.and_then(|problem| problem.help.as_deref()) {
        Some(help) => screen.line(&format!("  {}", sanitize::line(help))),
        None => Ok(()),
    }
}
