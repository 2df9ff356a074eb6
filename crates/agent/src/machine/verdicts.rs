//! What schemas say of an answer: journalled with it, so that a newer checker of schemas, which may
//! judge otherwise, changes nothing about what happened.

use std::collections::BTreeMap;
use std::num::ParseIntError;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use slipway_contract::message::{Content, ToolCall};

use super::answer::{text_of, without_fence};
use super::schema;
use crate::spec::RunSpec;

/// What schemas say of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Verdicts {
    /// What is wrong with the arguments of its calls, by the calls' places among each other, from
    /// 0. Those that fit are not in it.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "places"
    )]
    pub arguments: BTreeMap<usize, String>,
    /// What is wrong with it as a final answer; none when it fits, or calls tools, or nothing is
    /// asked of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

/// In JSON a key is a text, and inside an event, whose kind is one of its fields, serde reads it as
/// nothing else.
fn places<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<usize, String>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
    let place = |(place, problem): (String, String)| Ok((place.parse()?, problem));
    let places: Result<_, ParseIntError> = texts.into_iter().map(place).collect();
    places.map_err(serde::de::Error::custom)
}

impl Verdicts {
    /// Judges an answer by today's checker.
    pub(crate) fn of(spec: &RunSpec, content: &[Content]) -> Self {
        let calls: Vec<&ToolCall> = content
            .iter()
            .filter_map(|part| match part {
                Content::ToolCall(call) => Some(call),
                _ => None,
            })
            .collect();
        let output = match &spec.output_schema {
            Some(schema) if calls.is_empty() => structured(&text_of(content), schema).err(),
            _ => None,
        };
        Self {
            arguments: arguments(
                spec,
                calls.iter().map(|call| (&*call.tool, &call.arguments)),
            ),
            output,
        }
    }

    /// Judges calls, each a tool and its arguments, by today's checker.
    pub(crate) fn of_calls<'a>(
        spec: &RunSpec,
        calls: impl IntoIterator<Item = (&'a str, &'a Value)>,
    ) -> Self {
        Self {
            arguments: arguments(spec, calls),
            output: None,
        }
    }
}

fn arguments<'a>(
    spec: &RunSpec,
    calls: impl IntoIterator<Item = (&'a str, &'a Value)>,
) -> BTreeMap<usize, String> {
    let mut unfit = BTreeMap::new();
    for (place, (name, arguments)) in calls.into_iter().enumerate() {
        let mut tools = spec.tools.iter();
        // A call of no tool, or without readable arguments, is refused for that.
        if let Some(tool) = tools.find(|tool| tool.definition.name == name)
            && let Err(problem) = check(&tool.definition.schema, arguments)
        {
            unfit.insert(place, problem);
        }
    }
    unfit
}

fn check(schema: &Value, arguments: &Value) -> Result<(), String> {
    let problems = schema::problems(schema, arguments).map_err(|error| {
        format!("The tool's own schema cannot be read, so the call was not made: {error}.")
    })?;
    if problems.is_empty() {
        return Ok(());
    }
    let problems: Vec<String> = problems
        .into_iter()
        .map(|(place, text)| match place.as_str() {
            "" => format!("arguments: {text}"),
            place => format!("{place}: {text}"),
        })
        .collect();
    Err(format!(
        "The arguments do not fit the tool's schema, so the call was not made. {}",
        problems.join("; ")
    ))
}

