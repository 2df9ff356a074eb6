//! Packages as they are sent.

use slipway_agent::package::{Files, hash};
use slipway_contract::ContentHash;

/// A package as it is sent.
#[derive(Debug, Clone)]
pub struct Archive {
    pub hash: ContentHash,
    pub bytes: Vec<u8>,
}

impl Archive {
    /// One with these instructions.
    pub fn saying(text: &str) -> Self {
        let manifest = "format = 1\n[agent]\nname = \"counter\"\n[model]\nuse = \"local/any\"\n";
        let entries = [("agent.toml", manifest), ("instructions.md", text)];
        let entries = entries.map(|(path, text)| (path.parse().expect("a path"), text.into()));
        let files = Files::from_entries(entries).expect("files");
        Self {
            hash: hash::content(&files),
            bytes: files.to_archive().expect("an archive"),
        }
    }
}
