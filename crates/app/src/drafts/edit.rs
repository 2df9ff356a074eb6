//! Writing the files of a draft. Who writes says what they saw, so that no edit of somebody else is lost.

use slipway_agent::package::{PackagePath, hash, put_in_folder};
use slipway_contract::version::Draft;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_store::{AgentRecord, DraftChange, DraftStep};

use super::{DraftPlace, Present, changed_meanwhile, no_such_file, place_of};
use crate::App;
use crate::problem::{from_package, from_store};

/// How often a change is made anew that another file's change came before.
const TRIES: usize = 8;

/// What whoever writes a file saw of the draft before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// They do not say: the draft is changed as it is.
    Unsaid,
    /// The whole draft.
    Draft(ContentHash),
    /// The content of that file; none where there was no such file.
    File(Option<ContentHash>),
}

impl Seen {
    /// Whether what is there now is what was seen.
    fn is_now(self, present: &Present, path: &str) -> bool {
        match self {
            Self::Unsaid => true,
            Self::Draft(seen) => present.hash() == seen,
            Self::File(seen) => present.files.get(path).map(hash::content_of) == seen,
        }
    }
}

impl App {
    /// Gives a file of an agent's draft this content, or removes it. The draft may become invalid,
    /// which its findings say. `seen` is the hash of the draft that the writer changed: where it
    /// is another by now, nothing is written and no edit is lost. Without it the present draft is
    /// changed.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] when the draft was changed meanwhile; the path is none that a
    /// package can have, or the limits of a package would be exceeded.
    pub async fn edit_draft(
        &self,
        agent: &AgentName,
        seen: Option<ContentHash>,
        path: &str,
        content: Option<Vec<u8>>,
    ) -> Result<Draft, Problem> {
        let seen = seen.map_or(Seen::Unsaid, Seen::Draft);
        let (row, present) = self
            .change_draft(agent, seen, path, |_| Ok(content.clone()))
            .await?;
        Ok(self.shown(&row, &present))
    }

    /// Gives a file of an agent's draft another path.
    ///
    /// # Errors
    /// As [`Self::edit_draft`]; there is no such file, or one of the new path.
    pub async fn rename_draft_file(
        &self,
        agent: &AgentName,
        seen: Option<ContentHash>,
        path: &str,
        to: &str,
    ) -> Result<Draft, Problem> {
        let content = self.draft_file(agent, path).await?;
        let found = hash::content_of(&content);
        if seen.is_some_and(|seen| seen != found) {
            return Err(changed_meanwhile(agent));
        }
        if path == to {
            return self.draft(agent).await;
        }
        // The new one first: whatever stops this, the content is still there.
        let is_new = |before: &Present| match before.files.get(to) {
            None => Ok(Some(content.clone())),
            Some(_) => Err(taken(agent, to)),
        };
        self.change_draft(agent, Seen::Unsaid, to, is_new).await?;
        let seen = Seen::File(Some(found));
        let (row, present) = self.change_draft(agent, seen, path, |_| Ok(None)).await?;
        Ok(self.shown(&row, &present))
    }

    /// Gives a file of a draft what `make` makes of the draft; nothing removes it.
    pub(super) async fn change_draft(
        &self,
        agent: &AgentName,
        seen: Seen,
        path: &str,
        make: impl Fn(&Present) -> Result<Option<Vec<u8>>, Problem>,
    ) -> Result<(AgentRecord, Present), Problem> {
        let package_path = path_of(path)?;
        for _ in 0..TRIES {
            let row = self.listed(agent).await?;
            let _lock = match place_of(&row) {
                DraftPlace::Folder(_) => Some(self.lock_drafts().await?),
                _ => None,
            };
            let before = self.present(&row).await?;
            if !seen.is_now(&before, path) {
                return Err(changed_meanwhile(agent));
            }
            let content = make(&before)?;
            if content.is_none() && before.files.get(path).is_none() {
                return Err(no_such_file(agent, path));
            }
            if let Some(after) = self.put(&row, before, &package_path, content).await? {
                return Ok((row, after));
            }
        }
        Err(changed_meanwhile(agent))
    }

    /// Writes a file of a draft; none where a stored draft is another by now.
    async fn put(
        &self,
        row: &AgentRecord,
        before: Present,
        path: &PackagePath,
        content: Option<Vec<u8>>,
    ) -> Result<Option<Present>, Problem> {
        let was = before.hash();
        let files = match content.clone() {
            Some(content) => before
                .files
                .with(path.clone(), content)
                .map_err(|error| from_package(&error))?,
            None => before.files.without(path),
        };
        let after = Present {
            files,
            place: before.place,
        };
        if let DraftPlace::Folder(folder) = &after.place {
            put_in_folder(folder, path, content.as_deref())
                .map_err(|error| from_package(&error))?;
            return Ok(Some(after));
        }
        let step = DraftStep {
            seen: was,
            hash: after.hash(),
            path: path.to_string(),
            change: self.change(row, path, content).await?,
            at: self.runner().world().clock.now(),
        };
        let is_written = self.store().edit_draft(&row.name, &step).await;
        let is_written = is_written.map_err(|error| from_store(&error))?;
        Ok(is_written.then_some(after))
    }

    /// What an edit of a stored draft is to its base.
    async fn change(
        &self,
        row: &AgentRecord,
        path: &PackagePath,
        content: Option<Vec<u8>>,
    ) -> Result<DraftChange, Problem> {
        let draft = self
            .store()
            .draft(&row.name)
            .await
            .map_err(|error| from_store(&error))?;
        let base = draft.map_or(row.version, |draft| draft.base);
        let there = self
            .store()
            .version_file(base, path.as_str())
            .await
            .map_err(|error| from_store(&error))?;
        Ok(match content {
            content if content == there => DraftChange::AsBefore,
            Some(content) => DraftChange::Put(content),
            None => DraftChange::Remove,
        })
    }
}

fn taken(agent: &AgentName, path: &str) -> Problem {
    let message = format!("{agent} has a file {path:?} already, and nothing was written");
    Problem::new(ErrorCode::Conflict, message).help("Choose another name.")
}

pub(super) fn path_of(path: &str) -> Result<PackagePath, Problem> {
    path.parse().map_err(|fault| {
        Problem::new(
            ErrorCode::InvalidInput,
            format!("{path:?} is no file of a package: {fault}"),
        )
    })
}
