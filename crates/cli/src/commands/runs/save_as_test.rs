//! `slipway runs save-as-test`.

use slipway_app::App;

use crate::args::SaveAsTestArgs;
use crate::exit::{Exit, Failure};
use crate::output::style::{GOOD, STRONG, styled};
use crate::output::{Screen, amount, print_json, print_note, sanitize};

pub(super) async fn save_as_test(
    app: &App,
    args: &SaveAsTestArgs,
    json: bool,
) -> Result<Exit, Failure> {
    let run = app.find_run(&args.run).await?;
    let suite = args.suite.as_deref().map(super::super::test::file_of);
    let saved = app
        .save_as_test(run, suite.as_deref(), args.name.as_deref())
        .await?;
    if json {
        print_json(&saved)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!(
        "{} {} is a case of {} now",
        styled(GOOD, "✓"),
        styled(STRONG, &sanitize::line(&saved.name)),
        saved.suite
    ))?;
    screen.line(&format!("  It plays recordings/{}.jsonl.", saved.recording))?;
    let how = match (saved.tools_run, saved.files.len()) {
        (false, _) => "  The recording answers for the tools, too.".to_owned(),
        (true, 0) => "  The tools really run.".to_owned(),
        (true, count) => format!(
            "  The tools really run, over {} that were copied into the package: {}.",
            amount::of(count as u64, "file"),
            sanitize::line(&saved.files.join(", "))
        ),
    };
    screen.line(&how)?;
    screen.flush()?;
    saved.notes.iter().for_each(|note| print_note(note));
    Ok(Exit::Succeeded)
}
