//! `slipway run` with several models.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_app::{App, Compared, Control, Observer, RunOptions, Target};
use slipway_contract::RunId;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::run::{RunStatus, Usage};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::signals::{Signals, Told};
use crate::exit::{Exit, Failure, Stop};
use crate::output::style::{ATTENTION, FAINT, STRONG, styled};
use crate::output::{Screen, Table, amount, print_json, print_note, sanitize};

/// Gives the input to all of the models and shows what they did with it.
pub(super) async fn compare(
    app: &App,
    target: &Target,
    models: &[ModelRef],
    options: RunOptions,
    json: bool,
) -> Result<Exit, Failure> {
    let mut signals = Signals::listen()?;
    let (sender, mut events) = unbounded_channel();
    let control = Control::default();
    let observer = Arc::new(Sending(sender));
    let mut stop = None;
    let comparing = app.compare(target, models, options, observer, control.clone());
    tokio::pin!(comparing);
    let mut reader = Reader::new(json);
    let compared = loop {
        tokio::select! {
            Some(event) = events.recv() => if !reader.show(&event)? {
                // Nobody reads any more. The runs can be taken up.
                stop.get_or_insert(Exit::Detached(Stop::BrokenPipe));
                control.detach.cancel();
            },
            compared = &mut comparing => break compared?,
            told = signals.next() => {
                if stop.is_some() {
                    // The person will not wait. The journals have everything.
                    std::process::exit(told.exit().code().into());
                }
                stop = Some(told.exit());
                match told {
                    Told::Cancel => {
                        print_note("Cancelling. Ctrl-C again stops at once.");
                        control.cancel.cancel();
                    }
                    Told::Stop(_) => control.detach.cancel(),
                }
            }
        }
    };
    while let Ok(event) = events.try_recv() {
        reader.show(&event)?;
    }
    compared.notes.iter().for_each(|note| print_note(note));
    if reader.is_gone {
        // The table, which would say it, has no reader either.
        kept(&compared.trials);
    }
    let printed = match json {
        true => print_json(&finished(&compared)),
        false => print(&compared),
    };
    match printed {
        Ok(()) => Ok(stop.unwrap_or_else(|| exit(&compared.trials))),
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        // As with one run: whoever pipes it learns that nobody read what came of it.
        Err(_) => {
            if !reader.is_gone {
                unread(&compared.trials);
            }
            Ok(stop.unwrap_or(Exit::Detached(Stop::BrokenPipe)))
        }
    }
}

/// Says how the runs that were let go of go on.
fn kept(trials: &[ModelTrial]) {
    for trial in trials
        .iter()
        .filter(|trial| trial.status == Some(RunStatus::Running))
    {
        if let Some(run) = trial.run_id {
            let (model, run) = (&trial.model, run.short());
            print_note(&format!(
                "the run of {model} is kept as it is; take it up with: slipway runs resume {run}"
            ));
        }
    }
}

/// Says where the answers are that nobody read.
fn unread(trials: &[ModelTrial]) {
    for trial in trials {
        if let Some(run) = trial.run_id {
            let (model, run) = (&trial.model, run.short());
            print_note(&format!(
                "nobody read what {model} answered; it is kept: slipway runs show {run}"
            ));
        }
    }
}

/// Passes events on to the one who prints.
struct Sending(UnboundedSender<RunEvent>);

impl Observer for Sending {
    fn event(&self, event: &RunEvent) {
        // Nobody reads any more when the comparison is over.
        let _ = self.0.send(event.clone());
    }
}

/// Who is shown what happens.
struct Reader {
    json: bool,
    /// Whether somebody sees what goes on; a file is told of beginnings alone.
    watches: bool,
    is_gone: bool,
    models: BTreeMap<RunId, String>,
}

impl Reader {
    fn new(json: bool) -> Self {
        Self {
            json,
            watches: io::stderr().is_terminal(),
            is_gone: false,
            models: BTreeMap::new(),
        }
    }

    /// Shows it; false when nobody reads any more.
    fn show(&mut self, event: &RunEvent) -> io::Result<bool> {
        if self.json {
            if self.is_gone {
                return Ok(false);
            }
            return match print_json(event) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    self.is_gone = true;
                    Ok(false)
                }
                printed => printed.map(|()| true),
            };
        }
        let run = event.run_id;
        if let EventKind::RunStarted { model, .. } = &event.kind {
            self.models.insert(run, model.clone());
            print_note(&format!("{model} begins: run {}", run.short()));
        } else if let Some(model) = self.models.get(&run).filter(|_| self.watches)
            && let Some(what) = progress(&event.kind)
        {
            print_note(&format!("{model} {what}"));
        }
        Ok(true)
    }
}

