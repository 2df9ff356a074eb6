//! A run's output as a file of its own.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::App;

/// Names that are tried before giving up.
const TRIES: u32 = 1_000;

impl App {
    /// Writes a run's output to a new file in the person's folder of downloads, or beside
    /// Slipway's data where the system names none; nothing is written over.
    ///
    /// # Errors
    /// The run has no output, or the file cannot be written.
    pub async fn save_output(&self, run: RunId) -> Result<String, Problem> {
        let summary = self.summary_of(run).await?;
        let output = summary.end.and_then(|end| end.output).ok_or_else(|| {
            let message = format!("the run {} has no output to be saved", run.short());
            Problem::new(ErrorCode::WrongState, message)
        })?;
        let folder = downloads().unwrap_or_else(|| self.home().folder().to_owned());
        let name = format!("{}-{}", summary.agent, run.short());
        let write = move || save(&folder, &name, &output);
        let written = tokio::task::spawn_blocking(write).await;
        let written =
            written.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        written.map(|path| path.display().to_string())
    }
}

fn downloads() -> Option<PathBuf> {
    let folders = directories::UserDirs::new()?;
    let folder = folders.download_dir()?;
    folder.is_dir().then(|| folder.to_owned())
}

fn save(folder: &Path, name: &str, output: &Value) -> Result<PathBuf, Problem> {
    let (text, extension) = match output {
        Value::String(text) => (text.clone(), "md"),
        data => (
            serde_json::to_string_pretty(data).unwrap_or_default(),
            "json",
        ),
    };
    for count in 1..=TRIES {
        let file_name = match count {
            1 => format!("{name}.{extension}"),
            count => format!("{name}-{count}.{extension}"),
        };
        let path = folder.join(file_name);
        let unwritable = |error: &io::Error| {
            let message = format!(
                "the output could not be written to {}: {error}",
                path.display()
            );
            Problem::new(ErrorCode::Storage, message)
        };
        match File::create_new(&path) {
            Ok(mut file) => {
                let written = file
                    .write_all(text.as_bytes())
                    .and_then(|()| file.sync_all());
                written.map_err(|error| unwritable(&error))?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritable(&error)),
        }
    }
    let message = format!(
        "{} has {TRIES} files named {name} already",
        folder.display()
    );
    Err(Problem::new(ErrorCode::Storage, message).help("Move or remove some of them."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let saved = |output: &Value| save(folder.path(), "clerk-1a2b3c4", output).unwrap();
        let (one, two) = (saved(&json!("First.")), saved(&json!("Second.")));
        assert!(one.ends_with("clerk-1a2b3c4.md") && two.ends_with("clerk-1a2b3c4-2.md"));
        assert_eq!(std::fs::read_to_string(one).unwrap(), "First.");
        let data = saved(&json!({ "total": 12_345_678_901_234_567_890_u64 }));
        assert!(
            std::fs::read_to_string(data)
                .unwrap()
                .contains("12345678901234567890")
        );
    }

    #[test]
    fn a_folder_that_is_gone_is_named() {
        let problem = save(Path::new("/nowhere/at/all"), "clerk", &json!("x")).unwrap_err();
        assert!(problem.message.contains("/nowhere/at/all"), "{problem}");
    }
}
