//! What an expectation looks at: the answer or a written file, whole or at a JSONPath.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::path::{FoundAt, Path};
use super::verdict::{Explanation, Verdict, cut, paragraphs};
use crate::evidence::{Evidence, State, WrittenFiles};
use crate::suite::Texts;

/// What an expectation looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The text or value.
    pub source: Source,
    /// A place in it.
    pub path: Option<Path>,
}

/// Where what an expectation looks at comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The final answer.
    Answer,
    /// A file that the run wrote, by its path from the working folder.
    File(String),
}

/// What was found there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Content<'e>(Cow<'e, Value>);

impl Content<'_> {
    /// It as text: a string as it is, other JSON as JSON on one line.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match &*self.0 {
            Value::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }

    /// It as it is.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// It as JSON: a text is read, if it is JSON.
    pub(crate) fn json(&self) -> Result<Cow<'_, Value>, String> {
        match &*self.0 {
            Value::String(text) => serde_json::from_str(text)
                .map(Cow::Owned)
                .map_err(|error| format!("is no JSON: {error}")),
            other => Ok(Cow::Borrowed(other)),
        }
    }

    #[cfg(test)]
    pub(crate) fn of(value: Value) -> Self {
        Self(Cow::Owned(value))
    }
}

impl Subject {
    /// What there is; else the verdict on that.
    pub(crate) fn find<'e>(&self, evidence: &'e Evidence) -> Result<Content<'e>, Verdict> {
        let whole = match &self.source {
            Source::Answer => Content(Cow::Borrowed(answer(evidence)?)),
            Source::File(path) => Content(Cow::Owned(Value::String(file(evidence, path)?))),
        };
        let Some(path) = &self.path else {
            return Ok(whole);
        };
        let source = &self.source;
        let json = whole.json().map_err(|why| {
            let summary = format!("{source} {why}, so there is nothing at {path}");
            Verdict::Failed {
                why: Explanation::with_got(summary, &whole.text()),
            }
        })?;
        match path.find(&json) {
            FoundAt::Value(value) => Ok(Content(Cow::Owned(value))),
            FoundAt::Nothing => {
                let summary = format!("{source} has nothing at {path}");
                let why = Explanation::with_got(summary, &whole.text());
                Err(Verdict::Failed { why })
            }
            FoundAt::NoPath(why) => Err(Verdict::unjudged(why)),
            FoundAt::TooMuch => Err(Verdict::unjudged(format!(
                "{path} would look at too much of {source}: write a narrower path"
            ))),
        }
    }
}

fn answer(evidence: &Evidence) -> Result<&Value, Verdict> {
    evidence.answer.as_ref().ok_or_else(|| {
        let summary = match &evidence.state {
            State::Ended {
                message, reason, ..
            } if message.is_empty() => {
                format!("the run gave no answer ({})", reason.as_str())
            }
            State::Ended { message, .. } => {
                format!("the run gave no answer: {}", paragraphs(message).0)
            }
            State::Parked { why, .. } => format!("the run gave no answer, it waits: {why}"),
            State::CutOff => "the run gave no answer, it was cut off".to_owned(),
            State::Refused { why } => format!("the run gave no answer, it was refused: {why}"),
        };
        Verdict::failed(summary)
    })
}

fn file(evidence: &Evidence, path: &str) -> Result<String, Verdict> {
    let WrittenFiles::Known(files) = &evidence.files else {
        return Err(Verdict::unjudged(
            "nobody looked at the files that the run wrote",
        ));
    };
    let Some(bytes) = files.get(path) else {
        return Err(Verdict::failed(not_written(path, files.keys())));
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(Verdict::failed(format!("{path} is not UTF-8 text"))),
    }
}

/// That a file was not written, and which were.
pub(super) fn not_written<'f>(path: &str, written: impl Iterator<Item = &'f String>) -> String {
    let written: Vec<&str> = written.map(String::as_str).collect();
    match written.as_slice() {
        [] => format!("the run did not write {path}, nor any other file"),
        some => {
            let some = cut(&some.join(", "), 300);
            format!("the run did not write {path}; it wrote {some}")
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer => f.write_str("the answer"),
            Self::File(path) => f.write_str(path),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.source, &self.path) {
            (Source::Answer, Some(path)) => write!(f, "{path}"),
            (source, Some(path)) => write!(f, "{source} at {path}"),
            (source, None) => write!(f, "{source}"),
        }
    }
}

impl Texts for Subject {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        if let Source::File(path) = &mut self.source {
            see(path);
        }
        self.path.each_text(see);
    }
}
