//! Reading a report, such as a baseline, which may come from anywhere.

use serde_json::Value;

use super::{FORMAT, Report};

/// The most bytes of a report: 256 MiB.
pub const MAX_REPORT_BYTES: usize = 256 << 20;

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is larger than any report.
    #[error("it is larger than {} MiB", MAX_REPORT_BYTES >> 20)]
    TooLarge,
    /// It is something else.
    #[error(
        "it does not hold \"slipway_report\", so it is no report; make one with `--reporter json`"
    )]
    Foreign,
    /// A later version wrote it.
    #[error(
        "it has format {0}, and this version reads format {FORMAT}: update Slipway, or make the report again"
    )]
    Newer(u64),
    /// It does not have the form that it should.
    #[error("it cannot be read: {0}")]
    Form(#[from] serde_json::Error),
}

impl Report {
    /// Reads a report as [`Self::to_json`] writes it.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > MAX_REPORT_BYTES {
            return Err(ReadError::TooLarge);
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|_| ReadError::Foreign)?;
        match value.get("slipway_report").and_then(Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => Ok(serde_json::from_value(value)?),
            Some(format) if format > u64::from(FORMAT) => Err(ReadError::Newer(format)),
            _ => Err(ReadError::Foreign),
        }
    }

    /// The report as JSON, with its figures beside it.
    ///
    /// # Errors
    /// None that a report can cause: every part of it is JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Value::Object(map) = &mut value {
            map.insert("totals".to_owned(), serde_json::to_value(self.totals())?);
            map.insert("passed".to_owned(), Value::Bool(self.passed()));
        }
        serde_json::to_string_pretty(&value)
    }
}
