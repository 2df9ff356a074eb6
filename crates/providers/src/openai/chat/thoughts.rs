//! Reasoning of Chat Completions: who gave it, and what goes back of it. It is marked with its
//! place, since another place would refuse it or take it for its own.

use serde_json::{Map, Value, json};
use slipway_agent::ports::model::ModelResponse;
use slipway_contract::message::Content;

use crate::openai::Call;
use crate::registry::ThoughtsBack;

const PROTOCOL: &str = "chat";

/// The name under which details are kept.
const DETAILS: &str = "details";

/// The details that came with an answer, put together from their pieces.
#[derive(Debug, Default)]
pub(super) struct Details(Vec<Value>);

impl Details {
    /// Takes pieces in: one with the index and the type of the one before goes on with it.
    pub(super) fn take(&mut self, pieces: Vec<Value>) {
        for piece in pieces {
            match (self.0.last_mut(), &piece) {
                (Some(Value::Object(last)), Value::Object(more)) if goes_on(last, more) => {
                    extend(last, more);
                }
                _ => self.0.push(piece),
            }
        }
    }
}

fn goes_on(last: &Map<String, Value>, more: &Map<String, Value>) -> bool {
    let counted = last.get("index").is_some_and(Value::is_number);
    let kind = last.get("type").and_then(Value::as_str);
    counted
        && last.get("index") == more.get("index")
        && last.get("type") == more.get("type")
        && matches!(kind, Some("reasoning.text" | "reasoning.summary"))
}

fn extend(last: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more {
        match (last.get_mut(key), value) {
            (_, Value::Null) => {}
            (Some(Value::String(text)), Value::String(piece))
                if matches!(key.as_str(), "text" | "summary") =>
            {
                text.push_str(piece);
            }
            _ => {
                last.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Marks the reasoning of an answer with where it is from, where it goes back.
pub(super) fn marked(
    call: &Call<'_>,
    details: Details,
    mut answer: ModelResponse,
) -> ModelResponse {
    let back = call.dialect.thoughts_back;
    if back == ThoughtsBack::Nowhere {
        return answer;
    }
    let endpoint = call.attempt.endpoint;
    let mark = json!({"protocol": PROTOCOL, "provider": endpoint.provider.id});
    let thoughts = answer.content.iter_mut().filter_map(|part| match part {
        Content::Reasoning { opaque, .. } => Some(opaque),
        _ => None,
    });
    if back != ThoughtsBack::ReasoningDetails {
        thoughts.for_each(|opaque| *opaque = Some(mark.clone()));
        return answer;
    }
    if details.0.is_empty() {
        return answer;
    }
    // Signed by and for one model.
    let origin = call.attempt.origin(PROTOCOL);
    let mark = origin.mark(DETAILS, Value::Array(details.0));
    let mut thoughts = thoughts;
    match thoughts.next() {
        Some(opaque) => *opaque = Some(mark),
        None => answer.content.insert(
            0,
            Content::Reasoning {
                text: String::new(),
                opaque: Some(mark),
            },
        ),
    }
    answer
}

/// The reasoning of an answer that this place gave.
pub(super) fn own_text(call: &Call<'_>, content: &[Content]) -> String {
    let own = content.iter().filter_map(|part| match part {
        Content::Reasoning { text, opaque } if is_own(call, opaque.as_ref()) => Some(text.as_str()),
        _ => None,
    });
    own.collect()
}

/// The details that this place gave with an answer of this model.
pub(super) fn own_details<'a>(call: &Call<'_>, content: &'a [Content]) -> Vec<&'a Value> {
    let origin = call.attempt.origin(PROTOCOL);
    let own = content.iter().filter_map(|part| match part {
        Content::Reasoning { opaque, .. } => origin.own(opaque.as_ref()?, DETAILS)?.as_array(),
        _ => None,
    });
    own.flatten().collect()
}

fn is_own(call: &Call<'_>, mark: Option<&Value>) -> bool {
    let said = |name: &str| mark?.get(name)?.as_str();
    said("protocol") == Some(PROTOCOL)
        && said("provider") == Some(&call.attempt.endpoint.provider.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_one_detail_are_put_together() {
        let mut details = Details::default();
        let text = |index: u64, text: &str, signature: Value| json!({"type": "reasoning.text", "text": text, "signature": signature, "format": "f", "index": index});
        details.take(vec![text(0, "6 times ", Value::Null)]);
        details.take(vec![text(0, "7", Value::Null)]);
        details.take(vec![text(0, "", json!("sig=="))]);
        let encrypted =
            |data: &str| json!({"type": "reasoning.encrypted", "data": data, "index": 1});
        details.take(vec![encrypted("a"), encrypted("b")]);
        details.take(vec![text(2, "and", Value::Null), json!("odd")]);
        assert_eq!(
            details.0,
            [
                text(0, "6 times 7", json!("sig==")),
                encrypted("a"),
                encrypted("b"),
                text(2, "and", Value::Null),
                json!("odd"),
            ]
        );
    }
}
