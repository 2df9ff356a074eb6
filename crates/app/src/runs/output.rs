//! A run's output as a file of its own.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::App;

impl App {
    /// The name that a file of a run's output has unless a person gives it another.
    ///
    /// # Errors
    /// The run has no output.
    pub async fn output_name(&self, run: RunId) -> Result<String, Problem> {
        let (agent, output) = self.output_of(run).await?;
        let (_, extension) = written(&output);
        Ok(format!("{agent}-{}.{extension}", run.short()))
    }

    /// Writes a run's output to a file. What a person chose to write over is there until all of it
    /// is written.
    ///
    /// # Errors
    /// The run has no output, or the file cannot be written.
    pub async fn save_output(&self, run: RunId, to: PathBuf) -> Result<String, Problem> {
        let (_, output) = self.output_of(run).await?;
        let write = move || save(&to, &output).map(|()| to.display().to_string());
        let written = tokio::task::spawn_blocking(write).await;
        written.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
    }

    async fn output_of(&self, run: RunId) -> Result<(String, Value), Problem> {
        let summary = self.summary_of(run).await?;
        let output = summary.end.and_then(|end| end.output).ok_or_else(|| {
            let message = format!("the run {} has no output to be saved", run.short());
            Problem::new(ErrorCode::WrongState, message)
        })?;
        Ok((summary.agent.to_string(), output))
    }
}

fn written(output: &Value) -> (String, &'static str) {
    match output {
        Value::String(text) => (text.clone(), "md"),
        data => (
            serde_json::to_string_pretty(data).unwrap_or_default(),
            "json",
        ),
    }
}

fn save(path: &Path, output: &Value) -> Result<(), Problem> {
    let (text, _) = written(output);
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let write = || {
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    };
    write().map_err(|error: io::Error| {
        // What was begun is of no use; it may not be there.
        let _ = std::fs::remove_file(&new);
        let message = format!(
            "the output could not be written to {}: {error}",
            path.display()
        );
        Problem::new(ErrorCode::Storage, message).help("Choose another place.")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_there_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clerk.md");
        save(&path, &json!("First, and longer.")).unwrap();
        save(&path, &json!("Second.")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "Second.");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let data = json!({ "total": 12_345_678_901_234_567_890_u64 });
        save(&path, &data).unwrap();
        assert!(
            std::fs::read_to_string(&path)
                .unwrap()
                .contains("12345678901234567890")
        );
        assert_eq!((written(&data).1, written(&json!("x")).1), ("json", "md"));
    }

    #[test]
    fn a_folder_that_is_gone_is_named() {
        let problem = save(Path::new("/nowhere/at/all"), &json!("x")).unwrap_err();
        assert!(problem.message.contains("/nowhere/at/all"), "{problem}");
    }
}
