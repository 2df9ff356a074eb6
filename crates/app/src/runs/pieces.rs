//! Long results in pieces: nobody reads fifty megabytes at once, and a window that draws them stands still.

use std::borrow::Cow;

use serde_json::{Map, Value};
use slipway_contract::again::{PIECE_BYTES, ResultPiece};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::{ErrorCode, Problem, RunId, StepId};

use crate::App;

/// A result longer than this crosses to the window in pieces.
const AT_ONCE: usize = 256 << 10;

/// Leaves of long results only their beginning, and says how long they are.
pub fn fit_for_window(event: &mut RunEvent) {
    let EventKind::ToolReturned {
        result,
        whole_bytes,
        ..
    } = &mut event.kind
    else {
        return;
    };
    if size(result, AT_ONCE) <= AT_ONCE {
        return;
    }
    *whole_bytes = Some(written(result).len() as u64);
    let mut left = AT_ONCE;
    *result = beginning(result, &mut left);
}

/// About how long a value is as it is written; counts no further than past `most`.
fn size(value: &Value, most: usize) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => sum(items.iter().map(|item| (0, item)), most),
        Value::Object(fields) => sum(fields.iter().map(|(name, field)| (name.len(), field)), most),
        _ => 8,
    }
}

fn sum<'a>(parts: impl Iterator<Item = (usize, &'a Value)>, most: usize) -> usize {
    let mut sum = 0;
    for (name, part) in parts {
        sum += name + 4 + size(part, most);
        if sum > most {
            break;
        }
    }
    sum
}

/// The beginning of a value in its own shape, so that a table stays a table.
fn beginning(value: &Value, left: &mut usize) -> Value {
    match value {
        Value::String(text) => {
            let head = text.get(..text.floor_char_boundary(*left)).unwrap_or(text);
            *left = left.saturating_sub(head.len());
            Value::String(head.to_owned())
        }
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                // A row is there as a whole or not at all; one that alone is too long is cut.
                if size(item, *left) + 4 > *left && !kept.is_empty() {
                    *left = 0;
                }
                if *left == 0 {
                    break;
                }
                *left = left.saturating_sub(4);
                kept.push(beginning(item, left));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => {
            // What is short says what the long is: it comes first.
            let mut kept = short_fields(fields);
            for (name, field) in fields {
                if !kept.contains_key(name) && *left > 0 {
                    *left = left.saturating_sub(name.len() + 4);
                    kept.insert(name.clone(), beginning(field, left));
                }
            }
            Value::Object(kept)
        }
        other => {
            *left = left.saturating_sub(8);
            other.clone()
        }
    }
}

/// Fields that hold little, such as a count or the names of columns.
fn short_fields(fields: &Map<String, Value>) -> Map<String, Value> {
    const SHORT: usize = 1 << 10;
    const MOST: usize = 64;
    let short = fields
        .iter()
        .filter(|(name, field)| name.len() + size(field, SHORT) <= SHORT);
    short
        .take(MOST)
        .map(|(name, field)| (name.clone(), field.clone()))
        .collect()
}

/// A result as it is shown: text as it is, data as JSON.
fn written(result: &Value) -> Cow<'_, str> {
    match result {
        Value::String(text) => Cow::Borrowed(text),
        // A `Value` has only text keys, so that it always can be written.
        other => Cow::Owned(serde_json::to_string_pretty(other).unwrap_or_default()),
    }
}

fn piece(text: &str, from: u64) -> ResultPiece {
    let at =
        |byte: u64| usize::try_from(byte).map_or(text.len(), |byte| text.floor_char_boundary(byte));
    let (begin, end) = (at(from), at(from.saturating_add(PIECE_BYTES)));
    ResultPiece {
        text: text.get(begin..end).unwrap_or_default().to_owned(),
        from: begin as u64,
        whole_bytes: text.len() as u64,
    }
}

