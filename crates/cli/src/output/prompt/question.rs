//! A question as a person reads it: everything the answer covers, and nothing that only looks so.

use std::io;
use std::path::Path;

use serde_json::Value;
use slipway_contract::approval::{Approval, Question};
use slipway_contract::tool::Effect;

use crate::output::style::{ATTENTION, FAINT, STRONG, styled};
use crate::output::{Screen, amount, permission, sanitize};

/// How much of a question is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Long values are cut, and it is said that they are.
    Short,
    /// All of it, the arguments as the JSON that is sent.
    Full,
}

const MOST_LINES: usize = 12;
const MOST_CHARACTERS: usize = 300;

/// Prints a question.
pub(crate) fn print(
    screen: &mut Screen,
    approval: &Approval,
    workdir: &Path,
    extent: Extent,
) -> io::Result<()> {
    screen.line(&format!(
        "{} {}",
        styled(ATTENTION, "?"),
        styled(STRONG, &headline(&approval.question))
    ))?;
    match &approval.question {
        Question::Grant {
            permissions,
            behaviour,
        } => {
            for item in permissions {
                screen.line(&format!("    - {}", permission::described(item, workdir)))?;
            }
            if extent == Extent::Full {
                faint(screen, &format!("asked for by the behaviour {behaviour}"))?;
                faint(
                    screen,
                    &format!(
                        "paths start at {}",
                        sanitize::exact(&workdir.to_string_lossy())
                    ),
                )?;
            }
        }
        Question::Call {
            call_id,
            server,
            arguments,
            effect,
            ..
        } => {
            print_arguments(screen, arguments, extent)?;
            faint(screen, effect_in_words(*effect))?;
            if extent == Extent::Full {
                faint(
                    screen,
                    &format!(
                        "served by {}, call {}",
                        sanitize::exact(server),
                        sanitize::exact(&call_id.0)
                    ),
                )?;
            }
        }
        Question::Outcome {
            call_id, arguments, ..
        } => {
            print_arguments(screen, arguments, extent)?;
            if extent == Extent::Full {
                faint(screen, &format!("call {}", sanitize::exact(&call_id.0)))?;
            }
        }
    }
    let covered = match &approval.question {
        Question::Grant { .. } => "this list, for this behaviour",
        Question::Call { .. } => "this tool with exactly these arguments, once",
        Question::Outcome { .. } => "this call",
    };
    let hash = match extent {
        Extent::Short => approval.binding.short(),
        Extent::Full => approval.binding.to_string(),
    };
    faint(
        screen,
        &format!(
            "step {}; an answer covers {covered} ({hash})",
            approval.step
        ),
    )
}

fn headline(question: &Question) -> String {
    match question {
        Question::Grant { .. } => "The agent asks for permission to".to_owned(),
        Question::Call { tool, .. } => format!("The agent wants to call {}", sanitize::exact(tool)),
        Question::Outcome { tool, .. } => {
            format!(
                "{} was cut off, and only you can find out whether it happened",
                sanitize::exact(tool)
            )
        }
    }
}

const fn effect_in_words(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "it changes nothing",
        Effect::Idempotent => "it changes something; once or twice is the same",
        Effect::Write => "it changes something, each time anew",
    }
}

fn faint(screen: &mut Screen, text: &str) -> io::Result<()> {
    screen.line(&format!("    {}", styled(FAINT, text)))
}

fn print_arguments(screen: &mut Screen, arguments: &Value, extent: Extent) -> io::Result<()> {
    match (arguments, extent) {
        (Value::Object(fields), Extent::Short) => fields
            .iter()
            .try_for_each(|(name, value)| print_field(screen, name, value)),
        (other, Extent::Short) => screen.line(&format!("    {}", cut(&other.to_string()))),
        (all, Extent::Full) => {
            let json = serde_json::to_string_pretty(all)?;
            json.lines()
                .try_for_each(|line| screen.line(&format!("    {}", sanitize::json(line))))
        }
    }
}

fn print_field(screen: &mut Screen, name: &str, value: &Value) -> io::Result<()> {
    let name = sanitize::exact(name);
    let text = match value {
        Value::String(text) if body(text).contains('\n') => text,
        other => return screen.line(&format!("    {name}: {}", cut(&other.to_string()))),
    };
    let lines: Vec<&str> = body(text).split('\n').collect();
    screen.line(&format!(
        "    {name}: {}",
        amount::of(lines.len() as u64, "line")
    ))?;
    for line in lines.iter().take(MOST_LINES) {
        screen.line(&format!("    {} {}", styled(FAINT, "│"), cut(line)))?;
    }
    match lines.len().saturating_sub(MOST_LINES) {
        0 => Ok(()),
        more => faint(
            screen,
            &format!("… {} that d shows", amount::of(more as u64, "more line")),
        ),
    }
}

/// The text without the end of its last line.
fn body(text: &str) -> &str {
    text.strip_suffix('\n').unwrap_or(text)
}

fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= MOST_CHARACTERS {
        return sanitize::exact(text).into_owned();
    }
    let start: String = text.chars().take(MOST_CHARACTERS).collect();
    let more = amount::of((length - MOST_CHARACTERS) as u64, "more character");
    format!("{} … {more} that d shows", sanitize::exact(&start))
}
