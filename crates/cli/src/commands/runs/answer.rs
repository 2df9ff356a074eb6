//! `slipway runs resume`, `approve`, `deny` and `resolve`: a run is taken up, with an answer or without.

use slipway_app::{App, Said, choices};
use slipway_contract::approval::{Answer, Approval, Question};
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::args::{AnswerArgs, DenyArgs, ForGood, GoingOn, QuestionArgs, ResolveArgs, ResumeArgs};
use crate::commands::clock;
use crate::commands::watch::{self, Attending};
use crate::exit::{Exit, Failure};
use crate::input;
use crate::output::{Facts, Screen, StdinLines, choose_pattern};

pub(super) async fn resume(app: App, args: &ResumeArgs, json: bool) -> Result<Exit, Failure> {
    let run = app.find_run(&args.run.id).await?;
    take_up(app, run, None, &args.going_on, json).await
}

pub(super) async fn approve(app: App, args: &AnswerArgs, json: bool) -> Result<Exit, Failure> {
    let (run, approval) = asked(&app, &args.question).await?;
    not_an_outcome(run, &approval)?;
    let always = for_good(&approval, &args.for_good, json)?;
    let said = Said {
        answer: Answer::Approve,
        always,
    };
    take_up(app, run, Some((approval, said)), &args.going_on, json).await
}

pub(super) async fn deny(app: App, args: DenyArgs, json: bool) -> Result<Exit, Failure> {
    let (run, approval) = asked(&app, &args.question).await?;
    not_an_outcome(run, &approval)?;
    let always = for_good(&approval, &args.for_good, json)?;
    let answer = Answer::Deny {
        reason: args.reason,
    };
    let said = Said { answer, always };
    take_up(app, run, Some((approval, said)), &args.going_on, json).await
}

/// The arguments that a rule shall cover: as written, or as chosen of what is shown.
fn for_good(
    approval: &Approval,
    args: &ForGood,
    json: bool,
) -> Result<Option<ArgumentPattern>, Failure> {
    if !args.always || args.pattern.is_some() {
        return Ok(args.pattern.clone());
    }
    let wrong = |message: &str| Problem::new(ErrorCode::InvalidInput, message);
    let Question::Call { tool, .. } = &approval.question else {
        return Err(wrong("only a tool call can be answered for good").into());
    };
    let patterns = choices(approval);
    if !watch::can_ask(json) {
        let mut help =
            "Say which calls the rule covers with --pattern PATTERN, such as:".to_owned();
        for pattern in &patterns {
            help.push_str(&format!("\n  {pattern}"));
        }
        let message = "there is no terminal at which the rule could be shown before it is made";
        return Err(wrong(message).help(help).into());
    }
    if patterns.is_empty() {
        let message = "the arguments are too long to make a rule of that anybody would read";
        return Err(wrong(message)
            .help("Write the rule's own with --pattern PATTERN.")
            .into());
    }
    let mut screen = if json {
        Screen::stderr()
    } else {
        Screen::stdout()
    };
    let mut lines = StdinLines;
    match choose_pattern(&mut screen, tool, &patterns, &mut lines)? {
        Some(pattern) => Ok(Some(pattern)),
        None => Err(wrong("nothing was answered: no pattern was chosen").into()),
    }
}

pub(super) async fn resolve(app: App, args: ResolveArgs, json: bool) -> Result<Exit, Failure> {
    let (run, approval) = asked(&app, &args.question).await?;
    if !matches!(approval.question, Question::Outcome { .. }) {
        let message = format!(
            "the run {} does not ask whether a call happened",
            run.short()
        );
        return Err(Problem::new(ErrorCode::WrongState, message)
            .help(format!(
                "Answer with `slipway runs approve {0}` or `slipway runs deny {0}`.",
                run.short()
            ))
            .into());
    }
    let answer = match (args.happened, args.not_happened) {
        (Some(result), _) => Answer::Happened {
            result: input::read(&result)?,
        },
        (None, true) => Answer::NotHappened,
        (None, false) => Answer::Stop,
    };
    let said = Said::once(answer);
    take_up(app, run, Some((approval, said)), &args.going_on, json).await
}

async fn asked(app: &App, question: &QuestionArgs) -> Result<(RunId, Approval), Problem> {
    let run = app.find_run(&question.run.id).await?;
    Ok((run, app.question(run, question.step).await?))
}

fn not_an_outcome(run: RunId, approval: &Approval) -> Result<(), Problem> {
    if !matches!(approval.question, Question::Outcome { .. }) {
        return Ok(());
    }
    let message = format!(
        "the run {} asks whether a call that was cut off happened",
        run.short()
    );
    Err(Problem::new(ErrorCode::WrongState, message).help(format!(
        "Find out, then: slipway runs resolve {} --happened RESULT, or --not-happened, or --stop.",
        run.short()
    )))
}

async fn take_up(
    app: App,
    run: RunId,
    answer: Option<(Approval, Said)>,
    going_on: &GoingOn,
    json: bool,
) -> Result<Exit, Failure> {
    let spec = app.spec_of(run).await?;
    watch::note_of_money(&app, &spec.model);
    let mut facts = Facts::of(&spec);
    facts.denied = app.denied_tools(&spec, clock::now()).await?;
    let before = app.show_run(run).await?.events;
    let approve = watch::approve(going_on.approve, json);
    watch::watch(
        facts,
        &before,
        json,
        |Attending {
             person,
             observer,
             control,
         }| async move {
            app.resume(run, answer, approve, person, observer, control)
                .await
        },
    )
    .await
}