impl App {
    /// A part of a tool's result as it is written, from this byte on.
    ///
    /// # Errors
    /// There is no such run or no such result.
    pub async fn show_result(
        &self,
        run: RunId,
        step: StepId,
        from: u64,
    ) -> Result<ResultPiece, Problem> {
        let (_, events) = self.recorded(run).await?;
        let found = move || {
            let result = events.iter().rev().find_map(|event| match &event.kind {
                EventKind::ToolReturned {
                    step: of, result, ..
                } if *of == step => Some(result),
                EventKind::RunForked { results, .. } => {
                    let mut results = results.iter();
                    results
                        .find(|kept| kept.step == step)
                        .map(|kept| &kept.result)
                }
                _ => None,
            });
            result.map(|result| piece(&written(result), from))
        };
        let found = tokio::task::spawn_blocking(found).await;
        let found = found.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        found.ok_or_else(|| {
            let message = format!("step {step} of the run {} has no result", run.short());
            Problem::new(ErrorCode::NotFound, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::{CallId, Timestamp};

    use super::*;

    fn returned(result: Value) -> RunEvent {
        let mut event = RunEvent {
            run_id: RunId::from_random([1; 10]),
            at: Timestamp::UNIX_EPOCH,
            seq: Some(1),
            kind: EventKind::ToolReturned {
                step: StepId(1),
                call_id: CallId("c".into()),
                tool: "t".into(),
                result,
                is_error: false,
                took_ms: None,
                whole_bytes: None,
            },
        };
        fit_for_window(&mut event);
        event
    }

    fn shown(event: &RunEvent) -> (&Value, Option<u64>) {
        match &event.kind {
            EventKind::ToolReturned {
                result,
                whole_bytes,
                ..
            } => (result, *whole_bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fifty_megabytes_of_text_cross_as_a_beginning() {
        let text = "ä".repeat(25 << 20);
        let event = returned(json!(text));
        let (result, whole) = shown(&event);
        assert_eq!(whole, Some(50 << 20));
        assert_eq!(result.as_str().unwrap().len(), AT_ONCE);
        assert!(serde_json::to_vec(&event).unwrap().len() < AT_ONCE + 1_000);
    }

    #[test]
    fn a_long_table_stays_a_table() {
        let rows: Vec<_> = (0..1_000_000).map(|row| json!([row, "Travel"])).collect();
        let event =
            returned(json!({ "columns": ["row", "category"], "rows": rows, "total": 1_000_000 }));
        let (result, whole) = shown(&event);
        assert!(whole.unwrap() > 10 << 20);
        assert_eq!(result["total"], json!(1_000_000));
        assert_eq!(result["columns"], json!(["row", "category"]));
        let kept = result["rows"].as_array().unwrap();
        assert!((1_000..100_000).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last(), rows.get(kept.len() - 1), "no row is cut");
    }

    #[test]
    fn what_is_short_is_left_alone() {
        let value = json!({ "rows": [[1]], "text": "x".repeat(AT_ONCE / 2) });
        let event = returned(value.clone());
        assert_eq!(shown(&event), (&value, None));
    }

    #[test]
    fn deep_and_wide_values_fit_too() {
        let mut deep = json!("x".repeat(AT_ONCE));
        for _ in 0..60 {
            deep = json!({ "in": [deep, "y".repeat(10_000)] });
        }
        let wide: Map<String, Value> = (0..100_000)
            .map(|at| (format!("field-{at}"), json!("some words")))
            .collect();
        for value in [deep, Value::Object(wide)] {
            let event = returned(value);
            assert!(shown(&event).1.is_some());
            assert!(serde_json::to_vec(&event).unwrap().len() < 2 * AT_ONCE);
        }
    }

    #[test]
    fn the_pieces_make_the_whole() {
        let text = "größer, 領収書\n".repeat(20_000);
        let (mut from, mut together) = (0, String::new());
        while from < text.len() as u64 {
            let piece = piece(&text, from);
            assert_eq!((piece.from, piece.whole_bytes), (from, text.len() as u64));
            assert!(!piece.text.is_empty() && piece.text.len() as u64 <= PIECE_BYTES);
            from += piece.text.len() as u64;
            together.push_str(&piece.text);
        }
        assert_eq!(together, text);
        assert_eq!(
            piece(&text, u64::MAX).text,
            "",
            "past the end there is nothing"
        );
        assert_eq!(piece("ä", 1).from, 0, "it begins with a whole character");
    }
}