fn structured(text: &str, schema: &Value) -> Result<(), String> {
    let value: Value = serde_json::from_str(without_fence(text))
        .map_err(|error| format!("it is not JSON ({error})"))?;
    let problems = schema::problems(schema, &value)
        .map_err(|error| format!("[output] is no valid JSON Schema ({error})"))?;
    if problems.is_empty() {
        return Ok(());
    }
    let problems: Vec<String> = problems
        .into_iter()
        .map(|(place, text)| format!("{place} {text}").trim().to_owned())
        .collect();
    Err(problems.join("; "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::message::StopReason;
    use slipway_contract::run::Tokens;
    use slipway_contract::{CallId, StepId, Timestamp};

    use super::*;
    use crate::event::{Event, Recorded};
    use crate::machine::{CallStatus, State};
    use crate::memory::contract::sample;

    #[test]
    fn what_is_wrong_with_arguments_can_be_read_again() {
        let verdicts = Verdicts {
            arguments: BTreeMap::from([(3, "no".to_owned()), (12, "nor this".to_owned())]),
            output: None,
        };
        let event = Event::ModelResponded {
            step: StepId(1),
            attempt: 1,
            content: Vec::new(),
            stop: StopReason::End,
            usage: Tokens::default(),
            usage_estimated: false,
            cost_from: slipway_contract::run::CostFrom::Price,
            cost_usd: None,
            first_token_ms: None,
            took_ms: 1,
            verdicts: Some(verdicts),
            request_id: None,
        };
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }

    /// The state after an answer that calls the sample's tool, judged like this.
    fn after(verdicts: Option<Verdicts>) -> State {
        let mut started = sample::started(1);
        let Event::Started { spec } = &mut started.event else {
            panic!("it starts a run")
        };
        let definition =
            crate::memory::tool::definition("echo", slipway_contract::tool::Effect::Read);
        spec.tools = vec![crate::spec::ToolSpec {
            definition,
            approval: None,
            reconciles: false,
        }];
        let step = StepId(1);
        let requested = Event::ModelRequested {
            step,
            attempt: 1,
            model: spec.model.clone(),
            max_output_tokens: None,
            reserved_usd: None,
            budgeted: false,
            prompted: false,
            unpriced: false,
        };
        let call = ToolCall {
            call_id: CallId("a".into()),
            tool: "echo".into(),
            arguments: json!({"n": 1}),
            malformed: None,
        };
        let responded = Event::ModelResponded {
            step,
            attempt: 1,
            content: vec![Content::ToolCall(call)],
            stop: StopReason::ToolCalls,
            usage: Tokens::default(),
            usage_estimated: false,
            cost_from: slipway_contract::run::CostFrom::Price,
            cost_usd: None,
            first_token_ms: None,
            took_ms: 1,
            verdicts,
            request_id: None,
        };
        let mut state = State::default();
        state.apply(&started).unwrap();
        for (seq, event) in [(2, requested), (3, responded)] {
            let at = Timestamp::UNIX_EPOCH;
            state.apply(&Recorded { seq, at, event }).unwrap();
        }
        state
    }

    #[test]
    fn what_was_judged_then_holds_now() {
        let refused = Verdicts {
            arguments: BTreeMap::from([(0, "an older checker's words".to_owned())]),
            output: None,
        };
        let state = after(Some(refused));
        let status = &state.calls()[0].status;
        assert_eq!(
            *status,
            CallStatus::Refused("an older checker's words".into())
        );
        assert_eq!(
            after(Some(Verdicts::default())).calls()[0].status,
            CallStatus::Wanted
        );
    }

    #[test]
    fn a_journal_without_verdicts_is_judged_now() {
        assert_eq!(after(None).calls()[0].status, CallStatus::Wanted);
    }

    #[test]
    fn each_call_and_the_final_answer_are_judged() {
        let Event::Started { mut spec } = sample::started(1).event else {
            panic!("it starts a run")
        };
        spec.output_schema = Some(json!({"type": "object", "required": ["total"]}));
        let say = |text: &str| {
            let text = text.to_owned();
            Verdicts::of(&spec, &[Content::Text { text }]).output
        };
        assert_eq!(say(r#"{"total": 1}"#), None);
        assert!(say("{}").unwrap().contains("total"));
        assert!(say("nothing").unwrap().contains("JSON"));
        let judged = Verdicts::of_calls(&spec, [("nobody", &json!({}))]);
        assert_eq!(
            judged,
            Verdicts::default(),
            "a call of no tool is refused for that"
        );
    }
}
