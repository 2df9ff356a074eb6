//! `slipway run` with several models.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_app::{App, Compared, Control, Observer, RunOptions, Target};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::run::RunStatus;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::signals::{Signals, Told};
use crate::exit::{Exit, Failure, Stop};
use crate::output::style::{FAINT, STRONG, styled};
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
    let compared = loop {
        tokio::select! {
            Some(event) = events.recv() => show(&event, json)?,
            compared = &mut comparing => break compared?,
            told = signals.next() => match told {
                Told::Cancel => {
                    stop = Some(Exit::Cancelled);
                    control.cancel.cancel();
                }
                Told::Stop(why) => {
                    stop = Some(Exit::Detached(why));
                    control.detach.cancel();
                }
            },
        }
    };
    while let Ok(event) = events.try_recv() {
        show(&event, json)?;
    }
    if json {
        print_json(&finished(&compared))?;
    } else {
        print(&compared)?;
    }
    Ok(stop.unwrap_or_else(|| exit(&compared.trials)))
}

/// Passes events on to the one who prints.
struct Sending(UnboundedSender<RunEvent>);

impl Observer for Sending {
    fn event(&self, event: &RunEvent) {
        // Nobody reads any more when the comparison is over.
        let _ = self.0.send(event.clone());
    }
}

fn show(event: &RunEvent, json: bool) -> Result<(), Failure> {
    if json {
        print_json(event)?;
        return Ok(());
    }
    if let EventKind::RunStarted { model, .. } = &event.kind {
        print_note(&format!("{model} begins: run {}", event.run_id.short()));
    }
    Ok(())
}

fn finished(compared: &Compared) -> Value {
    json!({"type": "compare.finished", "trials": compared.trials})
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
        table.row([
            trial.model.to_string(),
            trial
                .status
                .map_or("not started", RunStatus::as_str)
                .to_owned(),
            trial
                .first_token_ms
                .map_or_else(|| "–".to_owned(), amount::duration),
            amount::duration(trial.took_ms),
            format!(
                "{} / {}",
                amount::count(trial.usage.input_tokens),
                amount::count(trial.usage.output_tokens)
            ),
            amount::cost(&trial.usage),
            trial.run_id.map_or_else(String::new, |run| run.short()),
        ]);
    }
    table.print(&mut screen)?;
    for trial in &compared.trials {
        screen.line("")?;
        screen.line(&styled(STRONG, &sanitize::line(&trial.model.to_string())))?;
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

/// The answer, or why there is none.
fn said(trial: &ModelTrial) -> String {
    if let Some(problem) = &trial.problem {
        let help = problem.help.as_deref().unwrap_or_default();
        return format!("{} {help}", problem.message).trim_end().to_owned();
    }
    match (&trial.output, trial.run_id) {
        (Some(Value::String(text)), _) => text.trim_end().to_owned(),
        (Some(output), _) => format!("{output:#}"),
        (None, Some(run)) if trial.status == Some(RunStatus::Parked) => format!(
            "It waits for you: slipway runs show {} (or compare with --approve allow).",
            run.short()
        ),
        (None, _) => "No answer.".to_owned(),
    }
}
