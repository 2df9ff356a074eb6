//! A question as a person reads it: everything the answer covers, and nothing that only looks so.

use std::io;
use std::path::Path;

use serde_json::Value;
use slipway_contract::Timestamp;
use slipway_contract::approval::{Approval, Question};
use slipway_contract::tool::Effect;

use crate::output::style::{ATTENTION, FAINT, STRONG, styled};
use crate::output::{Screen, amount, permission, sanitize};

/// How much of a question is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Long values are cut, and it is said that they are: only where the person can ask for more.
    AtPrompt,
    /// Everything that the answer covers.
    Whole,
    /// That, and where it comes from.
    Details,
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
            if extent == Extent::Details {
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
            if extent == Extent::Details {
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
        Question::Price { model, budgets } => {
            for budget in budgets {
                screen.line(&format!("    - {}", sanitize::line(budget)))?;
            }
            let hint = format!(
                "`slipway models prices --help` shows how prices.toml names the price of {}; docs/models.md says more",
                sanitize::exact(&model.to_string())
            );
            faint(screen, &hint)?;
        }
        Question::Outcome {
            call_id, arguments, ..
        } => {
            print_arguments(screen, arguments, extent)?;
            if extent == Extent::Details {
                faint(screen, &format!("call {}", sanitize::exact(&call_id.0)))?;
            }
        }
    }
    // The behaviour is what `validate` and `agents show` name, so that it can be compared.
    let (covered, hash) = match &approval.question {
        Question::Grant { behaviour, .. } => ("this list, for the behaviour", *behaviour),
        Question::Call { .. } => (
            "this tool with exactly these arguments, once",
            approval.binding,
        ),
        Question::Outcome { .. } => ("this call", approval.binding),
        Question::Price { .. } => ("this run", approval.binding),
    };
    let hash = match extent {
        Extent::AtPrompt | Extent::Whole => hash.short(),
        Extent::Details => hash.to_string(),
    };
    faint(
        screen,
        &format!(
            "step {}; an answer covers {covered} ({hash})",
            approval.step
        ),
    )?;
    match approval.expires_at {
        Some(until) => faint(screen, &format!("it waits until {}", when(until))),
        None => Ok(()),
    }
}

fn when(until: Timestamp) -> String {
    until.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether the prompt leaves something out of what an answer covers.
pub(crate) fn is_cut(question: &Question) -> bool {
    let Question::Call { arguments, .. } = question else {
        return false;
    };
    let is_long = |text: &str| text.chars().count() > MOST_CHARACTERS;
    let is_cut = |value: &Value| match value {
        Value::String(text) if body(text).contains('\n') => {
            body(text).split('\n').count() > MOST_LINES || body(text).split('\n').any(is_long)
        }
        other => is_long(&other.to_string()),
    };
    match arguments {
        Value::Object(fields) => fields.values().any(is_cut),
        other => is_long(&other.to_string()),
    }
}

pub(crate) fn headline(question: &Question) -> String {
    match question {
        Question::Grant { .. } => "The agent asks for permission to".to_owned(),
        Question::Call { tool, .. } => format!("The agent wants to call {}", sanitize::exact(tool)),
        Question::Price { model, .. } => format!(
            "The price of {} is unknown, so these budgets cannot be kept",
            sanitize::exact(&model.to_string())
        ),
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
        Effect::Idempotent => "it changes something; doing it twice gives the same as once",
        Effect::Write => "it changes something, each time anew",
    }
}

fn faint(screen: &mut Screen, text: &str) -> io::Result<()> {
    screen.line(&format!("    {}", styled(FAINT, text)))
}

fn print_arguments(screen: &mut Screen, arguments: &Value, extent: Extent) -> io::Result<()> {
    match arguments {
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, value)| print_field(screen, name, value, extent)),
        other => screen.line(&format!("    {}", shown(&other.to_string(), extent))),
    }
}

fn print_field(screen: &mut Screen, name: &str, value: &Value, extent: Extent) -> io::Result<()> {
    let name = sanitize::exact(name);
    let text = match value {
        Value::String(text) if body(text).contains('\n') => text,
        other => {
            return screen.line(&format!(
                "    {name}: {}",
                shown(&other.to_string(), extent)
            ));
        }
    };
    let lines: Vec<&str> = body(text).split('\n').collect();
    let open_end = if text.ends_with('\n') {
        ""
    } else {
        ", the last without a line end"
    };
    screen.line(&format!(
        "    {name}: {}{open_end}",
        amount::of(lines.len() as u64, "line")
    ))?;
    let most = match extent {
        Extent::AtPrompt => MOST_LINES,
        Extent::Whole | Extent::Details => usize::MAX,
    };
    for line in lines.iter().take(most) {
        screen.line(&format!(
            "    {} {}",
            styled(FAINT, "│"),
            shown(line, extent)
        ))?;
    }
    match lines.len().saturating_sub(most) {
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

fn shown(text: &str, extent: Extent) -> String {
    let length = text.chars().count();
    if extent != Extent::AtPrompt || length <= MOST_CHARACTERS {
        return sanitize::exact(text).into_owned();
    }
    let start: String = text.chars().take(MOST_CHARACTERS).collect();
    let more = amount::of((length - MOST_CHARACTERS) as u64, "more character");
    format!("{} … {more} that d shows", sanitize::exact(&start))
}
