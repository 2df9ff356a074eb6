//! `slipway runs compare`.

use std::io;

use slipway_app::App;
use slipway_contract::history::{RunComparison, StepFacts, StepPair};
use slipway_contract::run::RunSummary;

use crate::args::CompareRunsArgs;
use crate::commands::agents::print_line;
use crate::exit::{Exit, Failure};
use crate::output::style::{FAINT, STRONG, styled};
use crate::output::{Screen, Table, amount, print_json, sanitize};

use super::list::status;

pub(super) async fn compare(
    app: &App,
    args: &CompareRunsArgs,
    json: bool,
) -> Result<Exit, Failure> {
    let (one, other) = (
        app.find_run(&args.one).await?,
        app.find_run(&args.other).await?,
    );
    let found = app.compare_runs(one, other).await?;
    if json {
        print_json(&found)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    heads(&found).print(&mut screen)?;
    screen.line("")?;
    if found.steps.iter().all(|pair| pair.same) {
        screen.line("Both did the same, step by step.")?;
    } else {
        steps(&found.steps).print(&mut screen)?;
    }
    screen.line("")?;
    answers(&mut screen, &found)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn heads(found: &RunComparison) -> Table<3> {
    let mut table = Table::new(["", "ONE", "OTHER"]);
    let (one, other) = (&found.one, &found.other);
    let asked = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let took = |run: &RunSummary| {
        run.finished_at
            .map(|end| end.duration_since(run.created_at).as_millis())
            .and_then(|took| u64::try_from(took).ok())
            .map_or_else(String::new, amount::duration)
    };
    let tokens = |run: &RunSummary| amount::count(run.usage.input_tokens + run.usage.output_tokens);
    for (name, one, other) in [
        ("run", one.id.short(), other.id.short()),
        ("agent", one.agent.to_string(), other.agent.to_string()),
        ("version", one.version.short(), other.version.short()),
        ("model", one.model.clone(), other.model.clone()),
        ("asked", asked(&found.asked_one), asked(&found.asked_other)),
        ("status", status(one), status(other)),
        ("cost", amount::cost_of(one), amount::cost_of(other)),
        ("tokens", tokens(one), tokens(other)),
        ("took", took(one), took(other)),
    ] {
        table.row([name.to_owned(), one, other]);
    }
    table
}

fn steps(pairs: &[StepPair]) -> Table<3> {
    let mut table = Table::new(["", "ONE", "OTHER"]);
    for pair in pairs {
        let mark = match (&pair.one, &pair.other) {
            (Some(_), None) => "-",
            (None, Some(_)) => "+",
            _ if pair.same => "",
            _ => "~",
        };
        table.row([
            mark.to_owned(),
            told(pair.one.as_ref()),
            told(pair.other.as_ref()),
        ]);
    }
    table
}

fn told(step: Option<&StepFacts>) -> String {
    let Some(step) = step else {
        return String::new();
    };
    let what = step.tool.as_deref().unwrap_or("model");
    let words: String = step.words.chars().take(40).collect();
    let failed = if step.failed { " (failed)" } else { "" };
    format!("{} {what}{failed} {words}", step.step)
        .trim_end()
        .to_owned()
}

fn answers(screen: &mut Screen, found: &RunComparison) -> io::Result<()> {
    match &found.answers {
        None => screen.line("The answers are too long to be compared."),
        Some(hunks) if hunks.is_empty() => screen.line("The answers are the same."),
        Some(hunks) => {
            screen.line(&styled(STRONG, "What differs between the answers:"))?;
            hunks.iter().try_for_each(|hunk| {
                let head = format!("@@ line {} → line {} @@", hunk.before_line, hunk.after_line);
                screen.line(&styled(FAINT, &sanitize::line(&head)))?;
                hunk.lines
                    .iter()
                    .try_for_each(|line| print_line(screen, line))
            })
        }
    }
}
