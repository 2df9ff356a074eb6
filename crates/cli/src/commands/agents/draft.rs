//! `slipway agents draft`.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use serde_json::Value;
use slipway_app::App;
use slipway_contract::draft::ManifestChange;
use slipway_contract::version::Draft;
use slipway_contract::{ErrorCode, Problem};

use crate::args::{DraftArgs, DraftCommand};
use crate::exit::{Exit, Failure};
use crate::output::style::{BAD, FAINT, styled};
use crate::output::{Screen, print_json, print_note, sanitize};

/// The most bytes of a file: those of a whole package.
const MAX_BYTES: u64 = slipway_app::MAX_PACKAGE_BYTES;

pub(super) async fn carry_out(app: &App, args: DraftArgs, json: bool) -> Result<Exit, Failure> {
    let draft = match args.command {
        DraftCommand::Show { agent, file: None } => app.draft(&agent).await?,
        DraftCommand::Show {
            agent,
            file: Some(file),
        } => {
            print_file(&file, app.draft_file(&agent, &file).await?, json)?;
            return Ok(Exit::Succeeded);
        }
        DraftCommand::Put {
            agent,
            file,
            from,
            remove,
            seen,
        } => {
            let content = if remove {
                None
            } else {
                Some(read(from.as_deref())?)
            };
            app.edit_draft(&agent, seen, &file, content).await?
        }
        DraftCommand::Set {
            agent,
            key,
            value,
            seen,
        } => {
            let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
            let change = ManifestChange::set(key.0, value);
            app.edit_manifest(&agent, seen, &[change]).await?
        }
        DraftCommand::Unset { agent, key, seen } => {
            let change = ManifestChange::remove(key.0);
            app.edit_manifest(&agent, seen, &[change]).await?
        }
        DraftCommand::Move {
            agent,
            file,
            to,
            seen,
        } => app.rename_draft_file(&agent, seen, &file, &to).await?,
        DraftCommand::Discard { agent, seen } => {
            let before = app.draft(&agent).await?;
            let draft = app.discard_draft(&agent, seen).await?;
            if before.hash != draft.hash {
                print_note(&format!(
                    "what it was is kept as a version; to go back to it: slipway agents restore {agent} {}",
                    before.hash.short()
                ));
            }
            draft
        }
    };
    if json {
        print_json(&draft)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    print(&mut screen, &draft)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

/// To a program byte for byte; to a person as a terminal may show it.
fn print_file(path: &str, content: Vec<u8>, json: bool) -> Result<(), Failure> {
    if json {
        let text = String::from_utf8(content).map_err(|_| {
            Problem::new(ErrorCode::InvalidInput, format!("{path} is no text"))
                .help("Leave --json out for its bytes.")
        })?;
        print_json(&serde_json::json!({ "path": path, "text": text }))?;
    } else if std::io::stdout().is_terminal() {
        let mut screen = Screen::stdout();
        screen.text(&sanitize::text(&String::from_utf8_lossy(&content)))?;
        screen.start_line()?;
        screen.flush()?;
    } else {
        let mut out = std::io::stdout().lock();
        out.write_all(&content)?;
        out.flush()?;
    }
    Ok(())
}

fn read(from: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let (name, read) = match from {
        Some(path) => (
            path.to_string_lossy().into_owned(),
            std::fs::File::open(path)
                .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)),
        ),
        None => (
            "stdin".to_owned(),
            std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes),
        ),
    };
    read.map_err(|error| {
        Problem::new(
            ErrorCode::InvalidInput,
            format!("{name} could not be read: {error}"),
        )
    })?;
    if bytes.len() as u64 > MAX_BYTES {
        let message = format!("{name} is larger than a package may be");
        return Err(Problem::new(ErrorCode::InvalidInput, message).into());
    }
    Ok(bytes)
}

fn print(screen: &mut Screen, draft: &Draft) -> std::io::Result<()> {
    let agent = &draft.agent;
    let version = draft.version.short();
    screen.line(&if draft.changed {
        format!("{agent} was changed since version {version}: slipway agents diff {agent}")
    } else {
        format!("{agent} is as in version {version}.")
    })?;
    if let Some(folder) = &draft.folder {
        screen.line(&format!(
            "Its draft is the folder {}",
            sanitize::line(folder)
        ))?;
    }
    screen.line("")?;
    for file in &draft.files {
        let size = styled(FAINT, &format!("{} bytes", file.size));
        screen.line(&format!("  {}  {size}", sanitize::line(&file.path)))?;
    }
    if !draft.findings.is_empty() {
        screen.line("")?;
        screen.line(&styled(BAD, "It cannot be run or saved as a version:"))?;
        for finding in &draft.findings {
            screen.line(&format!("  {}", sanitize::line(&finding.to_string())))?;
        }
    }
    Ok(())
}
