//! Whether a model's answer without tool calls is a final one.

use serde_json::Value;
use slipway_contract::message::{Content, StopReason};
use slipway_contract::run::{End, EndReason, RunStatus};

/// What an answer without tool calls means.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// The run ends.
    End(End),
    /// The model is told what is wrong and asked once more.
    Repair(String),
}

/// That a final answer must have a structure, and what is wrong with this one's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Structure<'a> {
    pub(super) problem: Option<&'a str>,
}

/// A run's end as failed.
pub(super) fn failed(reason: EndReason, message: impl Into<String>) -> End {
    End {
        status: RunStatus::Failed,
        reason,
        message: message.into(),
        output: None,
    }
}

/// Judges an answer without tool calls; `repaired` says that the model was asked once more already.
pub(super) fn judge(
    content: &[Content],
    stop: &StopReason,
    structure: Option<Structure<'_>>,
    repaired: bool,
) -> Verdict {
    let text = text_of(content);
    match stop {
        StopReason::Refused => Verdict::End(failed(EndReason::Refused, refusal(&text))),
        StopReason::Filtered => Verdict::End(failed(
            EndReason::Refused,
            "The provider's filter withheld the answer. Change the input or choose another model.",
        )),
        StopReason::Length => Verdict::End(failed(
            EndReason::AnswerTooLong,
            "The model reached its limit of output tokens in the middle of its answer. Raise model.max_output_tokens or ask for less.",
        )),
        StopReason::Unknown(word) => Verdict::End(failed(
            EndReason::UnknownStop,
            format!(
                "The model stopped for a reason that Slipway does not know: {:?}.",
                shortened(word)
            ),
        )),
        StopReason::ToolCalls if !text.trim().is_empty() => {
            if repaired {
                Verdict::End(failed(
                    EndReason::UnknownStop,
                    "The model said that it calls a tool and named none, also when asked again.",
                ))
            } else {
                Verdict::Repair("You said that you call a tool, and your answer held no call. Call the tool, or give your final answer.".to_owned())
            }
        }
        StopReason::End | StopReason::ToolCalls if text.trim().is_empty() => {
            if repaired {
                Verdict::End(failed(
                    EndReason::EmptyAnswer,
                    "The model answered nothing, also when asked again. Try another model or simpler instructions.",
                ))
            } else {
                Verdict::Repair(
                    "Your answer was empty. Answer the task, or call a tool.".to_owned(),
                )
            }
        }
        StopReason::End | StopReason::ToolCalls => match structure {
            None => succeeded(Value::String(text)),
            Some(Structure { problem }) => structured(&text, problem, repaired),
        },
    }
}

fn succeeded(output: Value) -> Verdict {
    Verdict::End(End {
        status: RunStatus::Succeeded,
        reason: EndReason::Answered,
        message: String::new(),
        output: Some(output),
    })
}

fn structured(text: &str, problem: Option<&str>, repaired: bool) -> Verdict {
    let problem = match (serde_json::from_str::<Value>(without_fence(text)), problem) {
        (Ok(value), None) => return succeeded(value),
        (Ok(_), Some(problem)) => problem.to_owned(),
        (Err(error), _) => format!("it is not JSON ({error})"),
    };
    if repaired {
        Verdict::End(failed(
            EndReason::InvalidOutput,
            format!("The final answer does not fit [output], also after one repair: {problem}."),
        ))
    } else {
        Verdict::Repair(format!(
            "Your final answer does not fit the required JSON Schema: {problem}. Answer again with nothing but the corrected JSON."
        ))
    }
}

/// Models like to wrap JSON in a Markdown fence; the fence is no part of the answer.
pub(super) fn without_fence(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("```json")
        .or_else(|| text.strip_prefix("```"))
        .and_then(|rest| rest.strip_suffix("```"))
        .map_or(text, str::trim)
}

fn refusal(text: &str) -> String {
    if text.trim().is_empty() {
        "The model refused to answer.".to_owned()
    } else {
        format!("The model refused to answer: {}", shortened(text.trim()))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(300).collect()
}

pub(super) fn text_of(content: &[Content]) -> String {
    content
        .iter()
        .filter_map(|part| match part {
            Content::Text { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn say(text: &str) -> Vec<Content> {
        vec![Content::Text {
            text: text.to_owned(),
        }]
    }

    #[test]
    fn a_fenced_structured_answer_counts() {
        let fits = Structure { problem: None };
        let verdict = judge(
            &say("```json\n{\"total\": 3}\n```"),
            &StopReason::End,
            Some(fits),
            false,
        );
        assert_eq!(verdict, succeeded(json!({"total": 3})));
    }

    #[test]
    fn a_wrong_structured_answer_is_repaired_once() {
        let lacks = Structure {
            problem: Some("\"total\" is required"),
        };
        let Verdict::Repair(text) = judge(&say("{}"), &StopReason::End, Some(lacks), false) else {
            panic!("the first wrong answer must be repaired")
        };
        assert!(text.contains("total"), "{text}");
        let Verdict::End(end) = judge(&say("{}"), &StopReason::End, Some(lacks), true) else {
            panic!("the second wrong answer must end the run")
        };
        assert_eq!(
            (end.status, end.reason),
            (RunStatus::Failed, EndReason::InvalidOutput)
        );
    }

    #[test]
    fn cut_filtered_and_strange_answers_never_succeed() {
        for stop in [
            StopReason::Length,
            StopReason::Filtered,
            StopReason::Refused,
            StopReason::Unknown("eos".into()),
        ] {
            let Verdict::End(end) = judge(&say("42"), &stop, None, false) else {
                panic!("{stop:?} must end the run")
            };
            assert_eq!(end.status, RunStatus::Failed, "{stop:?}");
        }
    }
}
