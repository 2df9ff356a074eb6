//! Reading a recording's file, which may come from anywhere.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{FORMAT, Header, Instructions, RecordedCall, Recording};

/// Bytes of the largest recording.
const LARGEST: usize = 64 << 20;

/// Why a file is no recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is larger than any run's answers.
    #[error("it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    /// It is not text.
    #[error("line {line}: it is not UTF-8 text")]
    NotText {
        /// The line, from 1.
        line: usize,
    },
    /// There is nothing in it.
    #[error("it is empty; a recording begins with a line that holds \"slipway_recording\"")]
    Empty,
    /// Its first line is something else.
    #[error("line 1: it does not begin with \"slipway_recording\", so it is no recording")]
    Foreign,
    /// A later version wrote it.
    #[error(
        "line 1: it has format {found}, and this version reads format {FORMAT}; update Slipway, or make the recording again"
    )]
    Newer {
        /// Its format.
        found: u64,
    },
    /// A line does not have the form that it should.
    #[error("line {line}: {why}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It holds no answer.
    #[error("it holds no model call; was it cut off?")]
    NoCalls,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// See [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > LARGEST {
            return Err(ParseError::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            ParseError::NotText {
                line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty());
        let (number, first) = lines.next().ok_or(ParseError::Empty)?;
        let header = header(number, first)?;
        let mut lines = lines.peekable();
        let is_of_instructions = |(_, line): &(usize, &str)| line.starts_with("{\"instructions\"");
        let instructions = match lines.next_if(is_of_instructions) {
            None => None,
            Some((number, line)) => {
                let Instructions { instructions } = read(number, line)?;
                Some((number, instructions))
            }
        };
        let calls = lines
            .map(|(number, line)| read::<RecordedCall>(number, line))
            .collect::<Result<Vec<_>, _>>()?;
        if calls.is_empty() {
            return Err(ParseError::NoCalls);
        }
        let recording = Self {
            header,
            instructions: None,
            calls,
        };
        match instructions {
            Some((line, text)) if !recording.fits_instructions(&text) => Err(ParseError::Line {
                line,
                why: "the instructions are not those whose hash line 1 has: the file was edited by hand; make the recording again".to_owned(),
            }),
            text => Ok(Self {
                instructions: text.map(|(_, text)| text),
                ..recording
            }),
        }
    }
}

fn header(number: usize, line: &str) -> Result<Header, ParseError> {
    let value: Value = serde_json::from_str(line).map_err(|_| ParseError::Foreign)?;
    let format = value.get("slipway_recording").ok_or(ParseError::Foreign)?;
    match format.as_u64() {
        Some(found) if found == u64::from(FORMAT) => read(number, line),
        Some(found) if found > u64::from(FORMAT) => Err(ParseError::Newer { found }),
        _ => Err(ParseError::Line {
            line: number,
            why: format!("\"slipway_recording\" is no format that exists: {format}"),
        }),
    }
}

fn read<T: DeserializeOwned>(number: usize, line: &str) -> Result<T, ParseError> {
    serde_json::from_str(line).map_err(|error| ParseError::Line {
        line: number,
        // The place in the line is said by its column; each line is read alone.
        why: error
            .to_string()
            .replace(" at line 1 column ", ", at column "),
    })
}
