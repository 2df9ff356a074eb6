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

    /// Where the browser with this mark goes on; nowhere in particular if it is another one. To an invitation it goes
    /// on in any case: it is the person's own, whoever asked.
    #[must_use]
    pub fn of(asked: Option<Self>, mark: [u8; 32]) -> String {
        let asked = asked.filter(|asked| asked.mark == mark || is_invitation(&asked.next));
        asked.map_or_else(String::new, |asked| asked.next)
    }
}

/// Whether a path is that of an invitation, and of nothing else: `..` and `?` would lead on from there.
fn is_invitation(path: &str) -> bool {
    let is_of_token =
        |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_';
    let token = path.strip_prefix("/invitations/");
    token.is_some_and(|token| token.bytes().all(is_of_token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_browser_is_led_to_an_invitation_alone() {
        let of = |next: &str, mark: u8| {
            Destination::of(Some(Destination::new(next, [1; 32])), [mark; 32])
        };
        assert_eq!(of("/device?user_code=A", 1), "/device?user_code=A");
        assert_eq!(of("/device?user_code=A", 2), "");
        assert_eq!(of("/invitations/sli_a-b_c", 2), "/invitations/sli_a-b_c");
        for next in [
            "/invitations/../device",
            "/invitations/a?next=b",
            "/invitations/%2e%2e/device",
            "/invitations/a/accept",
        ] {
            assert_eq!(of(next, 2), "", "{next}");
        }
    }
}
