//! A scripted answer as Responses gives it.

use serde_json::{Value, json};

use super::reply::{Answer, pieces};

pub(super) fn whole(answer: &Answer) -> Value {
    let (status, details) = match answer.stop_word() {
        "stop" | "tool_calls" => ("completed", Value::Null),
        "length" => ("incomplete", json!({"reason": "max_output_tokens"})),
        other => ("incomplete", json!({"reason": other})),
    };
    let usage = answer.usage.map_or(Value::Null, |(input, output, cached)| {
        let mut usage = json!({
            "input_tokens": input,
            "output_tokens": output,
            "total_tokens": input + output,
            "input_tokens_details": {"cached_tokens": cached},
        });
        if let Some(thought) = answer.thought {
            usage["output_tokens_details"] = json!({"reasoning_tokens": thought});
        }
        usage
    });
    json!({
        "id": "resp_scripted",
        "object": "response",
        "status": status,
        "error": null,
        "incomplete_details": details,
        "output": items(answer),
        "usage": usage,
    })
}

fn items(answer: &Answer) -> Vec<Value> {
    let mut items = Vec::new();
    if let Some((text, encrypted)) = &answer.reasoning {
        let mut item = json!({
            "id": "rs_1",
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": text}],
            "status": "completed",
        });
        if let Some(encrypted) = encrypted {
            item["encrypted_content"] = json!(encrypted);
        }
        items.push(item);
    }
    let mut content = Vec::new();
    if let Some(text) = &answer.text {
        content.push(json!({"type": "output_text", "text": text, "annotations": []}));
    }
    if let Some(refusal) = &answer.refusal {
        content.push(json!({"type": "refusal", "refusal": refusal}));
    }
    if !content.is_empty() {
        items.push(json!({
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": content,
        }));
    }
    for (index, (id, name, arguments)) in answer.calls.iter().enumerate() {
        let mut item = json!({
            "id": format!("fc_{index}"),
            "type": "function_call",
            "status": "completed",
            "name": name,
            "arguments": arguments,
        });
        if !id.is_empty() {
            item["call_id"] = json!(id);
        }
        items.push(item);
    }
    items
}

pub(super) fn events(answer: &Answer) -> String {
    let whole = whole(answer);
    let begun =
        json!({"id": "resp_scripted", "object": "response", "status": "in_progress", "output": []});
    let mut events = vec![
        json!({"type": "response.created", "response": begun}),
        json!({"type": "response.in_progress", "response": begun}),
    ];
    for (index, item) in items(answer).into_iter().enumerate() {
        events.push(json!({"type": "response.output_item.added", "output_index": index, "item": {"type": item["type"]}}));
        events.extend(deltas(&item, index));
        events.push(
            json!({"type": "response.output_item.done", "output_index": index, "item": item}),
        );
    }
    let last = match whole["status"].as_str() {
        Some("incomplete") => "response.incomplete",
        _ => "response.completed",
    };
    events.push(json!({"type": last, "response": whole}));
    events
        .iter()
        .enumerate()
        .map(|(number, event)| {
            let mut event = event.clone();
            event["sequence_number"] = json!(number);
            let kind = event["type"].as_str().unwrap_or_default().to_owned();
            format!("event: {kind}\ndata: {event}\n\n")
        })
        .collect()
}

fn deltas(item: &Value, index: usize) -> Vec<Value> {
    let delta = |kind: &str, text: &str| -> Vec<Value> {
        pieces(text)
            .iter()
            .map(|piece| json!({"type": kind, "output_index": index, "delta": piece}))
            .collect()
    };
    match item["type"].as_str() {
        Some("function_call") => delta(
            "response.function_call_arguments.delta",
            item["arguments"].as_str().unwrap_or_default(),
        ),
        Some("reasoning") => delta(
            "response.reasoning_summary_text.delta",
            item["summary"][0]["text"].as_str().unwrap_or_default(),
        ),
        _ => item["content"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|part| match part["type"].as_str() {
                Some("refusal") => delta(
                    "response.refusal.delta",
                    part["refusal"].as_str().unwrap_or_default(),
                ),
                _ => delta(
                    "response.output_text.delta",
                    part["text"].as_str().unwrap_or_default(),
                ),
            })
            .collect(),
    }
}
