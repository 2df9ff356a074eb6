//! What of a tool's result may differ from one run to the next without meaning anything.
//!
//! - The absolute path of the run's folder, with either slash, becomes `<folder>`.
//! - Line ends become line feeds.
//! - In a JSON object: a point in time under a name such as `at`, `now` or `modified_at` becomes
//!   `<time>`, a number under `took_ms`, `duration_ms` or `elapsed_ms` becomes `<duration>`, and
//!   a text under `request_id`, `run_id` or `trace_id` becomes `<id>`.
//! - Whether a written file was `created`, `replaced` or left `unchanged` becomes `<written>`: a
//!   run that is played a second time finds what the first one wrote.
//! - What the `clock` tool says becomes `<time>`, but for the time zone.
//!
//! Data stays as it is: whatever lies under `rows`, `records`, `items`, `groups`, `matches`,
//! `lines`, `content`, `text`, `body`, `json` or `data`, and every text that is not JSON, keeps
//! its times and ids, since they may be what the answer speaks of. JSON with a number of more
//! than 15 digits is taken as text.

use std::borrow::Cow;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use slipway_contract::ContentHash;
use slipway_contract::message::{Attachment, Message};

use super::Given;

const TIMES: [&str; 14] = [
    "at",
    "now",
    "time",
    "timestamp",
    "date",
    "modified",
    "last_modified",
    "last-modified",
    "modified_at",
    "accessed_at",
    "started_at",
    "finished_at",
    "fetched_at",
    "expires",
];

const DURATIONS: [&str; 4] = ["took_ms", "duration_ms", "elapsed_ms", "latency_ms"];

const IDS: [&str; 6] = [
    "request_id",
    "request-id",
    "x-request-id",
    "run_id",
    "trace_id",
    "idempotency_key",
];

/// What tools that write say under `file`.
const WRITTEN: [&str; 3] = ["created", "replaced", "unchanged"];

const DATA: [&str; 11] = [
    "rows", "records", "items", "groups", "matches", "lines", "content", "text", "body", "json",
    "data",
];

/// The built-in tool whose results are the time.
const CLOCK: &str = "clock";

/// The run's folder, as it may stand in results.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    forms: Vec<String>,
}

impl Folder {
    /// The folder with this absolute path.
    #[must_use]
    pub fn new(path: &str) -> Self {
        let path = path.trim_end_matches(['/', '\\']);
        // A root or a drive stands in too many texts to be meant.
        if path.len() < 3 {
            return Self::default();
        }
        let mut forms = vec![
            path.to_owned(),
            path.replace('\\', "/"),
            path.replace('/', "\\"),
            path.replace('\\', "\\\\"),
        ];
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self { forms }
    }

    fn masked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for form in &self.forms {
            if text.contains(form) {
                text = Cow::Owned(mask(&text, form));
            }
        }
        if text.contains('\r') {
            text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        text
    }
}

/// Masks the folder where its name ends there: `/home/me/report` is no part of
/// `/home/me/report-2`.
fn mask(text: &str, form: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(form) {
        let (before, found) = rest.split_at(at);
        let after = &found[form.len()..];
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        out.push_str(before);
        if after.starts_with(goes_on) {
            out.push_str(form);
        } else {
            out.push_str("<folder>");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What a message gives the model, normalised; nothing for the model's own answers.
#[must_use]
pub fn given(message: &Message, folder: &Folder) -> Vec<Given> {
    match message {
        Message::User { text, attachments } => {
            let said = Given::User(folder.masked(text).into_owned());
            std::iter::once(said)
                .chain(attachments.iter().map(attached))
                .collect()
        }
        Message::Assistant { .. } => Vec::new(),
        Message::Tool {
            tool,
            text,
            is_error,
            ..
        } => vec![Given::Tool {
            name: tool.clone(),
            result: result(tool, text, *is_error, folder),
            is_error: *is_error,
        }],
    }
}

/// What is no Base64 was no file; its text still tells one from another.
fn attached(file: &Attachment) -> Given {
    let bytes = BASE64_STANDARD.decode(&*file.data);
    let bytes = bytes.unwrap_or_else(|_| file.data.as_bytes().to_vec());
    Given::Attachment {
        name: file.name.clone(),
        media: file.media,
        sha256: ContentHash::from_bytes(Sha256::digest(&bytes).into()),
    }
}

fn result(tool: &str, text: &str, is_error: bool, folder: &Folder) -> Value {
    let trimmed = text.trim_start();
    let structured = (trimmed.starts_with(['{', '[']) && !holds_long_numbers(text))
        .then(|| serde_json::from_str::<Value>(text).ok())
        .flatten();
    match structured {
        Some(mut value) => {
            if tool == CLOCK && !is_error {
                reading(&mut value);
            }
            normalise(&mut value, folder, true);
            value
        }
        None => Value::String(folder.masked(text).into_owned()),
    }
}

/// Whether a number in this JSON has more digits than reading it would keep: then two that differ
/// could look the same.
fn holds_long_numbers(json: &str) -> bool {
    let (mut in_text, mut escaped, mut digits) = (false, false, 0);
    json.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'0'..=b'9' if !in_text => digits += 1,
            b'.' if !in_text => {}
            _ => digits = 0,
        }
        digits > 15
    })
}

