//! The tools' results of a recording, given to a model that really answers.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use slipway_agent::canonical;
use slipway_contract::message::Content;

use super::mismatch::values_differ;
use super::{Given, Recording};

/// The recorded results, each given once, to a call with the same arguments.
#[derive(Debug)]
pub struct RecordedTools(Mutex<Vec<Recorded>>);

#[derive(Debug)]
struct Recorded {
    tool: String,
    arguments: Value,
    returned: Returned,
    given: bool,
}

/// What a tool returned then.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// The result, normalised.
    pub result: Value,
    /// Whether it was an error that the model could act on.
    pub is_error: bool,
}

/// Why the recording has no result for a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// The tool was called otherwise.
    #[error(
        "the recording has no result for this call of {tool}: it was called with other arguments\n\n{diff}"
    )]
    Otherwise {
        /// The tool.
        tool: String,
        /// How the arguments differ from those of the nearest recorded call, in lines.
        diff: String,
    },
    /// It was not called, or not so often.
    #[error(
        "the recording has no result for this call of {tool}: it was called {times} times then"
    )]
    NotCalled {
        /// The tool.
        tool: String,
        /// How often it was called.
        times: usize,
    },
}

impl RecordedTools {
    /// The results of this recording.
    #[must_use]
    pub fn of(recording: &Recording) -> Self {
        let mut all = Vec::new();
        for (call, next) in recording.calls.iter().zip(recording.calls.iter().skip(1)) {
            let asked = call.answer.content.iter().filter_map(|part| match part {
                Content::ToolCall(call) => Some(call),
                _ => None,
            });
            let returned = next.given.iter().filter_map(|given| match given {
                Given::Tool {
                    result, is_error, ..
                } => Some(Returned {
                    result: result.clone(),
                    is_error: *is_error,
                }),
                _ => None,
            });
            // The model is given the results in the order in which it asked.
            all.extend(asked.zip(returned).map(|(call, returned)| Recorded {
                tool: call.tool.clone(),
                arguments: call.arguments.clone(),
                returned,
                given: false,
            }));
        }
        Self(Mutex::new(all))
    }

    /// What the tool returned to a call with these arguments: of several the first that was not
    /// given yet.
    ///
    /// # Errors
    /// It was never called so, or not so often.
    pub fn answer(&self, tool: &str, arguments: &Value) -> Result<Returned, NotRecorded> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = canonical::to_string(arguments);
        let left = all.iter_mut().filter(|one| one.tool == tool && !one.given);
        let mut others = Vec::new();
        for one in left {
            if canonical::to_string(&one.arguments) == asked {
                one.given = true;
                return Ok(one.returned.clone());
            }
            others.push(values_differ(&one.arguments, arguments));
        }
        let nearest = others.into_iter().min_by_key(|diff| diff.lines().count());
        Err(match nearest {
            Some(diff) => NotRecorded::Otherwise {
                tool: tool.to_owned(),
                diff,
            },
            None => NotRecorded::NotCalled {
                tool: tool.to_owned(),
                times: all.iter().filter(|one| one.tool == tool).count(),
            },
        })
    }
}
