//! Versions: saving one, listing them, comparing two, going back to one.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use slipway_agent::package::{Existing, Files, PackagePath, diff, hash};
use slipway_contract::version::{
    AgentDiff, DiffSide, RestoredVersion, SavedVersion, VersionEntry, VersionReason,
};
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_store::{AgentRecord, AgentSource, Made, VersionRecord};

use crate::App;
use crate::drafts::{DraftPlace, Present, stored_path};
use crate::problem::{from_package, from_store};

/// How a person names what an agent is now, saved or not.
const DRAFT: &str = "draft";
/// The most bytes of a note.
const MAX_NOTE: usize = 2_000;

impl App {
    /// The files of a stored version, whether or not they make a package that is valid today.
    pub(crate) async fn version_files(&self, version: ContentHash) -> Result<Files, Problem> {
        let stored = self
            .store()
            .version_contents(version)
            .await
            .map_err(|error| from_store(&error))?;
        let Some(entries) = stored else {
            let message = format!(
                "the version {} is not stored here any more",
                version.short()
            );
            return Err(Problem::new(ErrorCode::NotFound, message));
        };
        let entries = entries
            .into_iter()
            .map(|(path, bytes)| Ok((stored_path(&path)?, bytes)))
            .collect::<Result<Vec<(PackagePath, Vec<u8>)>, Problem>>()?;
        Files::from_entries(entries).map_err(|error| from_package(&error))
    }

    /// Stores a version; nothing happens when it is there already.
    pub(crate) async fn keep_files(&self, files: &Files) -> Result<ContentHash, Problem> {
        let record = VersionRecord {
            hash: hash::content(files),
            behaviour: hash::behaviour(files),
            created_at: self.runner().world().clock.now(),
        };
        let entries = files
            .iter()
            .map(|(path, bytes)| (path.to_string(), bytes.to_vec()))
            .collect();
        self.store()
            .put_version(record, entries)
            .await
            .map_err(|error| from_store(&error))?;
        Ok(record.hash)
    }

    /// Makes a version of what an agent is now.
    ///
    /// # Errors
    /// There is no such agent, or what it is now is no valid package.
    pub async fn save_agent(
        &self,
        agent: &AgentName,
        note: Option<String>,
    ) -> Result<SavedVersion, Problem> {
        let note = checked_note(note)?;
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let findings = self.findings(agent, present.files.clone());
        if !findings.is_empty() {
            let message = format!("{agent} cannot be saved as a version: it is not valid");
            let mut problem = Problem::new(ErrorCode::InvalidPackage, message)
                .help("Correct what the findings name. The draft stays as it is.");
            problem.findings = findings;
            return Err(problem);
        }
        let made = Made {
            why: VersionReason::Saved,
            note,
        };
        let (version, saved) = self.keep_as_version(&row, &present, &made).await?;
        Ok(SavedVersion {
            agent: agent.clone(),
            version,
            saved,
        })
    }

