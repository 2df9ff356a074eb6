//! `slipway import`.

use std::path::Path;

use slipway_app::{App, Import};
use slipway_contract::agent::{PackageName, PackagePreview};

use super::agents::approval;
use super::export;
use crate::args::ImportArgs;
use crate::exit::{Exit, Failure};
use crate::output::style::{FAINT, STRONG, styled};
use crate::output::{Screen, print_json, sanitize};

pub(super) async fn import(app: &App, args: &ImportArgs, json: bool) -> Result<Exit, Failure> {
    if args.all {
        let brought = app.import_all(&args.path).await?;
        return export::print(&brought, json, "Brought in");
    }
    if args.preview {
        return preview(app, &args.path, json).await;
    }
    let import = Import {
        hash: args.hash,
        replace: args.replace,
        name: args.name.clone(),
    };
    let agent = app.import_package(&args.path, import).await?;
    if json {
        print_json(&agent)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    screen.line(&format!(
        "Imported {} (version {}). Nothing was run.",
        agent.name,
        agent.version.short()
    ))?;
    screen.line("")?;
    screen.line(&format!("  Look at it: slipway agents show {}", agent.name))?;
    screen.line(&format!("  Run it:     slipway run {}", agent.name))?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

async fn preview(app: &App, path: &Path, json: bool) -> Result<Exit, Failure> {
    let preview = app.preview_package(path).await?;
    if json {
        print_json(&preview)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    print(&mut screen, &preview)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn print(screen: &mut Screen, package: &PackagePreview) -> std::io::Result<()> {
    screen.line(&format!(
        "{} {}",
        styled(STRONG, &sanitize::line(&package.title)),
        styled(FAINT, package.name.as_str())
    ))?;
    if !package.description.is_empty() {
        screen.line(&sanitize::line(&package.description))?;
    }
    screen.line("")?;
    let nobody = || "nobody says".to_owned();
    let authors = match package.authors.as_slice() {
        [] => nobody(),
        some => some.join(", "),
    };
    let files = if package.files == 1 { "file" } else { "files" };
    for (label, value) in [
        ("by", authors),
        ("licence", package.license.clone().unwrap_or_else(nobody)),
        ("model", package.models.join(", ")),
        (
            "size",
            format!("{} {files}, {} bytes", package.files, package.size),
        ),
        ("hash", package.hash.to_string()),
    ] {
        screen.line(&format!("  {label:<9}{}", sanitize::line(&value)))?;
    }
    let tools = package.tools.iter();
    let tools = tools.map(|tool| format!("{}{}", tool.name, approval(tool.approval)));
    list(screen, "Tools", tools)?;
    let asks = package.permissions.iter().map(ToString::to_string);
    list(screen, "It asks to", asks)?;
    for note in &package.notes {
        screen.line("")?;
        screen.line(&format!("! {}", sanitize::line(note)))?;
    }
    screen.line("")?;
    screen.line(&match &package.standing {
        PackageName::Free => "Nothing was imported. No agent here has its name.".to_owned(),
        PackageName::Same => "This very package is here already.".to_owned(),
        PackageName::Taken { version, free, .. } => format!(
            "Nothing was imported. An agent of this name is here in another version ({}): import with --replace, or with --name {free}.",
            version.short()
        ),
    })
}

fn list(
    screen: &mut Screen,
    title: &str,
    items: impl Iterator<Item = String>,
) -> std::io::Result<()> {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return Ok(());
    }
    screen.line("")?;
    screen.line(&format!("{title}:"))?;
    items
        .iter()
        .try_for_each(|item| screen.line(&format!("  - {}", sanitize::exact(item))))
}
