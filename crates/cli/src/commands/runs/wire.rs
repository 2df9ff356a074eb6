//! `slipway runs wire`.

use std::io::{self, Write as _};

use slipway_app::{App, Wired};
use slipway_contract::wire::{WireCall, WireCut, WireHeader, WireMessage, WirePage};
use slipway_contract::{ErrorCode, Problem, RunId, StepId};

use super::list;
use crate::args::WireArgs;
use crate::commands::clock;
use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, BAD, FAINT, GOOD, NAME, STRONG, styled};
use crate::output::{Screen, Table, amount, print_json, print_note, sanitize};

pub(super) async fn wire(app: &App, args: &WireArgs, json: bool) -> Result<Exit, Failure> {
    if json && (args.request || args.response) {
        let message = "--request and --response print a body as it is, so that --json cannot be given with them";
        let problem = Problem::new(ErrorCode::InvalidInput, message);
        return Err(problem
            .help("`--json --step` has the bodies among the rest.")
            .into());
    }
    let run = app.find_run(&args.run.id).await?;
    let one = args.curl || args.request || args.response;
    let step = match args.step {
        Some(step) => step,
        None if one || args.attempt.is_some() => only_step(app, run).await?,
        None => return calls(app, run, json).await,
    };
    let mut kept = app.wire_of(run, step).await?;
    if let Some(wanted) = args.attempt {
        choose(&mut kept, step, wanted)?;
    }
    // Of several attempts the last is what the run went on with.
    let last = kept.last();
    if let (true, Some(last)) = (one, last) {
        return print_one(app, last, args, json).await;
    }
    if json {
        kept.iter()
            .try_for_each(|wired| print_json(&wired.exchange))?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    for wired in &kept {
        page(&wired.page, &mut screen)?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn only_step(app: &App, run: RunId) -> Result<StepId, Failure> {
    let calls = app.wire_calls(run).await?;
    let mut steps: Vec<StepId> = calls.iter().map(|call| call.step).collect();
    steps.dedup();
    match steps.as_slice() {
        [] => Err(Problem::new(ErrorCode::NotFound, app.why_no_wire(run).await?).into()),
        [step] => Ok(*step),
        several => {
            let named: Vec<String> = several.iter().map(ToString::to_string).collect();
            let message = "the run made several model calls, and one is wanted";
            let help = format!("Name one with --step: {}.", named.join(", "));
            Err(Problem::new(ErrorCode::InvalidInput, message)
                .help(help)
                .into())
        }
    }
}

fn choose(kept: &mut Vec<Wired>, step: StepId, wanted: u32) -> Result<(), Failure> {
    let attempts: Vec<String> = kept
        .iter()
        .map(|wired| wired.page.call.attempt.to_string())
        .collect();
    kept.retain(|wired| wired.page.call.attempt == wanted);
    if kept.is_empty() {
        let message = format!("no attempt {wanted} at step {step} is kept");
        let help = format!("These are: {}.", attempts.join(", "));
        return Err(Problem::new(ErrorCode::NotFound, message).help(help).into());
    }
    Ok(())
}

/// What another program reads: nothing is added to it.
async fn print_one(app: &App, wired: &Wired, args: &WireArgs, json: bool) -> Result<Exit, Failure> {
    let WirePage { call, curl, .. } = &wired.page;
    let files = wired.exchange.request_files.len() as u64;
    if json {
        print_json(&serde_json::json!({ "curl": curl, "request_files": files }))?;
        return Ok(Exit::Succeeded);
    }
    let bytes = if args.curl {
        if files > 0 {
            print_note(&format!(
                "{} went with the request, and the command has Slipway print the whole body. To run it elsewhere, keep the body in a file: slipway runs wire {} --step {} --attempt {} --request > body.json",
                amount::of(files, "file"),
                call.run_id.short(),
                call.step,
                call.attempt
            ));
        }
        curl.clone().into_bytes()
    } else if args.request {
        app.wire_request(wired).await?
    } else {
        if let Some(cut) = call.cut {
            print_note(&cut_line(cut));
        }
        wired.answer.clone()
    };
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(Exit::Succeeded)
}

async fn calls(app: &App, run: RunId, json: bool) -> Result<Exit, Failure> {
    let calls = app.wire_calls(run).await?;
    if json {
        calls.iter().try_for_each(print_json)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    if calls.is_empty() {
        screen.line(&app.why_no_wire(run).await?)?;
    } else {
        let now = screen.columns().map(|_| clock::now());
        let mut table = Table::new([
            "STEP", "ATTEMPT", "STATUS", "SENT", "CAME", "TOOK", "AT", "MODEL",
        ]);
        for call in &calls {
            table.row([
                call.step.to_string(),
                call.attempt.to_string(),
                status(call),
                amount::size(call.request_bytes),
                amount::size(call.response_bytes),
                amount::duration(call.took_ms),
                list::started(call.at, now),
                call.model.to_string(),
            ]);
        }
        table.print(&mut screen)?;
        let more = format!(
            "All of one: slipway runs wire {} --step {}",
            run.short(),
            calls[0].step
        );
        screen.line(&styled(FAINT, &more))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn status(call: &WireCall) -> String {
    match (call.status, call.cut) {
        (None, _) => "no answer".to_owned(),
        (Some(status), None) => status.to_string(),
        (Some(status), Some(_)) => format!("{status}, cut"),
    }
}

fn cut_line(cut: WireCut) -> String {
    format!("The answer is cut: {}.", cut.as_str())
}

fn page(page: &WirePage, screen: &mut Screen) -> io::Result<()> {
    let call = &page.call;
    let head = format!(
        "Step {}, attempt {}: {}, {}, {}",
        call.step,
        call.attempt,
        call.model,
        list::started(call.at, None),
        amount::duration(call.took_ms)
    );
    screen.line(&styled(STRONG, &sanitize::line(&head)))?;
    screen.line(&format!(
        "POST {}",
        styled(NAME, &sanitize::line(&page.url))
    ))?;
    message(&page.request, screen)?;
    match &page.answer {
        None => screen.line(&styled(ATTENTION, "No answer came."))?,
        Some(answer) => {
            let is_good = call
                .status
                .is_some_and(|status| (200..300).contains(&status));
            let status = call.status.unwrap_or_default().to_string();
            screen.line(&styled(if is_good { GOOD } else { BAD }, &status))?;
            message(answer, screen)?;
        }
    }
    match call.cut {
        Some(cut) => {
            screen.line(&styled(ATTENTION, &cut_line(cut)))?;
            screen.line("")
        }
        None => Ok(()),
    }
}

fn message(message: &WireMessage, screen: &mut Screen) -> io::Result<()> {
    for WireHeader { name, value } in &message.headers {
        let name = styled(FAINT, &format!("{}:", sanitize::line(name)));
        screen.line(&format!("{name} {}", sanitize::line(value)))?;
    }
    screen.line("")?;
    for line in message.body.lines() {
        screen.line(&coloured(&sanitize::text(line)))?;
    }
    if message.left_out > 0 {
        let more = format!(
            "and {} more, which are not kept",
            amount::of(message.left_out, "byte")
        );
        screen.line(&styled(FAINT, &more))?;
    }
    if !message.files.is_empty() {
        let more = format!(
            "with {} of the run, shown by size and hash alone; --request prints the body with what is in it",
            amount::of(message.files.len() as u64, "file")
        );
        screen.line(&styled(FAINT, &more))?;
    }
    screen.line("")
}

/// A line of indented JSON with its name in colour; any other line as it is.
fn coloured(line: &str) -> String {
    let text = line.trim_start();
    let named = text.starts_with('"').then(|| text.find("\": ")).flatten();
    match named {
        Some(end) => {
            let (name, value) = text.split_at(end + 1);
            let blanks = &line[..line.len() - text.len()];
            format!("{blanks}{}{value}", styled(NAME, name))
        }
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_json_are_coloured_and_texts_are_not() {
        let name = styled(NAME, "\"a\"");
        assert_eq!(
            coloured("  \"a\": \"b\\\": c\","),
            format!("  {name}: \"b\\\": c\",")
        );
        for plain in ["data: {\"a\": 1}", "  \"only a text\",", "{", ""] {
            assert_eq!(coloured(plain), plain);
        }
    }
}
