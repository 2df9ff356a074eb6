//! A scripted answer of a model that was told of its tools in words.

use serde_json::{Value, json};

use super::reply::Answer;

impl Answer {
    /// The same, with its calls in its text: as one object that also holds the words for the
    /// person (`is_held`), or as an object after them.
    #[must_use]
    pub fn in_words(mut self, is_held: bool) -> Self {
        let calls: Vec<Value> = self
            .calls
            .drain(..)
            .map(|(_, name, arguments)| {
                let arguments: Value =
                    serde_json::from_str(&arguments).unwrap_or_else(|_| json!(arguments));
                json!({"name": name, "arguments": arguments})
            })
            .collect();
        let text = self.text.take();
        self.text = match (is_held, calls.is_empty()) {
            (true, _) if text.is_none() && calls.is_empty() => None,
            (true, _) => {
                Some(json!({"calls": calls, "reply": text.unwrap_or_default()}).to_string())
            }
            (false, true) => text,
            (false, false) => {
                let object = json!({"calls": calls}).to_string();
                Some(text.map_or(object.clone(), |text| format!("{text}\n\n{object}")))
            }
        };
        self
    }
}
