//! What a request says, found where each wire format says it.

use serde_json::{Value, json};

use super::place::{Place, Wire};

/// A tool's result, as the model reads it.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    /// None where results are told apart by their order.
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) is_error: bool,
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Tool results of the conversation, in their order.
pub(super) fn results(place: &Place, body: &Value) -> Vec<Outcome> {
    let marked = |id: &Value, said: &Value| {
        let said = text(said);
        let error = said.strip_prefix("Error: ").map(str::to_owned);
        Outcome {
            id: Some(text(id)),
            is_error: error.is_some(),
            text: error.unwrap_or(said),
        }
    };
    match place.wire {
        Wire::Chat => list(&body["messages"])
            .filter(|line| line["role"] == "tool")
            .map(|line| marked(&line["tool_call_id"], &line["content"]))
            .collect(),
        Wire::Responses => list(&body["input"])
            .filter(|item| item["type"] == "function_call_output")
            .map(|item| marked(&item["call_id"], &item["output"]))
            .collect(),
        Wire::Anthropic => list(&body["messages"])
            .flat_map(|turn| list(&turn["content"]))
            .filter(|block| block["type"] == "tool_result")
            .map(|block| Outcome {
                id: Some(text(&block["tool_use_id"])),
                text: text(&block["content"]),
                is_error: block["is_error"] == true,
            })
            .collect(),
        Wire::Gemini => list(&body["contents"])
            .flat_map(|turn| list(&turn["parts"]))
            .filter_map(|part| part.get("functionResponse"))
            .map(|given| {
                let (error, output) = (&given["response"]["error"], &given["response"]["output"]);
                Outcome {
                    id: Some(text(&given["id"])),
                    text: text(if error.is_null() { output } else { error }),
                    is_error: !error.is_null(),
                }
            })
            .collect(),
        Wire::Held | Wire::Free => list(&body["messages"])
            .filter(|line| line["role"] == "user")
            .filter_map(|line| serde_json::from_str::<Value>(line["content"].as_str()?).ok())
            .flat_map(|told| list(&told["results"]).cloned().collect::<Vec<_>>())
            .map(|given| Outcome {
                id: None,
                text: text(given.get("error").unwrap_or(&given["output"])),
                is_error: given.get("error").is_some(),
            })
            .collect(),
    }
}

/// Media type and Base64 of what is shown.
pub(super) fn shown(place: &Place, body: &Value) -> Vec<(String, String)> {
    let url = |url: &Value| {
        let url = text(url);
        let (media, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
        Some((media.to_owned(), data.to_owned()))
    };
    let parts = |turns: &str, parts: &str| -> Vec<Value> {
        let turns = list(&body[turns]);
        turns.flat_map(|turn| list(&turn[parts])).cloned().collect()
    };
    match place.wire {
        Wire::Chat | Wire::Held | Wire::Free => parts("messages", "content")
            .iter()
            .filter_map(|part| match part["type"].as_str()? {
                "image_url" => url(&part["image_url"]["url"]),
                "file" => url(&part["file"]["file_data"]),
                _ => None,
            })
            .collect(),
        Wire::Responses => parts("input", "content")
            .iter()
            .filter_map(|part| match part["type"].as_str()? {
                "input_image" => url(&part["image_url"]),
                "input_file" => url(&part["file_data"]),
                _ => None,
            })
            .collect(),
        Wire::Anthropic => parts("messages", "content")
            .iter()
            .filter(|part| part["source"]["type"] == "base64")
            .map(|part| {
                (
                    text(&part["source"]["media_type"]),
                    text(&part["source"]["data"]),
                )
            })
            .collect(),
        Wire::Gemini => parts("contents", "parts")
            .iter()
            .filter_map(|part| part.get("inlineData"))
            .map(|data| (text(&data["mimeType"]), text(&data["data"])))
            .collect(),
    }
}

/// The schema that the final answer is held to.
pub(super) fn output_schema(place: &Place, body: &Value) -> Value {
    match place.wire {
        Wire::Chat => body["response_format"]["json_schema"]["schema"].clone(),
        Wire::Responses => body["text"]["format"]["schema"].clone(),
        Wire::Anthropic => body["output_config"]["format"]["schema"].clone(),
        Wire::Gemini => body["generationConfig"]["responseJsonSchema"].clone(),
        // Either a call or the answer.
        Wire::Held => {
            let schema = &body["response_format"]["json_schema"]["schema"];
            schema["properties"]["reply"]["anyOf"][1].clone()
        }
        // Told in the instructions, at their end.
        Wire::Free => {
            let told = text(&body["messages"][0]["content"]);
            let last = told.lines().last().unwrap_or_default();
            serde_json::from_str(last).unwrap_or_default()
        }
    }
}

/// The tools' names as the provider knows them.
pub(super) fn tool_names(place: &Place, body: &Value) -> Vec<String> {
    match place.wire {
        Wire::Chat => list(&body["tools"])
            .map(|tool| text(&tool["function"]["name"]))
            .collect(),
        Wire::Responses | Wire::Anthropic => list(&body["tools"])
            .map(|tool| text(&tool["name"]))
            .collect(),
        Wire::Gemini => list(&body["tools"])
            .flat_map(|tools| list(&tools["functionDeclarations"]))
            .map(|tool| text(&tool["name"]))
            .collect(),
        Wire::Held | Wire::Free => text(&body["messages"][0]["content"])
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|tool| tool.get("arguments").is_some())
            .map(|tool| text(&tool["name"]))
            .collect(),
    }
}

/// What is said of the choice of tools.
pub(super) fn choice(place: &Place, body: &Value) -> Value {
    match place.wire {
        Wire::Gemini => body["toolConfig"]["functionCallingConfig"].clone(),
        Wire::Held | Wire::Free => {
            let told = text(&body["messages"][0]["content"]);
            let last = told.lines().last().unwrap_or_default();
            json!(last.starts_with("This time you must").then_some(last))
        }
        _ => body["tool_choice"].clone(),
    }
}

/// The parts of the first answer in the conversation, as they go back: what holds its thoughts, and
/// then its call.
pub(super) fn first_answer(place: &Place, body: &Value) -> Vec<Value> {
    let answer = |turns: &str, role: &str| {
        let mut turns = list(&body[turns]);
        turns.find(|turn| turn["role"] == role).cloned().unwrap()
    };
    match place.wire {
        Wire::Chat | Wire::Held | Wire::Free => vec![answer("messages", "assistant")],
        Wire::Responses => list(&body["input"])
            .filter(|item| item["role"].is_null() && item["type"] != "function_call_output")
            .cloned()
            .collect(),
        Wire::Anthropic => list(&answer("messages", "assistant")["content"])
            .cloned()
            .collect(),
        Wire::Gemini => list(&answer("contents", "model")["parts"])
            .cloned()
            .collect(),
    }
}
