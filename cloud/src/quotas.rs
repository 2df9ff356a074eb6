//! How much of everything there may be: all numbers in one place.

use slipway_contract::cloud::ProblemCode;

use crate::failure::Failure;

/// Organizations that a person owns.
pub const ORGANIZATIONS: Quota = Quota(20, "organizations that you own");
/// Members of an organization.
pub const MEMBERS: Quota = Quota(500, "members");
/// Invitations of an organization in 24 hours.
pub const INVITATIONS_A_DAY: Quota = Quota(100, "invitations in 24 hours");
/// How often one invitation is sent.
pub const SENDINGS: Quota = Quota(5, "mails for one invitation");
/// Keys of a person or an organization that can be used.
pub const KEYS: Quota = Quota(50, "keys that can be used");
/// Agents of a person, those included that are private to them in an organization.
pub const AGENTS_OF_A_PERSON: Quota = Quota(500, "agents of yours");
/// Agents of an organization, private ones included.
pub const AGENTS_OF_AN_ORGANIZATION: Quota = Quota(2_000, "agents in the organization");
/// Versions of an agent.
pub const VERSIONS: Quota = Quota(1_000, "versions of this agent");
/// Bytes of all versions of the agents of a person or an organization, each counted by itself.
pub const BYTES: Quota = Quota(2 << 30, "versions");
/// The most bytes of one archive: as it is sent, and as it is kept.
pub const ARCHIVE_BYTES: usize = 32 << 20;

/// How many there may be, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota(pub u64, pub &'static str);

impl Quota {
    /// Goes on if there is room for one more.
    ///
    /// # Errors
    /// When there is none.
    pub fn room(self, present: u64) -> Result<(), Failure> {
        let Self(most, what) = self;
        if present < most {
            return Ok(());
        }
        Err(exceeded(format!(
            "There are {present} {what}, and {most} are the most."
        )))
    }

    /// Goes on if there is room for so many more bytes.
    ///
    /// # Errors
    /// When there is none.
    pub fn room_for_bytes(self, present: u64, more: u64) -> Result<(), Failure> {
        let Self(most, what) = self;
        if present.saturating_add(more) <= most {
            return Ok(());
        }
        let [present, more, most] = [present, more, most].map(mebibytes);
        Err(exceeded(format!(
            "{more} MiB more do not fit: {present} of {most} MiB are taken by {what}."
        )))
    }
}

fn exceeded(detail: String) -> Failure {
    Failure::new(ProblemCode::QuotaExceeded, detail)
}

/// In units of 2^20 bytes, rounded up to a tenth.
fn mebibytes(bytes: u64) -> String {
    let tenths = (u128::from(bytes) * 10).div_ceil(1 << 20);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_has_room_and_the_next_has_not() {
        assert!(KEYS.room(49).is_ok());
        let refusal = KEYS.room(50).unwrap_err().refusal();
        assert_eq!(refusal.code, ProblemCode::QuotaExceeded);
        assert_eq!(
            refusal.detail,
            "There are 50 keys that can be used, and 50 are the most."
        );
    }

    #[test]
    fn bytes_are_told_in_a_unit_that_people_read() {
        assert!(BYTES.room_for_bytes((2 << 30) - 1, 1).is_ok());
        assert!(BYTES.room_for_bytes(u64::MAX, 1).is_err());
        let refusal = BYTES.room_for_bytes(2_146_959_360, 1 << 20);
        assert_eq!(
            refusal.unwrap_err().refusal().detail,
            "1.0 MiB more do not fit: 2047.5 of 2048.0 MiB are taken by versions."
        );
    }
}
