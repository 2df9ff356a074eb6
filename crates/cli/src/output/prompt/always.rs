//! Answering for good: the patterns are shown, and the person takes one of them or none.

use std::io;

use slipway_contract::rule::ArgumentPattern;

use super::{Lines, read};
use crate::output::style::{FAINT, STRONG, styled};
use crate::output::{Screen, sanitize};

/// Shows the patterns and asks which of them. None takes none.
pub(crate) fn choose_pattern(
    screen: &mut Screen,
    tool: &str,
    patterns: &[ArgumentPattern],
    lines: &mut dyn Lines,
) -> io::Result<Option<ArgumentPattern>> {
    screen.line(&format!(
        "  {}",
        styled(
            STRONG,
            &format!(
                "Answer like this to every call of {} with",
                sanitize::exact(tool)
            )
        )
    ))?;
    for line in printed(patterns) {
        screen.line(&line)?;
    }
    let hint = "for this agent in this folder, as long as the tool is what it is now; `slipway rules` lists and removes rules";
    screen.line(&format!("    {}", styled(FAINT, hint)))?;
    let what = match patterns.len() {
        1 => "Which? [1], [B]ack".to_owned(),
        most => format!("Which? [1] to [{most}], [B]ack"),
    };
    loop {
        let Some(typed) = read(screen, &what, lines)? else {
            return Ok(None);
        };
        let typed = typed.trim();
        if matches!(typed.to_lowercase().as_str(), "" | "b" | "back") {
            return Ok(None);
        }
        let chosen = typed.parse::<usize>().ok();
        let chosen = chosen.and_then(|number| patterns.get(number.checked_sub(1)?));
        match chosen {
            Some(pattern) => return Ok(Some(pattern.clone())),
            None => screen.line(&format!("  {} is none of these.", sanitize::line(typed)))?,
        }
    }
}

/// Each pattern whole, numbered, a field a line. A pattern shows itself as it is: what cannot be
/// seen is written as its code.
fn printed(patterns: &[ArgumentPattern]) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let fields = pattern.fields();
        for (at, field) in fields.iter().enumerate() {
            let number = if at == 0 {
                (index + 1).to_string()
            } else {
                String::new()
            };
            lines.push(format!("    {number:>2}  {field}"));
        }
    }
    lines
}
