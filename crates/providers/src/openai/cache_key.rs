//! The key that leads the requests of one conversation to where their beginning is cached.

use sha2::{Digest, Sha256};
use slipway_agent::ports::model::ModelRequest;
use slipway_contract::message::Message;

/// The same for all requests of a conversation: it stands for how the conversation begins, and
/// tells nothing of it to whoever does not know that already.
pub(super) fn of(request: &ModelRequest) -> String {
    let mut hash = Sha256::new();
    hash.update(request.instructions.as_bytes());
    for tool in request.tools.iter() {
        hash.update([0]);
        hash.update(&tool.name);
    }
    if let Some(Message::User { text, .. }) = request.messages.first() {
        hash.update([1]);
        hash.update(text);
    }
    let hash = hash.finalize();
    let digits = hash.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("slipway-{}", digits.collect::<String>())
}
