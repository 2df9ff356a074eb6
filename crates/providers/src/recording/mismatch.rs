//! Saying how what is differs from what was recorded.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;
use similar::TextDiff;
use slipway_agent::canonical;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};

use super::{Given, Header};
use crate::catalog;

/// Characters of a diff that a message holds, and of one line in it.
const DIFF: usize = 6_000;
const LINE: usize = 300;
/// Lines that are shown of many removed, or added, one after the other.
const RUN: usize = 8;

/// Writes the errors of one recording's playing.
pub(super) struct Mismatch<'a> {
    pub(super) name: &'a str,
    pub(super) header: &'a Header,
}

impl Mismatch<'_> {
    fn error(&self, what: &str, diff: &str) -> ModelError {
        let Self { name, header } = self;
        let made = header.made_at.strftime("%Y-%m-%d");
        // A local model of the machine where it was made need not be on this one.
        let which = if header.model.provider == catalog::LOCAL {
            "`slipway models` lists them".to_owned()
        } else {
            format!("--model {}", header.model)
        };
        let mut message = format!(
            "The recording {name:?}, made on {made} with {}, does not fit: {what}. A recorded answer says nothing about anything else. Run with a live or local model ({which}), or make a new recording (--record {name}).",
            header.model
        );
        if !diff.is_empty() {
            message.push_str("\n\n");
            message.push_str(diff);
        }
        ModelError::new(ModelErrorKind::RecordingMismatch, message)
    }

    /// The agent's instructions are others.
    pub(super) fn instructions(&self, then: Option<&str>, now: &str) -> ModelError {
        let diff = then.map(|then| diff(&then.replace("\r\n", "\n"), &now.replace("\r\n", "\n")));
        let what = "the agent's instructions (instructions.md) have changed since";
        self.error(what, &diff.unwrap_or_default())
    }

    /// The final answer's schema is another.
    pub(super) fn output_schema(&self) -> ModelError {
        self.error(
            "the schema of the final answer ([output]) has changed since",
            "",
        )
    }

    /// The conversation has more answers than were recorded.
    pub(super) fn no_more(&self, recorded: usize) -> ModelError {
        let what = format!("it holds {recorded} answers, and the run asks for one more");
        self.error(&what, "")
    }

    /// An answer in the conversation is not the recorded one.
    pub(super) fn answer(&self, number: usize) -> ModelError {
        let what = format!("answer {number} of the conversation did not come from it");
        self.error(&what, "")
    }

    /// What the model is given is not what it was given; `call` counts tool calls from 1.
    pub(super) fn given(
        &self,
        call: usize,
        then: Option<&Given>,
        now: Option<&Given>,
    ) -> ModelError {
        let what = match (then, now) {
            (Some(Given::Tool { name, .. }), Some(Given::Tool { name: other, .. }))
                if name != other =>
            {
                format!("tool call {call} was {name} and is {other} now")
            }
            (Some(Given::Tool { name, .. }), Some(Given::Tool { .. })) => {
                format!("tool call {call}, {name}, returned something else")
            }
            (Some(Given::Attachment { name, .. }), Some(Given::Attachment { name: other, .. }))
                if name != other =>
            {
                format!("the attached file was {name} and is {other} now")
            }
            (Some(Given::Attachment { name, .. }), Some(Given::Attachment { .. })) => {
                format!("the attached file {name} is another one now")
            }
            (Some(Given::Attachment { name, .. }), _) => {
                format!("the file {name} was attached and is not now")
            }
            (_, Some(Given::Attachment { name, .. })) => {
                format!("the file {name} was not attached then")
            }
            (Some(Given::User(_)), Some(Given::User(_))) => {
                "the model is told something else".to_owned()
            }
            (Some(Given::Tool { name, .. }), _) => {
                format!("the result of tool call {call}, {name}, is missing")
            }
            (_, Some(Given::Tool { name, .. })) => {
                format!("there is one tool result more, of tool call {call}, {name}")
            }
            (Some(Given::User(_)), None) => "the model is told less".to_owned(),
            (None, _) => "the model is told more".to_owned(),
        };
        self.error(&what, &diff(&shown(then), &shown(now)))
    }
}

fn shown(given: Option<&Given>) -> String {
    match given {
        None => String::new(),
        Some(Given::User(text)) => text.clone(),
        Some(Given::Attachment {
            name,
            media,
            sha256,
        }) => format!("{name}: {}, SHA-256 {sha256}", media.as_str()),
        Some(Given::Tool {
            result, is_error, ..
        }) => {
            let mark = if *is_error { "error: " } else { "" };
            format!("{mark}{}", readable(result))
        }
    }
}

/// How two values differ, in lines.
pub(super) fn values_differ(then: &Value, now: &Value) -> String {
    diff(&readable(then), &readable(now))
}

/// JSON with sorted keys and a line for each value; texts of several lines as lines.
fn readable(value: &Value) -> String {
    if let Value::String(text) = value {
        return text.clone();
    }
    let sorted: Value = serde_json::from_str(&canonical::to_string(value)).unwrap_or(Value::Null);
    serde_json::to_string_pretty(&sorted)
        .unwrap_or_default()
        .replace("\\n", "\n")
}

/// The lines; of many removed or added one after the other the first and how many more, so that
/// what stands in their place is in sight.
fn without_the_middle_of_long_runs(unified: &str) -> Vec<String> {
    let mut shown = Vec::new();
    let (mut sign, mut run) = (' ', 0);
    let ended = |shown: &mut Vec<String>, sign: char, run: usize| {
        if matches!(sign, '-' | '+') && run > RUN {
            shown.push(format!("{sign} … and {} more lines", run - RUN));
        }
    };
    for line in unified.lines() {
        let this = line.chars().next().unwrap_or(' ');
        if this != sign {
            ended(&mut shown, sign, run);
            (sign, run) = (this, 0);
        }
        run += 1;
        if !matches!(sign, '-' | '+') || run <= RUN {
            shown.push(line.to_owned());
        }
    }
    ended(&mut shown, sign, run);
    shown
}

fn diff(then: &str, now: &str) -> String {
    let ended = |text: &str| format!("{}\n", text.trim_end_matches('\n'));
    let (then, now) = (ended(then), ended(now));
    let diff = TextDiff::configure()
        .timeout(Duration::from_millis(500))
        .diff_lines(&then, &now);
    let unified = diff
        .unified_diff()
        .context_radius(3)
        .header("recorded", "now")
        .to_string();
    let mut out = String::new();
    for line in without_the_middle_of_long_runs(&unified) {
        if out.len() > DIFF {
            let _ = writeln!(out, "… and more");
            break;
        }
        let cut: String = line.chars().take(LINE).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        let _ = writeln!(out, "{cut}{more}");
    }
    out
}
