//! A scripted answer as Gemini gives it.

use serde_json::{Value, json};

use super::reply::{Answer, pieces};

const ID: &str = "scripted-response";
const MODEL: &str = "gemini-scripted";

/// Whether this path asks for a stream.
pub(super) fn streams(path: &str) -> bool {
    path.ends_with(":streamGenerateContent")
}

/// Whether this path is one of Gemini's.
pub(super) fn is_asked(path: &str) -> bool {
    streams(path) || path.ends_with(":generateContent")
}

pub(super) fn whole(answer: &Answer) -> Value {
    let mut parts = Vec::new();
    if let Some((thought, _)) = &answer.reasoning {
        parts.push(json!({"text": thought, "thought": true}));
    }
    parts.extend(said(answer).map(|text| json!({"text": text})));
    parts.extend(calls(answer));
    sign(&mut parts, answer);
    chunk(&parts, Some(finish(answer)), answer)
}

pub(super) fn events(answer: &Answer) -> String {
    let mut chunks = Vec::new();
    if let Some((thought, _)) = &answer.reasoning {
        chunks.extend(
            pieces(thought)
                .iter()
                .map(|piece| vec![json!({"text": piece, "thought": true})]),
        );
    }
    for text in said(answer) {
        chunks.extend(
            pieces(text)
                .iter()
                .map(|piece| vec![json!({"text": piece})]),
        );
    }
    let calls = calls(answer);
    if calls.is_empty() {
        // Of an answer without calls the signature comes at its end, with no text.
        let mut last = vec![json!({"text": ""})];
        sign(&mut last, answer);
        chunks.push(last);
    } else {
        let mut calls = calls;
        sign(&mut calls, answer);
        chunks.extend(calls.into_iter().map(|call| vec![call]));
        chunks.push(vec![json!({"text": ""})]);
    }
    let last = chunks.len() - 1;
    chunks
        .iter()
        .enumerate()
        .map(|(index, parts)| {
            let finish = (index == last).then(|| finish(answer));
            format!("data: {}\r\n\r\n", chunk(parts, finish, answer))
        })
        .collect()
}

fn chunk(parts: &[Value], finish: Option<String>, answer: &Answer) -> Value {
    let mut candidate = json!({"content": {"parts": parts, "role": "model"}, "index": 0});
    let last = finish.is_some();
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    let mut chunk = json!({
        "candidates": [candidate],
        "modelVersion": MODEL,
        "responseId": ID,
    });
    if let Some((input, output, cached)) = answer.usage {
        // What was used until then.
        let output = if last { output } else { output / 2 };
        let thoughts = match (answer.thought, &answer.reasoning) {
            (Some(thought), _) => thought.min(output),
            (None, Some(_)) => output / 4,
            (None, None) => 0,
        };
        let mut usage = json!({
            "promptTokenCount": input,
            "candidatesTokenCount": output - thoughts,
            "totalTokenCount": input + output,
        });
        for (name, count) in [
            ("cachedContentTokenCount", cached),
            ("thoughtsTokenCount", thoughts),
        ] {
            if count > 0 {
                usage[name] = json!(count);
            }
        }
        chunk["usageMetadata"] = usage;
    }
    chunk
}

/// There are no words of refusal apart from those of the answer.
fn said(answer: &Answer) -> impl Iterator<Item = &str> {
    [&answer.text, &answer.refusal]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
}

fn calls(answer: &Answer) -> Vec<Value> {
    let calls = answer.calls.iter().map(|(id, name, arguments)| {
        let mut call = json!({"name": name});
        if !id.is_empty() {
            call["id"] = json!(id);
        }
        if !arguments.is_empty() {
            // This protocol has no arguments that are not JSON.
            let args = serde_json::from_str(arguments);
            call["args"] = args.unwrap_or_else(|_| json!(arguments));
        }
        json!({"functionCall": call})
    });
    calls.collect()
}

/// Puts the signature of the thoughts on the first call, or else on the last part.
fn sign(parts: &mut [Value], answer: &Answer) {
    let Some((_, Some(signature))) = &answer.reasoning else {
        return;
    };
    let call = parts
        .iter()
        .position(|part| part.get("functionCall").is_some());
    let signed = match call {
        Some(call) => parts.get_mut(call),
        None => parts.last_mut(),
    };
    if let Some(part) = signed {
        part["thoughtSignature"] = json!(signature);
    }
}

fn finish(answer: &Answer) -> String {
    match answer.stop_word() {
        "stop" | "tool_calls" => "STOP".to_owned(),
        "length" => "MAX_TOKENS".to_owned(),
        "content_filter" => "SAFETY".to_owned(),
        other => other.to_owned(),
    }
}
