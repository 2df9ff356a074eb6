//! Server-sent events as they arrive, made safe for what reads them: whole events only, JSON only, valid UTF-8, and none longer than a limit.

use std::collections::VecDeque;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The longest event. The last one of a Responses stream repeats the whole answer, and the
/// instructions and the tools of the request with it: the longest answers of today are half a
/// megabyte, with as much of encrypted reasoning, and a request fills the largest window with four.
pub(crate) const LONGEST_EVENT: usize = 8 << 20;

/// Characters of a broken event that are kept: more than is shown, since a key that is echoed in
/// them must be whole to be found.
const SAMPLE: usize = 4_096;

/// Why events cannot be read on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    TooLong,
    NotJson { why: String, sample: String },
}

/// Cuts bytes into events by the rules of the HTML standard, 9.2.6.
#[derive(Debug, Default)]
pub(crate) struct Events {
    line: Vec<u8>,
    begun: bool,
    /// The last byte was a carriage return: a line feed that follows belongs to it.
    after_return: bool,
    name: String,
    data: String,
    ready: VecDeque<String>,
    done: bool,
}

impl Events {
    /// A whole answer as the one event of a stream that has ended.
    pub(crate) fn of_whole(json: &str) -> Self {
        Self {
            // An event's data is one line. JSON holds no line break but between its parts.
            ready: VecDeque::from([json.replace(['\n', '\r'], " ")]),
            done: true,
            ..Self::default()
        }
    }

    /// Takes the next bytes in.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) -> Result<(), Unusable> {
        if self.after_return && !bytes.is_empty() {
            self.after_return = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(at) = bytes.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            self.keep(&bytes[..at])?;
            self.end_line()?;
            let returned = bytes[at] == b'\r';
            bytes = &bytes[at + 1..];
            if returned {
                self.after_return = bytes.is_empty();
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
        }
        self.keep(bytes)
    }

    /// The bytes have ended. An event without its closing empty line counts only when its last
    /// line is whole, or is the end mark.
    pub(crate) fn end(&mut self) -> Result<(), Unusable> {
        if self.line.is_empty()
            || self.line.strip_prefix(b"data:").map(<[u8]>::trim_ascii) == Some(b"[DONE]")
        {
            self.end_line()?;
            self.dispatch()?;
        }
        Ok(())
    }

    /// The next whole event: its data, which is JSON.
    pub(crate) fn next(&mut self) -> Option<String> {
        self.ready.pop_front()
    }

    /// Whether the end mark was seen.
    pub(crate) const fn is_done(&self) -> bool {
        self.done
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), Unusable> {
        if self.line.len() + self.data.len() + bytes.len() > LONGEST_EVENT {
            return Err(Unusable::TooLong);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), Unusable> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let line = if self.begun {
            &text
        } else {
            self.begun = true;
            text.strip_prefix('\u{feff}').unwrap_or(&text)
        };
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if !self.data.is_empty() {
                    // JSON holds no line break but between its parts, where a space does as well.
                    self.data.push(' ');
                }
                self.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.name),
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Result<(), Unusable> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        let data = data.trim();
        if data.is_empty() || self.done {
            return Ok(());
        }
        if data == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        if let Err(error) = serde_json::from_str::<IgnoredAny>(data) {
            return Err(Unusable::NotJson {
                why: error.to_string(),
                sample: data.chars().take(SAMPLE).collect(),
            });
        }
        let event = if name == "error" && !says_error(data) {
            format!("{{\"error\":{data}}}")
        } else {
            data.to_owned()
        };
        self.ready.push_back(event);
        Ok(())
    }
}

/// Whether this JSON is an object that says itself what went wrong.
fn says_error(data: &str) -> bool {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        error: Option<IgnoredAny>,
    }
    // A list would be read as the object's fields.
    data.starts_with('{')
        && serde_json::from_str::<Told>(data).is_ok_and(|told| told.error.is_some())
}

