//! Ids of tool calls as a place wants them. An answer's own ids are kept as they came; what goes
//! out may have been made by another provider, or made up for a call that came without one.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use slipway_contract::CallId;
use slipway_contract::message::{Content, Message};

use crate::registry::CallIds;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The ids of one conversation on the wire: the same for the same conversation, always.
#[derive(Debug, Default)]
pub(super) struct WireIds(HashMap<String, String>);

impl WireIds {
    pub(super) fn new(form: CallIds, messages: &[Message]) -> Self {
        let ids = messages.iter().flat_map(ids);
        let (fitting, others): (Vec<&str>, Vec<&str>) = ids.partition(|id| fits(form, id));
        let mut taken: HashSet<String> = fitting.into_iter().map(str::to_owned).collect();
        let mut wire = HashMap::new();
        for id in others {
            if !wire.contains_key(id) {
                let mut made = (0_u32..).map(|attempt| made(form, id, attempt));
                if let Some(free) = made.find(|made| taken.insert(made.clone())) {
                    wire.insert(id.to_owned(), free);
                }
            }
        }
        Self(wire)
    }

    /// The id as the place is told it.
    pub(super) fn wire<'a>(&'a self, id: &'a CallId) -> &'a str {
        self.0.get(&id.0).unwrap_or(&id.0)
    }
}

fn ids(message: &Message) -> Vec<&str> {
    match message {
        Message::User { .. } => Vec::new(),
        Message::Assistant { content, .. } => content
            .iter()
            .filter_map(|part| match part {
                Content::ToolCall(call) => Some(call.call_id.0.as_str()),
                _ => None,
            })
            .collect(),
        Message::Tool { call_id, .. } => vec![&call_id.0],
    }
}

fn fits(form: CallIds, id: &str) -> bool {
    match form {
        CallIds::Any => true,
        CallIds::AtMostForty => id.chars().count() <= 40,
        CallIds::NineAlphanumerics => {
            id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
    }
}

fn made(form: CallIds, id: &str, attempt: u32) -> String {
    let length = match form {
        CallIds::NineAlphanumerics => 9,
        CallIds::Any | CallIds::AtMostForty => 24,
    };
    let hash = Sha256::new()
        .chain_update(attempt.to_be_bytes())
        .chain_update(id)
        .finalize();
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    hash.iter().take(length).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::StepId;
    use slipway_contract::message::ToolCall;

    use super::*;

    fn calling(ids: &[&str]) -> Vec<Message> {
        let call = |id: &&str| {
            Content::ToolCall(ToolCall {
                call_id: CallId((*id).to_owned()),
                tool: "read_file".into(),
                arguments: json!({}),
                malformed: None,
            })
        };
        vec![Message::Assistant {
            step: StepId(1),
            content: ids.iter().map(call).collect(),
        }]
    }

    #[test]
    fn what_fits_stays_and_what_does_not_gets_an_id_of_its_own_that_never_changes() {
        let long = "x".repeat(41);
        let longer = "x".repeat(42);
        let all = ["call_1_0", "aB3dE6gH9", "", "ä23456789", &long, &longer];
        for (form, kept) in [
            (CallIds::Any, &all[..]),
            (CallIds::AtMostForty, &all[..4]),
            (CallIds::NineAlphanumerics, &all[1..2]),
        ] {
            let wire = WireIds::new(form, &calling(&all));
            let again = WireIds::new(form, &calling(&all));
            let mut seen = HashSet::new();
            for id in all {
                let id = CallId(id.to_owned());
                let sent = wire.wire(&id);
                assert!(fits(form, sent), "{form:?} {sent}");
                assert_eq!(
                    sent == id.0,
                    kept.contains(&id.0.as_str()),
                    "{form:?} {sent}"
                );
                assert_eq!(sent, again.wire(&id));
                assert!(
                    seen.insert(sent.to_owned()),
                    "{form:?} {sent} stands for two"
                );
            }
        }
    }

    #[test]
    fn an_id_that_was_made_never_takes_one_that_is_there() {
        let made = made(CallIds::NineAlphanumerics, "call_1_0", 0);
        let wire = WireIds::new(CallIds::NineAlphanumerics, &calling(&["call_1_0", &made]));
        assert_ne!(wire.wire(&CallId("call_1_0".into())), made);
        assert_eq!(wire.wire(&CallId(made.clone())), made);
    }
}
