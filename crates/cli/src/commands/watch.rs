//! Driving a run in the foreground: shown, asked about, and stopped from here.

use std::future::Future;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use slipway_app::{App, Approve, Control, Observer, Outcome, Person, RunOptions, RunReport};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::Content;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem, RunId, StepId};
use tokio_util::sync::CancellationToken;

use super::clock;
use super::signals::{Signals, Told};
use crate::args::{ApproveChoice, Budget, FallbackChoice, RunFlags};
use crate::exit::{Exit, Failure, Stop};
use crate::output::{Facts, JsonView, Live, Mode, TerminalView, View, print_note, recording_note};

/// Who attends a run that is driven here.
pub(super) struct Attending {
    pub(super) person: Option<Arc<dyn Person>>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) control: Control,
}

/// What `--approve` means here: without a terminal nobody can be asked.
pub(super) fn approve(choice: Option<ApproveChoice>, json: bool) -> Approve {
    let terminal = can_ask(json);
    match choice {
        Some(ApproveChoice::Ask) if !terminal => {
            print_note("there is no terminal to ask at, so the run parks at its first question");
            Approve::Never
        }
        Some(choice) => choice.to_app(),
        None if terminal => Approve::Ask,
        None => Approve::Never,
    }
}

/// Questions are read from stdin, and shown on stdout or beside it.
pub(super) fn can_ask(json: bool) -> bool {
    let shown = io::stderr().is_terminal() || (!json && io::stdout().is_terminal());
    io::stdin().is_terminal() && shown
}

/// How the run's flags want it.
pub(super) fn options(flags: RunFlags, json: bool) -> Result<RunOptions, Problem> {
    if flags.model.len() > 1 {
        let message = "several models are compared by `slipway run` alone";
        return Err(Problem::new(ErrorCode::InvalidInput, message).help("Name one model here."));
    }
    Ok(RunOptions {
        model: flags.model.into_iter().next(),
        fallback: FallbackChoice::models(flags.fallback)?,
        budget_usd: flags.budget.and_then(Budget::amount),
        unlimited: flags.budget == Some(Budget::Unlimited),
        approve: approve(flags.approve, json),
        no_network: flags.no_network,
        ..RunOptions::default()
    })
}

/// What is said above a run that goes on from another, with another model where one is wanted.
pub(super) async fn facts_after(
    app: &App,
    (parent, before): (RunId, Option<StepId>),
    options: &RunOptions,
) -> Result<Facts, Problem> {
    let spec = app.spec_to_go_on(parent, before).await?;
    let mut facts = Facts::of(&spec);
    facts.denied = app.denied_tools(&spec, clock::now()).await?;
    if let Some(note) = app.goes_on_with(parent).await {
        print_note(&note);
    }
    if let Some(model) = &options.model {
        (facts.model, facts.fallback) = (model.clone(), Vec::new());
    }
    if let Some(fallback) = &options.fallback {
        facts.fallback.clone_from(fallback);
    }
    note_of_money(app, &facts.model);
    for event in app.show_run(parent).await?.events {
        if let EventKind::ModelResponded { content, .. } = event.kind {
            facts
                .calls
                .extend(content.into_iter().filter_map(|part| match part {
                    Content::ToolCall(call) => Some((call.call_id, call.arguments)),
                    Content::Text { .. } | Content::Reasoning { .. } => None,
                }));
        }
    }
    Ok(facts)
}

/// Says that nobody knows what a model's calls cost, where one would think them free.
pub(super) fn note_of_money(app: &App, model: &ModelRef) {
    if let Some(note) = app.unpriced_here(model) {
        print_note(&note);
    }
}

/// Drives a run and shows it until it ends, parks or is let go of.
/// `before` is what happened in it earlier.
pub(super) async fn watch<D, F>(
    facts: Facts,
    before: &[RunEvent],
    json: bool,
    drive: D,
) -> Result<Exit, Failure>
where
    D: FnOnce(Attending) -> F,
    F: Future<Output = Result<RunReport, Problem>> + Send + 'static,
{
    let workdir = facts.workdir.clone();
    let mut view: Box<dyn View> = if json {
        if before.is_empty() {
            recording_note(&facts)
                .iter()
                .for_each(|note| print_note(note));
        }
        Box::new(JsonView::new(workdir.clone()))
    } else {
        Box::new(TerminalView::new(facts, Mode::Live))
    };
    before.iter().for_each(|event| view.known(event));
    let (control, lost) = (Control::default(), CancellationToken::new());
    let live = Arc::new(Live::start(view, workdir, lost.clone())?);
    let mut signals = Signals::listen()?;
    let attending = Attending {
        person: Some(live.clone()),
        observer: live.clone(),
        control: control.clone(),
    };
    let mut driven = tokio::spawn(drive(attending));
    let mut stop = None;
    let report = loop {
        tokio::select! {
            report = &mut driven => break report,
            () = lost.cancelled(), if stop.is_none() => {
                stop = Some(Stop::BrokenPipe);
                control.detach.cancel();
            }
            told = signals.next() => match told {
                Told::Cancel if control.cancel.is_cancelled() => at_once(live.run(), Exit::Cancelled),
                Told::Cancel => {
                    live.note("Cancelling. Ctrl-C again stops at once.");
                    control.cancel.cancel();
                }
                Told::Stop(why) if stop.is_some() => at_once(live.run(), Exit::Detached(why)),
                Told::Stop(why) => {
                    stop = Some(why);
                    control.detach.cancel();
                }
            },
        }
    };
    // The thread writes until its channel is empty. A reader that has stopped reading is waited
    // for, and a signal ends that.
    let ending = tokio::task::spawn_blocking(move || live.end());
    let shown = tokio::select! {
        shown = ending => shown.unwrap_or(Ok(())),
        told = signals.next() => std::process::exit(i32::from(told.exit().code())),
    };
    let report = report.map_err(|_| {
        Problem::new(ErrorCode::Internal, "the run could not be driven on: a fault of Slipway itself")
            .help("The run is kept; `slipway runs list` shows it, and `slipway runs resume ID` takes it up.")
    })??;
    let exit = finished(&report, stop.unwrap_or(Stop::Terminate));
    match shown {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(exit),
    }
}

fn finished(report: &RunReport, stop: Stop) -> Exit {
    if let Some(note) = &report.note {
        print_note(note);
    }
    if let Some(recording) = &report.recording {
        let name = recording.file_stem().unwrap_or_default().to_string_lossy();
        let place = recording.display();
        print_note(&format!(
            "recorded in {place}; play it with --model recording/{name}"
        ));
    }
    match &report.outcome {
        Outcome::Ended(end) => Exit::of_end(end),
        Outcome::Parked(_) => Exit::Parked,
        Outcome::Detached => {
            print_note(&left(report.run));
            Exit::Detached(stop)
        }
    }
}

fn left(run: RunId) -> String {
    format!(
        "the run is kept as it is; take it up with: slipway runs resume {}",
        run.short()
    )
}

/// The person will not wait. The journal has everything that was shown.
fn at_once(run: Option<RunId>, exit: Exit) -> ! {
    if let Some(run) = run {
        print_note(&left(run));
    }
    std::process::exit(exit.code().into());
}
