//! What can be wrong with a package, or with reading and writing one.

use std::io;
use std::path::PathBuf;

use slipway_contract::error::{ErrorCode, Finding, Problem};

use super::archive::ArchiveFault;

/// The most findings that one error lists; a hostile package cannot fill the screen.
const MAX_FINDINGS: usize = 50;

/// Why a package could not be read, checked or written. Nothing was run, and nothing was
/// written outside the place that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The package breaks rules of the format; each finding says where and how.
    #[error("{}", lines(.0))]
    Invalid(Vec<Finding>),
    /// The archive itself cannot be trusted or read.
    #[error("the archive is refused: {0}")]
    Archive(#[from] ArchiveFault),
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There is something where the package should go.
    #[error("{} {what}; nothing was written", path.display())]
    Occupied {
        /// The place.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
}

impl PackageError {
    pub(super) fn invalid(mut findings: Vec<Finding>) -> Self {
        if findings.len() > MAX_FINDINGS {
            let more = findings.len() - MAX_FINDINGS;
            findings.truncate(MAX_FINDINGS);
            findings.push(finding("package", format!("and {more} more findings")));
        }
        Self::Invalid(findings)
    }

    /// The single findings; empty when the fault is not in the package's content.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Invalid(findings) => findings,
            _ => &[],
        }
    }

    /// The same as it crosses the boundary.
    #[must_use]
    pub fn to_problem(&self) -> Problem {
        match self {
            Self::Invalid(findings) => {
                let message = match findings.len() {
                    1 => "the package is not valid: 1 finding".to_owned(),
                    n => format!("the package is not valid: {n} findings"),
                };
                let mut problem = Problem::new(ErrorCode::InvalidPackage, message)
                    .help("correct what the findings name; nothing was run");
                problem.findings.clone_from(findings);
                problem
            }
            Self::Archive(_) => Problem::new(ErrorCode::InvalidPackage, self.to_string())
                .help("ask for the archive again, or make it with `slipway export`"),
            Self::Io { source, .. } => {
                let code = match source.kind() {
                    io::ErrorKind::NotFound => ErrorCode::NotFound,
                    _ => ErrorCode::Storage,
                };
                Problem::new(code, self.to_string())
            }
            Self::Occupied { .. } => Problem::new(ErrorCode::Conflict, self.to_string())
                .help("choose another place, or empty this one"),
        }
    }
}

/// A finding about a whole file.
pub(super) fn finding(file: &str, message: impl Into<String>) -> Finding {
    Finding {
        file: printable(file),
        line: None,
        column: None,
        key: None,
        message: message.into(),
        fix: None,
    }
}

/// Text from outside as it may be shown: control characters and the like escaped, not too long.
pub(super) fn printable(text: &str) -> String {
    const MOST: usize = 300;
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == MOST {
            out.push('…');
            break;
        }
        let plain = matches!(c, '"' | '\'' | '\\');
        if plain {
            out.push(c);
        } else {
            out.extend(c.escape_debug());
        }
    }
    out
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_text_cannot_steer_a_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
        assert_eq!(printable(r#"it's "\" here"#), r#"it's "\" here"#);
        assert_eq!(printable(&"x".repeat(1000)).chars().count(), 301);
    }

    #[test]
    fn a_flood_of_findings_is_cut() {
        let many = (0..5000).map(|n| finding(&format!("files/{n}"), "wrong"));
        let error = PackageError::invalid(many.collect());
        assert_eq!(error.findings().len(), MAX_FINDINGS + 1);
        assert!(
            error
                .to_string()
                .ends_with("package: and 4950 more findings")
        );
    }
}
