//! What `slipway test` does beside running: accept, list, propose, write the last report again.

use serde_json::json;
use slipway_app::{App, PlannedTests, Target};
use slipway_contract::test::{ProposeFrom, Reporter};
use slipway_contract::{ErrorCode, Problem};

use super::{options, print_text, write};
use crate::args::TestArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, amount, print_json, print_note, sanitize};

/// Cases of one recording that are named.
const NAMED: usize = 3;

/// Accepts what the agent asks now in the cases that were chosen.
pub(super) async fn accept(
    app: &App,
    target: &Target,
    args: &TestArgs,
    json: bool,
) -> Result<Exit, Failure> {
    if args.case.is_none() && args.tag.is_empty() && !args.failed {
        let message = "say for which cases: --accept with --case TEXT, --tag TAG or --failed";
        return Err(Problem::new(ErrorCode::InvalidInput, message).into());
    }
    let planned = app
        .plan_tests(target, options(app, target, args).await?)
        .await?;
    let mut screen = Screen::stdout();
    for (case, title) in planned.cases() {
        let accepted = app.accept_case(target, &case).await?;
        if json {
            print_json(
                &json!({"type": "test.accepted", "case": case, "title": title, "accepted": accepted}),
            )?;
            continue;
        }
        screen.line(&sanitize::line(&title))?;
        if accepted.changes.is_empty() {
            screen.line("  It asks what was recorded; nothing was changed.")?;
        }
        for change in &accepted.changes {
            screen.line(&format!(
                "  recordings/{}.jsonl: {}",
                accepted.recording,
                sanitize::line(change)
            ))?;
        }
        if let Some(line) = also(&accepted.also).filter(|_| !accepted.changes.is_empty()) {
            screen.line(&line)?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// The cases that play what was changed, too: what was accepted in one was so in all.
fn also(titles: &[String]) -> Option<String> {
    let shown: Vec<_> = titles
        .iter()
        .take(NAMED)
        .map(|title| sanitize::line(title).to_string())
        .collect();
    let more = match titles.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let cases = match titles.len() {
        0 => return None,
        1 => "1 other case plays".to_owned(),
        count => format!("{count} other cases play"),
    };
    Some(format!("  {cases} it too: {}{more}.", shown.join(", ")))
}

/// Lists the cases that would be run.
pub(super) fn list(planned: &PlannedTests, json: bool) -> Result<Exit, Failure> {
    let mut screen = Screen::stdout();
    for suite in planned.suites() {
        for case in &suite.cases {
            match json {
                true => {
                    print_json(&json!({"type": "test.listed", "suite": suite.file, "case": case}))?;
                }
                false => screen.line(&format!(
                    "{} › {}",
                    sanitize::line(&suite.title),
                    sanitize::line(&case.title)
                ))?,
            }
        }
        for finding in &suite.findings {
            print_note(&finding.to_string());
        }
        for case in &suite.skipped {
            print_note(&format!("left out: {}: {}", case.title, case.why));
        }
    }
    screen.flush()?;
    print_note(&format!(
        "{} to be made",
        amount::of(planned.attempts() as u64, "attempt")
    ));
    Ok(Exit::Succeeded)
}

/// Writes the newest report again.
pub(super) async fn last(app: &App, target: &Target, args: &TestArgs) -> Result<Exit, Failure> {
    let report = app.last_report(target).await?;
    let text = app.report_as(report, Reporter::from(args.reporter)).await?;
    match &args.output {
        Some(file) => write(file, &text)?,
        None => print_text(&text)?,
    }
    Ok(Exit::Succeeded)
}

/// Prints proposed cases.
pub(super) async fn propose(
    app: &App,
    target: &Target,
    args: &TestArgs,
    from: &str,
    json: bool,
) -> Result<Exit, Failure> {
    let from = match (from, from.strip_prefix("case:")) {
        (_, Some(name)) => ProposeFrom::Case {
            name: name.to_owned(),
        },
        ("agent", _) => ProposeFrom::Agent,
        ("runs", _) => ProposeFrom::Runs,
        ("attacks", _) => ProposeFrom::Attacks,
        (other, _) => {
            let message = format!("cases cannot be proposed from {other:?}");
            return Err(Problem::new(ErrorCode::InvalidInput, message)
                .help("Write agent, runs, attacks, or case:NAME.")
                .into());
        }
    };
    let suite = args.suite.first().map(|named| super::file_of(named));
    let proposed = app
        .propose_cases(target, suite.as_deref(), &from, args.model.as_ref())
        .await?;
    for case in &proposed {
        match json {
            true => print_json(&json!({"type": "test.proposed", "case": case}))?,
            false => print_text(&format!("# {}\n{}\n", case.why, case.toml.trim_start()))?,
        }
    }
    let count = amount::of(proposed.len() as u64, "case");
    print_note(&format!(
        "{count} proposed; put those that you want into a suite, tests/NAME.toml"
    ));
    Ok(Exit::Succeeded)
}