#[cfg(test)]
mod standard;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut events = Events::default();
        for piece in pieces {
            events.take(piece).unwrap();
        }
        events.end().unwrap();
        let mut read: Vec<String> = std::iter::from_fn(|| events.next()).collect();
        if events.is_done() {
            read.push("[DONE]".to_owned());
        }
        read
    }

    const CLEAN: [&str; 2] = ["{\"a\":\"é\"}", "[DONE]"];

    #[test]
    fn line_ends_comments_and_a_mark_at_the_start_do_not_matter() {
        for stream in [
            "data: {\"a\":\"é\"}\n\ndata: [DONE]\n\n",
            "data:{\"a\":\"é\"}\r\n\r\ndata:[DONE]\r\n\r\n",
            "data: {\"a\":\"é\"}\r\rdata: [DONE]\r\r",
            "\u{feff}data: {\"a\":\"é\"}\n\ndata: [DONE]\n\n",
            ": hello\n\n: ping\ndata: {\"a\":\"é\"}\n: ping\n\n\n\ndata: [DONE]\n\n",
            "id: 7\nretry: 3\nevent: chunk\ndata: {\"a\":\"é\"}\n\nevent: x\n\ndata: [DONE]\n\n",
            "data: {\"a\":\ndata: \"é\"}\n\ndata:\n\ndata: [DONE]\n\n"
                .replace("\"a\":\ndata: ", "\"a\":\n")
                .replace("{\"a\":\n", "{\"a\":")
                .as_str(),
            "data: {\"a\":\"é\"}\n\ndata: [DONE]",
            "data: {\"a\":\"é\"}\n\ndata: [DONE]\n\ndata: {\"after\":1}\n\n",
        ] {
            assert_eq!(read(&[stream.as_bytes()]), CLEAN, "{stream:?}");
        }
    }

    #[test]
    fn an_event_of_several_lines_is_one() {
        assert_eq!(read(&[b"data: {\"a\":\ndata: 1}\n\n"]), ["{\"a\": 1}"]);
    }

    #[test]
    fn it_does_not_matter_where_the_bytes_are_cut() {
        let stream = "data: {\"a\":\"é\"}\r\n\r\ndata: [DONE]\r\n\r\n".as_bytes();
        for at in 0..stream.len() {
            assert_eq!(read(&[&stream[..at], &stream[at..]]), CLEAN, "cut at {at}");
        }
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(read(&single), CLEAN);
    }

    #[test]
    fn invalid_utf8_is_replaced() {
        assert_eq!(
            read(&[b"data: {\"a\":\"\xff\xc3\"}\n\n"]),
            ["{\"a\":\"\u{fffd}\u{fffd}\"}"]
        );
    }

    #[test]
    fn a_cut_event_is_left_out() {
        assert!(read(&[b"data: {\"a\":1"]).is_empty());
        assert!(read(&[b"data: {\"a\":1}"]).is_empty());
        assert_eq!(read(&[b"data: {\"a\":1}\n"]), ["{\"a\":1}"]);
    }

    #[test]
    fn an_error_event_stays_one() {
        for (data, expected) in [
            (r#"{"message":"no"}"#, r#"{"error":{"message":"no"}}"#),
            (
                r#"{"error":{"message":"no"}}"#,
                r#"{"error":{"message":"no"}}"#,
            ),
            (
                r#"{"message":"an \"error\""}"#,
                r#"{"error":{"message":"an \"error\""}}"#,
            ),
            (
                r#"{"type":"error","message":"no"}"#,
                r#"{"error":{"type":"error","message":"no"}}"#,
            ),
            (
                r#"{"error":null,"code":5}"#,
                r#"{"error":{"error":null,"code":5}}"#,
            ),
            (
                r#"{"inner":{"error":1}}"#,
                r#"{"error":{"inner":{"error":1}}}"#,
            ),
            (r#""no""#, r#"{"error":"no"}"#),
            (r#"["error"]"#, r#"{"error":["error"]}"#),
        ] {
            for event in [
                format!("event: error\ndata: {data}\n\n"),
                format!("data: {data}\r\nevent:error\r\n\r\n"),
            ] {
                assert_eq!(read(&[event.as_bytes()]), [expected], "{event}");
            }
            // The name is of one event alone, and the last one counts.
            for event in [
                format!("event: error\n\ndata: {data}\n\n"),
                format!("event: error\nevent: chunk\ndata: {data}\n\n"),
                format!("event: errors\ndata: {data}\n\n"),
                format!(": event: error\ndata: {data}\n\n"),
            ] {
                assert_eq!(read(&[event.as_bytes()]), [data], "{event}");
            }
        }
    }

    #[test]
    fn what_is_not_json_or_never_ends_is_refused() {
        let mut events = Events::default();
        assert!(matches!(
            events.take(b"data: oops\n\n"),
            Err(Unusable::NotJson { .. })
        ));
        let mut events = Events::default();
        let piece = vec![b'x'; LONGEST_EVENT / 4];
        let taken = (0..5).try_for_each(|_| events.take(&piece));
        assert_eq!(taken, Err(Unusable::TooLong));
        let mut events = Events::default();
        let line = [b"data: ".as_slice(), &piece, b"\n"].concat();
        let taken = (0..5).try_for_each(|_| events.take(&line));
        assert_eq!(taken, Err(Unusable::TooLong), "many lines of one event");
    }
}
