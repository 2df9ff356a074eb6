//! What the addresses of tests name: a suite, a report, a case.

use std::fmt;
use std::str::FromStr;

use slipway_contract::ReportId;

/// Where suites lie in a package, and how their files end.
const FOLDER: &str = "tests/";
const ENDING: &str = ".toml";

/// It names nothing of the kind.
#[derive(Debug)]
pub(crate) struct NoSuchName;

/// A suite's file; in an address without its folder and its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SuiteFile(String);

impl SuiteFile {
    /// The suite of this file, which lies where suites lie.
    pub(crate) fn of(file: &str) -> Self {
        let name = file.strip_prefix(FOLDER).unwrap_or(file);
        Self(name.strip_suffix(ENDING).unwrap_or(name).to_owned())
    }

    /// Its path in the package.
    pub(crate) fn path(&self) -> String {
        format!("{FOLDER}{}{ENDING}", self.0)
    }
}

impl fmt::Display for SuiteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SuiteFile {
    type Err = NoSuchName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name = |part: &str| !part.is_empty() && !part.starts_with('.');
        let valid = text.split('/').all(is_name) && !text.chars().any(char::is_control);
        valid.then(|| Self(text.to_owned())).ok_or(NoSuchName)
    }
}

/// A report of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The newest in which the case is.
    Newest,
    /// This one.
    Report(ReportId),
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str("newest"),
            Self::Report(report) => report.fmt(f),
        }
    }
}

impl FromStr for Which {
    type Err = slipway_contract::id::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "newest" => Ok(Self::Newest),
            report => report.parse().map(Self::Report),
        }
    }
}

/// A concrete case: 16 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseId(String);

impl CaseId {
    /// The digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseId {
    type Err = NoSuchName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid.then(|| Self(text.to_owned())).ok_or(NoSuchName)
    }
}

/// A part of a suite that is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SuitePart {
    /// What holds for all of it, and for each of its cases.
    Whole,
    /// A case, by its place in the file, from 0.
    Case(usize),
    /// A case that is not there yet.
    New,
}

impl fmt::Display for SuitePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("suite"),
            Self::New => f.write_str("new"),
            Self::Case(place) => place.fmt(f),
        }
    }
}

impl FromStr for SuitePart {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "suite" => Ok(Self::Whole),
            "new" => Ok(Self::New),
            place => place.parse().map(Self::Case),
        }
    }
}
