//! Where somebody goes on after they opened a letter. Anybody can ask for a letter to anybody, so it is told to the
//! browser alone that asked for it: no stranger chooses where a letter of ours leads.

use serde::{Deserialize, Serialize};

/// Where a browser wanted to go when it asked for a letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Destination {
    next: String,
    mark: [u8; 32],
}

impl Destination {
    /// To this path of the server, wanted in the browser with this mark.
    #[must_use]
    pub fn new(next: &str, mark: [u8; 32]) -> Self {
        let next = next.to_owned();
        Self { next, mark }
    }

    /// Where the browser with this mark goes on; nowhere in particular if it is another one.
    #[must_use]
    pub fn of(asked: Option<Self>, mark: [u8; 32]) -> String {
        let asked = asked.filter(|asked| asked.mark == mark);
        asked.map_or_else(String::new, |asked| asked.next)
    }
}
