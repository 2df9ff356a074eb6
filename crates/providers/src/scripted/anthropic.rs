//! A scripted answer as Anthropic's Messages gives it.

use serde_json::{Map, Value, json};

use super::reply::{Answer, pieces};

const ID: &str = "msg_scripted";

/// A part of the answer.
struct Block {
    whole: Value,
    /// As it begins in a stream.
    begun: Value,
    deltas: Vec<Value>,
}

pub(super) fn whole(answer: &Answer) -> Value {
    let mut message = begun(answer);
    message["content"] = blocks(answer)
        .into_iter()
        .map(|block| block.whole)
        .collect();
    message["stop_reason"] = json!(stop(answer));
    if let (Some(all), Some(used)) = (message["usage"].as_object_mut(), output(answer)) {
        all.extend(used);
    }
    message
}

pub(super) fn events(answer: &Answer) -> String {
    let mut events = vec![
        json!({"type": "message_start", "message": begun(answer)}),
        json!({"type": "ping"}),
    ];
    for (index, block) in blocks(answer).into_iter().enumerate() {
        let begun = block.begun;
        events.push(json!({"type": "content_block_start", "index": index, "content_block": begun}));
        for delta in block.deltas {
            events.push(json!({"type": "content_block_delta", "index": index, "delta": delta}));
        }
        events.push(json!({"type": "content_block_stop", "index": index}));
    }
    let mut end = json!({"type": "message_delta", "delta": {"stop_reason": stop(answer)}});
    if let Some(used) = output(answer) {
        end["usage"] = Value::Object(used);
    }
    events.push(end);
    events.push(json!({"type": "message_stop"}));
    events
        .iter()
        .map(|event| {
            let kind = event["type"].as_str().unwrap_or_default();
            format!("event: {kind}\ndata: {event}\n\n")
        })
        .collect()
}

/// The message when it begins: it knows its input already.
fn begun(answer: &Answer) -> Value {
    let usage = answer.usage.map_or(Value::Null, |(input, _, cached)| {
        json!({
            "input_tokens": input.saturating_sub(cached).saturating_sub(answer.written),
            "cache_creation_input_tokens": answer.written,
            "cache_read_input_tokens": cached,
            "output_tokens": 1,
        })
    });
    json!({
        "id": ID,
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": null,
        "usage": usage,
    })
}

/// What the answer used, which is known when it ends.
fn output(answer: &Answer) -> Option<Map<String, Value>> {
    let (_, output, _) = answer.usage?;
    let mut used = Map::from_iter([("output_tokens".to_owned(), json!(output))]);
    if let Some(thought) = answer.thought {
        let details = json!({"thinking_tokens": thought});
        used.insert("output_tokens_details".to_owned(), details);
    }
    Some(used)
}

fn stop(answer: &Answer) -> &str {
    match answer.stop_word() {
        _ if answer.refusal.is_some() => "refusal",
        "stop" => "end_turn",
        "tool_calls" => "tool_use",
        "length" => "max_tokens",
        "content_filter" => "refusal",
        other => other,
    }
}

fn blocks(answer: &Answer) -> Vec<Block> {
    let thought = answer
        .reasoning
        .iter()
        .map(|(text, signature)| thought(text, signature.as_deref().unwrap_or_default()));
    let texts = [&answer.text, &answer.refusal].into_iter().flatten();
    thought
        .chain(texts.map(|words| text(words)))
        .chain(answer.calls.iter().map(call))
        .collect()
}

fn thought(text: &str, signature: &str) -> Block {
    let mut deltas = said("thinking_delta", "thinking", text);
    deltas.push(json!({"type": "signature_delta", "signature": signature}));
    Block {
        whole: json!({"type": "thinking", "thinking": text, "signature": signature}),
        begun: json!({"type": "thinking", "thinking": "", "signature": ""}),
        deltas,
    }
}

fn text(text: &str) -> Block {
    Block {
        whole: json!({"type": "text", "text": text}),
        begun: json!({"type": "text", "text": ""}),
        deltas: said("text_delta", "text", text),
    }
}

fn call((id, name, arguments): &(String, String, String)) -> Block {
    let mut begun = json!({"type": "tool_use", "name": name, "input": {}});
    if !id.is_empty() {
        begun["id"] = json!(id);
    }
    let mut whole = begun.clone();
    if !arguments.is_empty() {
        // A script may hold arguments that are no JSON.
        whole["input"] = serde_json::from_str(arguments).unwrap_or_else(|_| json!(arguments));
    }
    Block {
        whole,
        begun,
        deltas: said("input_json_delta", "partial_json", arguments),
    }
}

fn said(kind: &str, field: &str, text: &str) -> Vec<Value> {
    pieces(text)
        .iter()
        .map(|piece| json!({"type": kind, field: piece}))
        .collect()
}
