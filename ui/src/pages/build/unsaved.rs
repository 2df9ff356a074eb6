//! What was written and not saved yet, kept by the window itself: it survives that the window is closed or breaks.

use serde::{Deserialize, Serialize};
use slipway_contract::{AgentName, ContentHash};

use crate::browser;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::pages) struct Unsaved {
    /// The content that was changed.
    pub(in crate::pages) seen: ContentHash,
    /// The text.
    pub(in crate::pages) text: String,
}

fn key(agent: &AgentName, path: &str) -> String {
    format!("slipway.unsaved/{agent}/{path}")
}

/// Keeps a text until [`forget`].
pub(in crate::pages) fn keep(agent: &AgentName, path: &str, seen: ContentHash, text: &str) {
    let text = text.to_owned();
    if let (Some(storage), Ok(json)) = (
        browser::storage(),
        serde_json::to_string(&Unsaved { seen, text }),
    ) {
        // Fails where the window may keep nothing more; the host is asked to save it all the same.
        let _ = storage.set_item(&key(agent, path), &json);
    }
}

/// What was kept.
pub(in crate::pages) fn kept(agent: &AgentName, path: &str) -> Option<Unsaved> {
    let json = browser::storage()?.get_item(&key(agent, path)).ok()??;
    serde_json::from_slice(json.as_bytes()).ok()
}

/// Keeps a text that cannot be saved as it is, until [`forget`].
pub(in crate::pages) fn keep_unfinished(agent: &AgentName, part: &str, text: &str) {
    if let Some(storage) = browser::storage() {
        // Fails where the window may keep nothing more; it stays on the screen all the same.
        let _ = storage.set_item(&key(agent, part), text);
    }
}

/// The text that could not be saved.
pub(in crate::pages) fn unfinished(agent: &AgentName, part: &str) -> Option<String> {
    browser::storage()?.get_item(&key(agent, part)).ok()?
}

/// It is saved.
pub(in crate::pages) fn forget(agent: &AgentName, path: &str) {
    if let Some(storage) = browser::storage() {
        // Fails for no key.
        let _ = storage.remove_item(&key(agent, path));
    }
}
