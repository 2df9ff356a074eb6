//! `slipway test`.

mod beside;
mod progress;
mod watch;

use std::io;
use std::path::Path;

use serde_json::json;
use slipway_app::{
    App, Baseline, Control, PlannedTests, Since, StoppedBy, Target, TestOptions, TestedReport,
};
use slipway_contract::test::{Mode, Reporter, TestOrder};
use slipway_contract::{ErrorCode, Problem};

use self::progress::Progress;
use super::signals::{Signals, Told};
use crate::args::{TestApprove, TestArgs};
use crate::exit::{Exit, Failure, Stop};
use crate::output::{print_json, print_note, sanitize};

pub(super) async fn test(app: App, args: TestArgs, json: bool) -> Result<Exit, Failure> {
    let target = Target::parse(&args.agent)?;
    if let Some(from) = &args.propose {
        return beside::propose(&app, &target, &args, from, json).await;
    }
    if args.last {
        return beside::last(&app, &target, &args).await;
    }
    if args.accept {
        return beside::accept(&app, &target, &args, json).await;
    }
    if args.watch {
        return watch::watch(&app, &target, &args).await;
    }
    let options = options(&app, &target, &args).await?;
    let planned = app.plan_tests(&target, options).await?;
    if args.list {
        return beside::list(&planned, json);
    }
    let baseline = baseline(&args);
    app.check_baseline(&planned, &baseline).await?;
    let (tested, told) = run(&app, planned).await?;
    let tested = app.compared(tested, &baseline).await?;
    match print(&tested, &args, json) {
        // Who reads no further still hears from the exit code what came of the tests.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed?,
    }
    Ok(told.unwrap_or_else(|| exit(&tested)))
}

/// Runs planned tests, hearing signals; and how the process ends that was told to stop.
async fn run(app: &App, planned: PlannedTests) -> Result<(TestedReport, Option<Exit>), Failure> {
    let mut signals = Signals::listen()?;
    let progress = Progress::new();
    let control = Control::default();
    let watching = |told: &slipway_contract::test::TestProgress| progress.show(told);
    let running = app.run_tests(planned, watching, control.clone());
    tokio::pin!(running);
    let mut stop = None;
    let tested = loop {
        tokio::select! {
            tested = &mut running => break tested,
            told = signals.next() => {
                if stop.is_some() {
                    // The person will not wait. What is over is kept.
                    std::process::exit(told.exit().code().into());
                }
                stop = Some(told.exit());
                match told {
                    Told::Cancel => {
                        print_note("Stopping. Ctrl-C again stops at once.");
                        control.cancel.cancel();
                    }
                    Told::Stop(_) => control.detach.cancel(),
                }
            }
        }
    };
    progress.clear();
    Ok((tested?, stop))
}

/// What a person ordered.
pub(super) async fn options(
    app: &App,
    target: &Target,
    args: &TestArgs,
) -> Result<TestOptions, Failure> {
    let mode = match (args.live, args.record) {
        (true, _) => Mode::Live,
        (_, true) => Mode::Record,
        _ => Mode::Replay,
    };
    let resume = match args.resume {
        true => Some(app.report_to_resume(target).await?),
        false => None,
    };
    let suites = args.suite.iter().map(|named| file_of(named)).collect();
    Ok(TestOptions {
        tags: args.tag.clone(),
        text: args.case.clone(),
        changed_since: args.changed.as_ref().map(|version| match version.as_str() {
            "" => Since::Newest,
            version => Since::Version(version.to_owned()),
        }),
        allow_all: args.approve == TestApprove::Allow,
        no_network: args.no_network,
        at_once: args.jobs.map(usize::from),
        a_minute: args.rate,
        model: args.model.clone(),
        judge: args.judge.clone(),
        embeddings: args.embeddings.clone(),
        attacks: args.attacks,
        ..TestOptions::of(TestOrder {
            mode,
            suites,
            cases: Vec::new(),
            failed: args.failed,
            budget_usd: args.budget,
            resume,
        })
    })
}

