//! `slipway doctor`.

use std::io::{self, IsTerminal as _};

use slipway_app::{Check, Health};

use crate::exit::{Exit, Failure};
use crate::output::style::{ATTENTION, BAD, FAINT, GOOD, styled};
use crate::output::{Screen, print_json, sanitize};

pub(super) async fn doctor(json: bool) -> Result<Exit, Failure> {
    let mut checks = vec![Check::new(
        "slipway",
        Health::Good,
        env!("CARGO_PKG_VERSION"),
    )];
    checks.extend(slipway_app::doctor().await);
    checks.push(terminal());
    let broken = checks.iter().any(|check| check.health == Health::Broken);
    if json {
        checks.iter().try_for_each(print_json)?;
    } else {
        let mut screen = Screen::stdout();
        checks
            .iter()
            .try_for_each(|check| print(&mut screen, check))?;
        screen.flush()?;
    }
    Ok(if broken {
        Exit::Failed
    } else {
        Exit::Succeeded
    })
}

fn print(screen: &mut Screen, check: &Check) -> io::Result<()> {
    let mark = match check.health {
        Health::Good => styled(GOOD, "✓"),
        Health::Absent => styled(ATTENTION, "–"),
        Health::Broken => styled(BAD, "✗"),
    };
    screen.line(&format!(
        "{mark} {}: {}",
        check.name,
        sanitize::line(&check.found)
    ))?;
    match &check.help {
        Some(help) => screen.line(&format!("    {}", styled(FAINT, &sanitize::line(help)))),
        None => Ok(()),
    }
}

fn terminal() -> Check {
    let colours = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let (health, found) = match (
        io::stdin().is_terminal(),
        io::stdout().is_terminal(),
        colours,
    ) {
        (true, true, true) => (Health::Good, "questions can be asked here, in colour"),
        (true, true, false) => (Health::Good, "questions can be asked here, without colours"),
        _ => (
            Health::Absent,
            "there is none: runs park at their first question, unless you say --approve allow",
        ),
    };
    Check::new("terminal", health, found)
}