    /// Every time that a version was made of an agent, the newest first.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn agent_versions(&self, agent: &AgentName) -> Result<Vec<VersionEntry>, Problem> {
        self.listed(agent).await?;
        self.history(agent).await
    }

    async fn history(&self, agent: &AgentName) -> Result<Vec<VersionEntry>, Problem> {
        self.store()
            .agent_versions(agent)
            .await
            .map_err(|error| from_store(&error))
    }

    /// The version of an agent whose hash begins with these digits.
    ///
    /// # Errors
    /// There is none, or there are several, which the error lists.
    pub async fn find_version(
        &self,
        agent: &AgentName,
        prefix: &str,
    ) -> Result<ContentHash, Problem> {
        let history = self.history(agent).await?;
        let wanted = prefix.to_ascii_lowercase();
        let mut found: Vec<&VersionEntry> = Vec::new();
        for entry in &history {
            let is_new = !found.iter().any(|other| other.version == entry.version);
            if is_new && !wanted.is_empty() && entry.version.to_string().starts_with(&wanted) {
                found.push(entry);
            }
        }
        match found.as_slice() {
            [one] => Ok(one.version),
            [] => {
                let shown: String = prefix.chars().take(70).collect();
                let message = format!("{agent} has no version {shown:?}");
                Err(Problem::new(ErrorCode::NotFound, message)
                    .help(format!("`slipway agents versions {agent}` lists them.")))
            }
            several => Err(ambiguous(agent, prefix, several)),
        }
    }

    /// What differs between two versions of an agent, or between a version and what it is now.
    /// Without `from` it is the newest version, without `to` what the agent is now.
    ///
    /// # Errors
    /// There is no such agent or version.
    pub async fn diff_agent(
        &self,
        agent: &AgentName,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<AgentDiff, Problem> {
        let row = self.listed(agent).await?;
        let (from, before) = match from {
            None => (
                DiffSide::version(row.version),
                self.version_files(row.version).await?,
            ),
            Some(named) => self.side(&row, named).await?,
        };
        let (to, after) = self.side(&row, to.unwrap_or(DRAFT)).await?;
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        Ok(AgentDiff {
            agent: agent.clone(),
            from,
            to,
            diff: diff(&before, &after, &tools),
        })
    }

    /// The files of a version of an agent, the newest where none is named.
    pub(crate) async fn files_to_compare(
        &self,
        agent: &AgentName,
        version: Option<&str>,
    ) -> Result<Files, Problem> {
        let row = self.listed(agent).await?;
        match version {
            None => self.version_files(row.version).await,
            Some(named) => self.side(&row, named).await.map(|(_, files)| files),
        }
    }

    async fn side(&self, row: &AgentRecord, named: &str) -> Result<(DiffSide, Files), Problem> {
        if named == DRAFT {
            let present = self.present(row).await?;
            let side = DiffSide {
                version: present.hash(),
                draft: true,
            };
            return Ok((side, present.files));
        }
        let version = self.find_version(&row.name, named).await?;
        Ok((
            DiffSide::version(version),
            self.version_files(version).await?,
        ))
    }

    /// Goes back to a version: all that its package holds. What is there now is saved as a
    /// version first. Nothing that a person took back is granted again.
    ///
    /// # Errors
    /// There is no such agent or version, or its folder cannot be written.
    pub async fn restore_agent(
        &self,
        agent: &AgentName,
        version: &str,
    ) -> Result<RestoredVersion, Problem> {
        let row = self.listed(agent).await?;
        let version = self.find_version(agent, version).await?;
        let _lock = self.lock_drafts().await?;
        let present = self.present(&row).await?;
        let before = present.hash();
        let is_unsaved = before != row.version && !present.files.is_empty();
        let mut current = row.clone();
        if is_unsaved {
            let made = Made {
                why: VersionReason::Saved,
                note: Some(format!("before {} was restored", version.short())),
            };
            self.keep_as_version(&row, &present, &made).await?;
            current.version = before;
        }
        let history = self.history(agent).await?;
        let asks_again = row.source == AgentSource::Imported
            && lineage(&history, version) != lineage(&history, current.version);
        let needs_folder = matches!(present.place, DraftPlace::NoFolder(_));
        if before != version || needs_folder {
            let files = self.version_files(version).await?;
            match &present.place {
                DraftPlace::Folder(folder) | DraftPlace::NoFolder(folder) => {
                    if let Some(parent) = folder.parent().filter(|_| needs_folder) {
                        std::fs::create_dir_all(parent)
                            .map_err(|error| crate::problem::from_io("made", parent, &error))?;
                    }
                    files
                        .write_folder(folder, Existing::Update)
                        .map_err(|error| from_package(&error))?;
                }
                DraftPlace::Store => {}
            }
            let restored = AgentRecord {
                version,
                updated_at: self.runner().world().clock.now(),
                ..current
            };
            let made = Made::by(VersionReason::Restored);
            let put = if asks_again {
                self.store().import_agent(&restored, &made).await
            } else {
                self.store().put_agent(&restored, &made).await
            };
            put.map_err(|error| from_store(&error))?;
        }
        Ok(RestoredVersion {
            agent: agent.clone(),
            version,
            before,
            saved_first: is_unsaved,
            asks_again,
        })
    }

    /// Makes what an agent is now a version of it, valid or not, and says whether it is new.
    pub(crate) async fn keep_as_version(
        &self,
        row: &AgentRecord,
        present: &Present,
        made: &Made,
    ) -> Result<(ContentHash, bool), Problem> {
        let version = self.keep_files(&present.files).await?;
        let row = AgentRecord {
            version,
            updated_at: self.runner().world().clock.now(),
            ..row.clone()
        };
        let saved = self
            .store()
            .put_agent(&row, made)
            .await
            .map_err(|error| from_store(&error))?;
        Ok((version, saved))
    }
}

fn checked_note(note: Option<String>) -> Result<Option<String>, Problem> {
    let note = note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    match note {
        Some(note) if note.len() > MAX_NOTE => Err(Problem::new(
            ErrorCode::InvalidInput,
            format!(
                "the note has {} bytes, and {MAX_NOTE} are the most",
                note.len()
            ),
        )),
        note => Ok(note),
    }
}

fn ambiguous(agent: &AgentName, prefix: &str, found: &[&VersionEntry]) -> Problem {
    let lines: Vec<String> = found
        .iter()
        .take(10)
        .map(|entry| {
            let digits: String = entry.version.to_string().chars().take(12).collect();
            let made = entry.made_at.strftime("%Y-%m-%d %H:%M:%S UTC");
            match &entry.note {
                Some(note) => format!("  {digits}  {made}  {note}"),
                None => format!("  {digits}  {made}"),
            }
        })
        .collect();
    let message = format!("several versions of {agent} begin with {prefix:?}");
    Problem::new(ErrorCode::InvalidInput, message).help(format!(
        "Write more digits. The versions are:\n{}",
        lines.join("\n")
    ))
}

/// Which import a version goes back to. A package that is imported in the place of another may
/// share nothing but its name with it, and what was granted to the one is not the other's.
fn lineage(newest_first: &[VersionEntry], version: ContentHash) -> Option<usize> {
    let mut of: BTreeMap<ContentHash, usize> = BTreeMap::new();
    let mut current = 0;
    for (number, entry) in newest_first.iter().rev().enumerate() {
        current = match entry.why {
            VersionReason::Imported => number + 1,
            VersionReason::Restored => of.get(&entry.version).copied().unwrap_or(number + 1),
            VersionReason::Saved | VersionReason::BeforeRun => current,
        };
        of.insert(entry.version, current);
    }
    of.get(&version).copied()
}