/// A suite's file, as its name alone may say it.
pub(in crate::commands) fn file_of(named: &str) -> String {
    match named.starts_with("tests/") {
        true => named.to_owned(),
        false => format!("tests/{}.toml", named.trim_end_matches(".toml")),
    }
}

fn baseline(args: &TestArgs) -> Baseline {
    match (&args.baseline, &args.against) {
        (Some(file), _) => Baseline::File(file.clone()),
        (None, Some(version)) => Baseline::Version(version.to_ascii_lowercase()),
        (None, None) if args.no_compare => Baseline::Nothing,
        (None, None) => Baseline::Before,
    }
}

fn print(tested: &TestedReport, args: &TestArgs, json: bool) -> Result<(), Failure> {
    let report = &tested.report;
    let reporter = Reporter::from(args.reporter);
    if let Some(file) = &args.output {
        write(file, &slipway_app::written(report, reporter)?).map_err(|problem| {
            problem.help(format!(
                "The tests were run, and what came of them is kept: write it elsewhere with slipway test {} --last --output FILE",
                args.agent
            ))
        })?;
    }
    if json {
        for (suite, case) in report.cases() {
            print_json(
                &json!({"type": "test.case", "report": tested.id, "suite": suite.file, "case": case,
                "outcome": case.outcome()}),
            )?;
        }
        print_json(
            &json!({"type": "test.finished", "report": tested.id, "agent": report.agent,
            "version": report.version, "mode": report.mode, "passed": report.passed(),
            "totals": report.totals(), "against": report.against, "took_ms": report.took_ms,
            "stopped": tested.stopped.map(StoppedBy::words), "recorded": tested.recorded, "unrecorded": tested.unrecorded}),
        )?;
    } else {
        let shown = match args.output {
            Some(_) => Reporter::Console,
            None => reporter,
        };
        let text = slipway_app::written(report, shown)?;
        print_text(&text)?;
    }
    for path in &tested.recorded {
        print_note(&format!("recorded: {path}"));
    }
    tested.notes.iter().for_each(|note| print_note(note));
    if report.has_mismatch() {
        let agent = &args.agent;
        print_note(&format!(
            "the agent asks otherwise than it was recorded. If that is meant: slipway test {agent} --accept --failed, or ask the model anew with --record; else take the change back"
        ));
    }
    if let Some(why) = tested.stopped {
        print_note(&format!("not all was run: {}", why.words()));
        if report.mode != Mode::Replay {
            let agent = &args.agent;
            print_note(&format!(
                "what is over is kept; go on with: slipway test {agent} --resume"
            ));
        }
    }
    Ok(())
}

/// Prints a report to stdout. It has nothing that could steer a terminal.
pub(super) fn print_text(text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a file whole, or leaves it as it was.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Problem> {
    let failed = |error: &io::Error| {
        let path = sanitize::line(&file.display().to_string()).to_string();
        let message = format!("the report could not be written to {path}: {error}");
        Problem::new(ErrorCode::Storage, message)
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut place = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    io::Write::write_all(&mut place, text.as_bytes()).map_err(|error| failed(&error))?;
    place
        .persist(file)
        .map(drop)
        .map_err(|error| failed(&error.error))
}

/// How the process ends.
fn exit(tested: &TestedReport) -> Exit {
    let invalid = tested
        .report
        .suites
        .iter()
        .any(|suite| !suite.findings.is_empty());
    match tested.stopped {
        Some(StoppedBy::Budget(_)) => Exit::OverBudget,
        Some(StoppedBy::Person) => Exit::Cancelled,
        Some(StoppedBy::Process) => Exit::Detached(Stop::Terminate),
        None if invalid => Exit::Wrong,
        None if tested.report.passed() && tested.unrecorded.is_empty() => Exit::Succeeded,
        None => Exit::Failed,
    }
}
