//! Whom to ask for the sealed file's passphrase.

use slipway_contract::Secret;

/// What a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassphraseQuestion {
    /// The passphrase of the file that is there.
    Open {
        /// Whether the last answer was wrong.
        again: bool,
    },
    /// A passphrase for a new file.
    Choose,
    /// The chosen one once more, since a slip of the finger would lock everything away.
    Repeat,
}

/// A person who can be asked for the passphrase.
pub trait AskPassphrase: Send + Sync {
    /// The answer, or none when the person gives none. May block for as long as it takes.
    fn ask(&self, question: PassphraseQuestion) -> Option<Secret>;
}