/// What is worth saying of a run while others are under way.
fn progress(kind: &EventKind) -> Option<String> {
    match kind {
        EventKind::ToolRequested { tool, .. } => Some(format!("calls {tool}")),
        EventKind::ModelFailed { .. } => Some("had no answer".to_owned()),
        EventKind::RunParked { .. } => Some("waits for you".to_owned()),
        EventKind::RunFinished { status, .. } => Some(format!("is over: {}", status.as_str())),
        _ => None,
    }
}

fn finished(compared: &Compared) -> Value {
    json!({"type": "compare.finished", "trials": compared.trials, "notes": compared.notes})
}

/// Everything went well, or the worst of what did not.
fn exit(trials: &[ModelTrial]) -> Exit {
    let is = |status| move |trial: &ModelTrial| trial.status == Some(status);
    if trials.iter().all(is(RunStatus::Succeeded)) {
        Exit::Succeeded
    } else if trials.iter().any(is(RunStatus::Running)) {
        Exit::Detached(Stop::Terminate)
    } else if trials
        .iter()
        .any(|trial| trial.status.is_none() || is(RunStatus::Failed)(trial))
    {
        Exit::Failed
    } else if trials.iter().any(is(RunStatus::Cancelled)) {
        Exit::Cancelled
    } else {
        Exit::Parked
    }
}

fn print(compared: &Compared) -> io::Result<()> {
    let mut screen = Screen::stdout();
    let mut table = Table::new([
        "MODEL",
        "RESULT",
        "FIRST TOKEN",
        "TOTAL",
        "TOKENS IN/OUT",
        "COST",
        "RUN",
    ]);
    for trial in &compared.trials {
        let has_run = trial.run_id.is_some();
        table.row([
            trial.model.to_string(),
            result(trial).to_owned(),
            trial.first_token_ms.map_or_else(none, amount::duration),
            if has_run {
                amount::duration(trial.took_ms)
            } else {
                none()
            },
            if has_run {
                tokens(&trial.usage)
            } else {
                none()
            },
            if has_run {
                amount::cost(&trial.usage)
            } else {
                none()
            },
            trial.run_id.map_or_else(String::new, |run| run.short()),
        ]);
    }
    table.print(&mut screen)?;
    for trial in &compared.trials {
        screen.line("")?;
        screen.line(&styled(STRONG, &sanitize::line(&trial.model.to_string())))?;
        if let Some(other) = &trial.answered_by {
            let line = format!("{other} answered in its place");
            screen.line(&styled(ATTENTION, &sanitize::line(&line)))?;
        }
        screen.line(&sanitize::text(&said(trial)))?;
        if let Some(folder) = &trial.workdir {
            screen.line(&styled(
                FAINT,
                &format!("its files: {}", sanitize::line(folder)),
            ))?;
        }
    }
    screen.flush()
}

fn none() -> String {
    "–".to_owned()
}

fn tokens(usage: &Usage) -> String {
    format!(
        "{} / {}",
        amount::count(usage.input_tokens),
        amount::count(usage.output_tokens)
    )
}

const fn result(trial: &ModelTrial) -> &'static str {
    match trial.status {
        None => "not started",
        // Nobody drives it any more.
        Some(RunStatus::Running) => "cut off",
        Some(status) => status.as_str(),
    }
}

/// The answer, or why there is none.
fn said(trial: &ModelTrial) -> String {
    if let Some(problem) = &trial.problem {
        let found = problem
            .findings
            .iter()
            .map(|finding| format!("  {finding}"));
        let lines = std::iter::once(problem.message.clone()).chain(found);
        let lines: Vec<String> = lines.chain(problem.help.clone()).collect();
        return lines.join("\n");
    }
    match (&trial.output, trial.run_id) {
        (Some(Value::String(text)), _) => text.trim_end().to_owned(),
        (Some(output), _) => format!("{output:#}"),
        (None, Some(run)) if trial.status == Some(RunStatus::Running) => format!(
            "It was let go of; take it up with: slipway runs resume {}",
            run.short()
        ),
        (None, _) => "No answer.".to_owned(),
    }
}
