//! The files and folders that a package asks for.

use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use crate::package::document::nearest;
use crate::policy::Access;

/// A file or folder, with all below it. It may lie outside the run's working folder; then the
/// person is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRequest {
    /// What for.
    pub access: Access,
    /// The path as the author wrote it, from the run's working folder.
    pub path: String,
}

impl FileRequest {
    /// The path without what says nothing, to tell whether two are the same.
    pub(super) fn plain_path(&self) -> PathBuf {
        Path::new(&self.path)
            .components()
            .filter(|part| *part != Component::CurDir)
            .collect()
    }
}

impl FromStr for FileRequest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "expected \"read:PATH\" or \"write:PATH\"";
        let Some((access, path)) = text.split_once(':') else {
            return Err(format!(
                "{form}, found {text:?}: say whether to read or to write"
            ));
        };
        let access = match access {
            "read" => Access::Read,
            "write" => Access::Write,
            other => {
                let meant = match nearest(other, ["read", "write"]) {
                    Some(meant) => format!("; did you mean `{meant}:{path}`?"),
                    None => String::new(),
                };
                return Err(format!("{form}, found {text:?}{meant}"));
            }
        };
        check(path)?;
        Ok(Self {
            access,
            path: path.to_owned(),
        })
    }
}

fn check(path: &str) -> Result<(), String> {
    let wrong = if path.is_empty() {
        "the path is missing; `.` is the run's working folder"
    } else if path.len() > 1000 {
        "the path is longer than 1000 bytes"
    } else if path.trim() != path || path.chars().any(char::is_control) {
        "the path begins or ends with a space, or holds a control character"
    } else if path.starts_with('~') {
        "`~` has no meaning here: paths start at the run's working folder"
    } else if path.contains('\\') {
        "write `/` between folders, on every system"
    } else if path.contains(['*', '?']) {
        "patterns have no meaning here: a folder covers everything below it"
    } else {
        return Ok(());
    };
    Err(wrong.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_say_what_for_and_where() {
        let request: FileRequest = "write:./out".parse().unwrap();
        assert_eq!(request.access, Access::Write);
        assert_eq!(request.path, "./out", "as the author wrote it");
        assert_eq!(request.plain_path(), Path::new("out"));
        for good in ["read:.", "read:../shared", "read:/srv/data", "read:C:/data"] {
            assert!(good.parse::<FileRequest>().is_ok(), "{good}");
        }
        for (bad, told) in [
            ("./receipts", "say whether to read or to write"),
            ("raed:./x", "did you mean `read:./x`?"),
            ("exec:./x", "expected \"read:PATH\""),
            ("read:", "the path is missing"),
            ("read: x", "begins or ends with a space"),
            ("read:~/x", "`~` has no meaning"),
            ("read:a\\b", "write `/`"),
            ("read:*.csv", "patterns have no meaning"),
            ("read:a\0b", "control character"),
        ] {
            let error = bad.parse::<FileRequest>().unwrap_err();
            assert!(error.contains(told), "{bad:?}: {error}");
        }
    }
}
