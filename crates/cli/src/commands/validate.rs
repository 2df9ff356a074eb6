//! `slipway validate`: reads a package, and does nothing else.

use crate::args::ValidateArgs;
use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, FAINT, GOOD, STRONG, styled};
use crate::output::{Screen, amount, print_json, sanitize};

pub(super) fn validate(args: &ValidateArgs, json: bool) -> Result<Exit, Failure> {
    let found = slipway_app::validate(&args.path)?;
    if json {
        print_json(&found)?;
        return Ok(Exit::Succeeded);
    }
    let mut screen = Screen::stdout();
    let name = styled(STRONG, found.name.as_str());
    screen.line(&format!(
        "{} {name} is valid: {}",
        styled(GOOD, "✓"),
        sanitize::line(&found.title)
    ))?;
    let hashes = format!(
        "  {}, version {}, behaviour {}",
        amount::of(found.files as u64, "file"),
        found.version.short(),
        found.behaviour.short()
    );
    screen.line(&styled(FAINT, &hashes))?;
    if !found.permissions.is_empty() {
        screen.line("  It asks to:")?;
        for permission in &found.permissions {
            screen.line(&format!(
                "    - {}",
                sanitize::exact(&permission.to_string())
            ))?;
        }
    }
    for note in &found.notes {
        let mark = styled(ATTENTION, "!");
        screen.line(&format!("{mark} {}", sanitize::line(note)))?;
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
