//! A scripted answer as Chat Completions gives it.

use serde_json::{Value, json};

use super::reply::{Answer, pieces};

const ID: &str = "chatcmpl-scripted";

pub(super) fn whole(answer: &Answer) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.text});
    if let Some((text, _)) = &answer.reasoning {
        message["reasoning_content"] = json!(text);
    }
    if let Some(details) = details(answer) {
        message["reasoning_details"] = details;
    }
    if let Some(refusal) = &answer.refusal {
        message["refusal"] = json!(refusal);
    }
    if !answer.calls.is_empty() {
        message["tool_calls"] = answer.calls.iter().map(call).collect();
    }
    json!({
        "id": ID,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": answer.stop_word()}],
        "usage": usage(answer),
    })
}

pub(super) fn events(answer: &Answer) -> String {
    let mut chunks = vec![chunk(&json!({"role": "assistant", "content": ""}), None)];
    if let Some((text, _)) = &answer.reasoning {
        chunks.extend(
            pieces(text)
                .iter()
                .map(|piece| chunk(&json!({"reasoning_content": piece}), None)),
        );
    }
    if let Some(details) = details(answer) {
        chunks.push(chunk(&json!({"reasoning_details": details}), None));
    }
    for (field, text) in [("content", &answer.text), ("refusal", &answer.refusal)] {
        let text = text.as_deref().unwrap_or_default();
        chunks.extend(
            pieces(text)
                .iter()
                .map(|piece| chunk(&json!({field: piece}), None)),
        );
    }
    for (index, (id, name, _)) in answer.calls.iter().enumerate() {
        let mut begun = json!({"index": index, "type": "function", "function": {"name": name, "arguments": ""}});
        if !id.is_empty() {
            begun["id"] = json!(id);
        }
        chunks.push(chunk(&json!({"tool_calls": [begun]}), None));
    }
    // Arguments of parallel calls arrive by turns.
    let halves: Vec<(usize, &str, &str)> = answer
        .calls
        .iter()
        .enumerate()
        .map(|(index, (_, _, arguments))| {
            let middle = (0..=arguments.len() / 2)
                .rev()
                .find(|at| arguments.is_char_boundary(*at))
                .unwrap_or(0);
            let (first, second) = arguments.split_at(middle);
            (index, first, second)
        })
        .collect();
    for (index, half) in halves
        .iter()
        .map(|(index, first, _)| (index, first))
        .chain(halves.iter().map(|(index, _, second)| (index, second)))
    {
        let piece = json!({"index": index, "function": {"arguments": half}});
        chunks.push(chunk(&json!({"tool_calls": [piece]}), None));
    }
    chunks.push(chunk(&json!({}), Some(answer.stop_word())));
    if answer.usage.is_some() {
        chunks.push(json!({"id": ID, "object": "chat.completion.chunk", "choices": [], "usage": usage(answer)}));
    }
    let mut body: String = chunks
        .iter()
        .map(|chunk| format!("data: {chunk}\n\n"))
        .collect();
    body.push_str("data: [DONE]\n\n");
    body
}

/// Reasoning that is wanted back unchanged, as OpenRouter gives it.
fn details(answer: &Answer) -> Option<Value> {
    let (text, encrypted) = answer.reasoning.as_ref()?;
    let signature = encrypted.as_ref()?;
    Some(json!([{
        "type": "reasoning.text",
        "text": text,
        "signature": signature,
        "format": "anthropic-claude-v1",
        "index": 0,
    }]))
}

fn chunk(delta: &Value, finish: Option<&str>) -> Value {
    json!({
        "id": ID,
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    })
}

fn call((id, name, arguments): &(String, String, String)) -> Value {
    let mut call = json!({"type": "function", "function": {"name": name, "arguments": arguments}});
    if !id.is_empty() {
        call["id"] = json!(id);
    }
    call
}

fn usage(answer: &Answer) -> Value {
    answer.usage.map_or(Value::Null, |(input, output, cached)| {
        let mut usage = json!({
            "prompt_tokens": input,
            "completion_tokens": output,
            "total_tokens": input + output,
            "prompt_tokens_details": {"cached_tokens": cached},
        });
        if answer.written > 0 {
            usage["prompt_tokens_details"]["cache_write_tokens"] = json!(answer.written);
        }
        if let Some(thought) = answer.thought {
            usage["completion_tokens_details"] = json!({"reasoning_tokens": thought});
        }
        usage
    })
}
