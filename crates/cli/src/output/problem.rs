//! Errors and notes, on standard error.

use std::io;

use slipway_contract::Problem;

use super::style::{ATTENTION, BAD, STRONG, styled};
use super::{Screen, json, sanitize, worded};

/// Prints `error: …`, what is wrong line by line, and `help: …`; with `--json` an object on
/// stdout too. Where neither can be written there is nobody to tell.
pub(crate) fn print_problem(problem: &Problem, as_json: bool) {
    let problem = worded(problem);
    if as_json {
        let _ = json::print_error_line(&problem);
    }
    let _ = write_problem(&mut Screen::stderr(), &problem);
}

/// Prints `note: …`.
pub(crate) fn print_note(text: &str) {
    let mut screen = Screen::stderr();
    let _ = screen
        .line(&format!(
            "{} {}",
            styled(ATTENTION, "note:"),
            sanitize::text(text)
        ))
        .and_then(|()| screen.flush());
}

fn write_problem(screen: &mut Screen, problem: &Problem) -> io::Result<()> {
    screen.line(&format!(
        "{} {}",
        styled(BAD, "error:"),
        sanitize::text(&problem.message)
    ))?;
    for finding in &problem.findings {
        screen.line(&format!("  {}", sanitize::line(&finding.to_string())))?;
    }
    if let Some(help) = &problem.help {
        screen.line(&format!(
            "{} {}",
            styled(STRONG, "help:"),
            sanitize::text(help)
        ))?;
    }
    screen.flush()
}

#[cfg(test)]
mod tests {
    use slipway_contract::ErrorCode;
    use slipway_contract::error::Finding;

    use super::*;

    #[test]
    fn findings_stand_one_to_a_line() {
        let mut problem = Problem::new(ErrorCode::InvalidPackage, "not valid").help("correct it");
        problem.findings = vec![Finding {
            file: "agent.toml".into(),
            line: Some(3),
            column: Some(5),
            key: Some("limits.max_step".into()),
            message: "no such key\u{1b}[2J".into(),
            fix: None,
        }];
        let (mut screen, written) = Screen::in_memory(None);
        write_problem(&mut screen, &problem).unwrap();
        assert_eq!(
            written.text(),
            "error: not valid\n  agent.toml:3:5: limits.max_step: no such key\\u{1b}[2J\nhelp: correct it\n"
        );
    }
}
