//! Where somebody goes on after they opened a letter. Anybody can ask for a letter to anybody, so it is told to the
//! browser that asked for it and no other, but for an invitation of the person themselves: no stranger chooses where a
//! letter of ours leads.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::tables::invitations;

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

    /// Where the browser with this mark goes on; nowhere in particular if it is another one than asked. To an invitation
    /// that was mailed to this mailbox it goes on in any case: that is its person's own, whoever asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(
        on: &impl ConnectionTrait,
        asked: Option<Self>,
        mark: [u8; 32],
        email_key: &str,
    ) -> Result<String, Failure> {
        let Some(asked) = asked else {
            return Ok(String::new());
        };
        if asked.mark == mark || is_invitation(on, &asked.next, email_key).await? {
            return Ok(asked.next);
        }
        Ok(String::new())
    }
}

/// Whether a path is that of an invitation to this mailbox, and of nothing else.
async fn is_invitation(
    on: &impl ConnectionTrait,
    path: &str,
    email_key: &str,
) -> Result<bool, Failure> {
    let Some(token) = path.strip_prefix("/invitations/") else {
        return Ok(false);
    };
    let found = invitations::find_by_hash(on, &fingerprint(token)).await?;
    Ok(found.is_some_and(|row| row.email_key == email_key))
}
