//! Which files were written.

use std::fmt;

use super::subject::not_written;
use super::verdict::Verdict;
use crate::evidence::{Evidence, WrittenFiles};
use crate::suite::Texts;

/// The run wrote this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWritten {
    /// Its path from the working folder.
    pub path: String,
}

impl FileWritten {
    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        match &evidence.files {
            WrittenFiles::Unknown => {
                Verdict::unjudged("nobody looked at the files that the run wrote")
            }
            WrittenFiles::Known(files) if files.contains_key(&self.path) => Verdict::Passed,
            WrittenFiles::Known(files) => Verdict::failed(not_written(&self.path, files.keys())),
        }
    }
}

impl fmt::Display for FileWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "writes {}", self.path)
    }
}

impl Texts for FileWritten {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        see(&mut self.path);
    }
}
