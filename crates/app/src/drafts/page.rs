//! A draft as its page shows it.

use slipway_agent::package::path::{INSTRUCTIONS, MANIFEST};
use slipway_agent::package::{MAX_INSTRUCTIONS_BYTES, Manifest, edit::ManifestText, hash};
use slipway_contract::draft::{DraftPage, DraftText, ManifestChange, NewContent};
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, ContentHash, ErrorCode, Problem};
use slipway_runner::estimated_tokens;
use slipway_store::{AgentRecord, Made};

use super::edit::Seen;
use super::{Present, no_such_file};
use crate::App;
use crate::problem::from_store;

/// The most bytes of a text that a page shows and edits: those that instructions may have.
const MAX_SHOWN_BYTES: u64 = MAX_INSTRUCTIONS_BYTES;

impl App {
    /// An agent's draft with what its page needs beside it.
    ///
    /// # Errors
    /// There is no such agent, or its files cannot be read.
    pub async fn draft_page(&self, agent: &AgentName) -> Result<DraftPage, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        self.page_of(&row, &present).await
    }

    /// A file of an agent's draft, to look at and to edit.
    ///
    /// # Errors
    /// There is no such agent or file.
    pub async fn draft_text(&self, agent: &AgentName, path: &str) -> Result<DraftText, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let bytes = present.files.get(path);
        let bytes = bytes.ok_or_else(|| no_such_file(agent, path))?;
        let base = self.store().version_file(row.version, path).await;
        let base = base.map_err(|error| from_store(&error))?;
        Ok(DraftText {
            path: path.to_owned(),
            content: hash::content_of(bytes),
            size: bytes.len() as u64,
            text: text_of(bytes),
            base: base.as_deref().and_then(text_of),
        })
    }

    /// Gives a file of an agent's draft this content. `seen` is the hash of the content that was
    /// changed, none for a file that is to be new.
    ///
    /// # Errors
    /// As [`Self::edit_draft`].
    pub async fn save_draft_file(
        &self,
        agent: &AgentName,
        path: &str,
        content: NewContent,
        seen: Option<ContentHash>,
    ) -> Result<DraftPage, Problem> {
        let bytes = bytes_of(content)?;
        let seen = Seen::File(seen);
        let (row, present) = self
            .change_draft(agent, seen, path, |_| Ok(Some(bytes.clone())))
            .await?;
        self.page_of(&row, &present).await
    }

    /// Takes a file out of an agent's draft. What is in no version yet is made one first.
    ///
    /// # Errors
    /// As [`Self::edit_draft`].
    pub async fn remove_draft_file(
        &self,
        agent: &AgentName,
        path: &str,
        seen: ContentHash,
    ) -> Result<DraftPage, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let now = present.files.get(path).map(hash::content_of);
        let kept = self.store().version_file(row.version, path).await;
        let kept = kept.map_err(|error| from_store(&error))?;
        if now == Some(seen) && kept.as_deref().map(hash::content_of) != now {
            let made = Made {
                why: VersionReason::Saved,
                note: Some(format!("before {path} was removed")),
            };
            self.keep_as_version(&row, &present, &made).await?;
        }
        let seen = Seen::File(Some(seen));
        let (row, present) = self.change_draft(agent, seen, path, |_| Ok(None)).await?;
        self.page_of(&row, &present).await
    }

    /// [`Self::edit_manifest`], for a page.
    ///
    /// # Errors
    /// As there.
    pub async fn edit_manifest_page(
        &self,
        agent: &AgentName,
        seen: ContentHash,
        changes: &[ManifestChange],
    ) -> Result<DraftPage, Problem> {
        self.edit_manifest(agent, Some(seen), changes).await?;
        self.draft_page(agent).await
    }

    pub(super) async fn page_of(
        &self,
        row: &AgentRecord,
        present: &Present,
    ) -> Result<DraftPage, Problem> {
        let manifest = present.files.get(MANIFEST).and_then(text_of);
        let values = manifest
            .as_deref()
            .and_then(|text| ManifestText::parse(text).ok())
            .and_then(|text| text.get(&[]));
        let says = |table: &str, key: &str| {
            let found = values.as_ref()?.get(table)?.get(key)?.as_str()?;
            Some(found.to_owned()).filter(|found| !found.trim().is_empty())
        };
        let model = says("model", "use").and_then(|model| model.parse::<ModelRef>().ok());
        let instructions = present.files.get(INSTRUCTIONS).and_then(text_of);
        let recordings: Vec<&str> = present.files.recordings().collect();
        let asks = manifest
            .as_deref()
            .and_then(|text| self.asks(text, &recordings));
        let before = self.asked_before(row).await?;
        let asks_anew = asks.iter().flatten();
        let asks_anew = asks_anew.filter(|asked| !before.contains(asked));
        Ok(DraftPage {
            title: says("agent", "title").unwrap_or_else(|| row.name.to_string()),
            instruction_tokens: estimated_tokens(
                model.as_ref(),
                instructions.as_deref().unwrap_or_default(),
            ),
            asks_anew: asks_anew.cloned().collect(),
            draft: self.shown(row, present),
            manifest,
            values,
            asks,
        })
    }

    /// What an `agent.toml` asks for; none when it is not valid.
    fn asks(&self, text: &str, recordings: &[&str]) -> Option<Vec<Permission>> {
        let tools = self.tool_names();
        let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
        let manifest = Manifest::parse(text, &tools, recordings).ok()?;
        Some(manifest.permissions())
    }

    /// What the newest version of an agent asks for.
    async fn asked_before(&self, row: &AgentRecord) -> Result<Vec<Permission>, Problem> {
        let files = self.store().version_files(row.version).await;
        let files = files.map_err(|error| from_store(&error))?;
        let manifest = self.store().version_file(row.version, MANIFEST).await;
        let manifest = manifest.map_err(|error| from_store(&error))?;
        let recordings = files.iter().flatten().filter_map(|file| {
            let name = file.path.strip_prefix("recordings/")?;
            name.strip_suffix(".jsonl")
        });
        let recordings: Vec<&str> = recordings.collect();
        let text = manifest.as_deref().and_then(text_of);
        let asked = text.and_then(|text| self.asks(&text, &recordings));
        Ok(asked.unwrap_or_default())
    }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    (text.len() as u64 <= MAX_SHOWN_BYTES && !text.contains('\0')).then(|| text.to_owned())
}

fn bytes_of(content: NewContent) -> Result<Vec<u8>, Problem> {
    use base64::Engine as _;
    match content {
        NewContent::Text(text) => Ok(text.into_bytes()),
        NewContent::Base64(text) => {
            let engine = base64::engine::general_purpose::STANDARD;
            engine.decode(text).map_err(|error| {
                let message = format!("the file's content did not arrive whole: {error}");
                Problem::new(ErrorCode::InvalidInput, message).help("Choose the file again.")
            })
        }
    }
}
