//! Forms: what they change of `agent.toml`. Comments, order and spelling of everything else stay.

use slipway_agent::package::edit::{EditError, ManifestText};
use slipway_agent::package::path::MANIFEST;
use slipway_contract::draft::ManifestChange;
use slipway_contract::version::Draft;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};

use super::edit::Seen;
use super::{Present, no_such_file};
use crate::App;

impl App {
    /// Changes values of `agent.toml`, all of them or none. `seen` is the hash of the `agent.toml`
    /// that the form showed.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] when it was changed meanwhile; [`ErrorCode::InvalidPackage`] while
    /// it is not TOML; there is no such place in it.
    pub async fn edit_manifest(
        &self,
        agent: &AgentName,
        seen: Option<ContentHash>,
        changes: &[ManifestChange],
    ) -> Result<Draft, Problem> {
        self.edit_toml(agent, MANIFEST, seen, changes).await
    }

    /// Changes values of a file of a draft that is TOML, all of them or none.
    ///
    /// # Errors
    /// As [`Self::edit_manifest`].
    pub(crate) async fn edit_toml(
        &self,
        agent: &AgentName,
        path: &str,
        seen: Option<ContentHash>,
        changes: &[ManifestChange],
    ) -> Result<Draft, Problem> {
        let seen = seen.map_or(Seen::Unsaid, |seen| Seen::File(Some(seen)));
        let edited = |before: &Present| {
            let found = before.files.get(path);
            let found = found.ok_or_else(|| no_such_file(agent, path))?;
            let text = std::str::from_utf8(found).map_err(|_| not_text(path))?;
            let mut manifest = ManifestText::parse_file(path, text).map_err(refused)?;
            for change in changes {
                match &change.value {
                    Some(value) => manifest.set(&change.at, value).map_err(refused)?,
                    // What is gone already need not go.
                    None => drop(manifest.remove(&change.at)),
                }
            }
            Ok(Some(manifest.to_string().into_bytes()))
        };
        let (row, present) = self.change_draft(agent, seen, path, edited).await?;
        Ok(self.shown(&row, &present))
    }
}

fn not_text(path: &str) -> Problem {
    let message = format!("{path} is not UTF-8 text, so no form can change it");
    Problem::new(ErrorCode::InvalidPackage, message).help("Save it as UTF-8.")
}

fn refused(error: EditError) -> Problem {
    let message = error.to_string();
    match error {
        EditError::Syntax(findings) => {
            let mut problem = Problem::new(ErrorCode::InvalidPackage, message)
                .help("Correct its text first; nothing was written.");
            problem.findings = findings;
            problem
        }
        EditError::NoPlace(_) | EditError::Unwritable(_) => {
            Problem::new(ErrorCode::InvalidInput, message).help("Nothing was written.")
        }
    }
}