/// A reading of the clock: all of it is the time but the zone.
fn reading(value: &mut Value) {
    for (name, field) in value.as_object_mut().into_iter().flatten() {
        if name != "zone" {
            *field = Value::from("<time>");
        }
    }
}

fn normalise(value: &mut Value, folder: &Folder, fields: bool) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(masked) = folder.masked(text) {
                *text = masked;
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| normalise(item, folder, fields)),
        Value::Object(map) => {
            for (name, field) in map {
                match volatile(name, field).filter(|_| fields) {
                    Some(mask) => *field = Value::from(mask),
                    None => normalise(field, folder, fields && !DATA.contains(&name.as_str())),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn volatile(name: &str, value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) if TIMES.contains(&name) && is_point_in_time(text) => Some("<time>"),
        Value::String(_) if IDS.contains(&name) => Some("<id>"),
        Value::String(text) if name == "file" && WRITTEN.contains(&text.as_str()) => {
            Some("<written>")
        }
        Value::Number(_) if DURATIONS.contains(&name) => Some("<duration>"),
        _ => None,
    }
}

/// A date with its time, as RFC 3339 or HTTP write it. A date alone is data.
fn is_point_in_time(text: &str) -> bool {
    static HTTP: DateTimeParser = DateTimeParser::new();
    text.parse::<Timestamp>().is_ok() || HTTP.parse_timestamp(text).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::{CallId, StepId};

    use super::*;

    fn of(tool: &str, text: &str, folder: &str) -> Value {
        let message = Message::Tool {
            step: StepId(2),
            call_id: CallId("call_1".into()),
            tool: tool.into(),
            text: text.into(),
            is_error: false,
        };
        match given(&message, &Folder::new(folder)).pop() {
            Some(Given::Tool { result, .. }) => result,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fields_that_say_when_and_how_long_are_masked() {
        let text = json!({
            "at": "2026-11-22T08:00:00Z",
            "headers": {"date": "Sun, 22 Nov 2026 08:00:00 GMT", "x-request-id": "a1"},
            "took_ms": 17,
            "status": 200,
        });
        assert_eq!(
            of("http_request", &text.to_string(), "/w"),
            json!({"at": "<time>", "headers": {"date": "<time>", "x-request-id": "<id>"}, "took_ms": "<duration>", "status": 200})
        );
    }

    #[test]
    fn whether_a_file_was_there_before_is_masked() {
        for word in ["created", "replaced", "unchanged"] {
            let text = json!({"path": "out/report.md", "bytes": 7, "file": word}).to_string();
            assert_eq!(
                of("write_file", &text, "/w"),
                json!({"path": "out/report.md", "bytes": 7, "file": "<written>"})
            );
        }
        let other = json!({"file": "a.csv", "rows": [{"file": "created"}]});
        assert_eq!(of("read_table", &other.to_string(), "/w"), other);
    }

    #[test]
    fn data_keeps_its_times_and_ids() {
        for text in [
            json!({"rows": [{"at": "2026-11-22T08:00:00Z", "run_id": "7", "took_ms": 3}]}),
            json!({"body": {"date": "2026-11-22T08:00:00Z"}}),
            json!({"date": "2026-11-22", "time": "08:00", "at": "the station", "took_ms": "long"}),
            json!({"id": "b1946ac9-2d47-4b0e-9d0e-2f7a3f1f2c55", "created": "2026-11-22T08:00:00Z"}),
        ] {
            assert_eq!(of("read_table", &text.to_string(), "/w"), text);
        }
        let prose = "at 2026-11-22T08:00:00Z, took_ms 3";
        assert_eq!(of("read_file", prose, "/w"), json!(prose));
    }

    #[test]
    fn the_folder_is_masked_where_it_ends_and_not_where_it_goes_on() {
        let text = "/home/ada/report/a.csv, /home/ada/report and /home/ada/report-2/b.csv\r\n";
        assert_eq!(
            of("list_files", text, "/home/ada/report/"),
            json!("<folder>/a.csv, <folder> and /home/ada/report-2/b.csv\n")
        );
        let windows = json!({"path": "C:\\work\\a.csv", "also": "C:/work/a.csv"}).to_string();
        assert_eq!(
            of("list_files", &windows, "C:\\work"),
            json!({"path": "<folder>\\a.csv", "also": "<folder>/a.csv"})
        );
        for root in ["/", "", "C:\\"] {
            assert_eq!(of("list_files", "/etc", root), json!("/etc"));
        }
    }

    #[test]
    fn a_reading_of_the_clock_is_masked_but_its_zone() {
        let text = json!({"utc": "2026-11-22T08:00:00Z", "weekday": "Sunday", "zone": "UTC"});
        assert_eq!(
            of("clock", &text.to_string(), "/w"),
            json!({"utc": "<time>", "weekday": "<time>", "zone": "UTC"})
        );
    }

    #[test]
    fn numbers_that_reading_would_round_are_compared_as_written() {
        let one = of("sum", r#"{"total": 12345678901234567890.1}"#, "/w");
        let other = of("sum", r#"{"total": 12345678901234567890.2}"#, "/w");
        assert_ne!(one, other);
        let text = r#"{"digits in a text": "12345678901234567890"}"#;
        assert!(of("sum", text, "/w").is_object());
    }
}
