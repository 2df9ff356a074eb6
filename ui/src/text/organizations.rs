//! Texts of the settings: organizations and API keys in the cloud.

use slipway_contract::cloud::invitation::Offer;
use slipway_contract::cloud::key::ApiKey;
use slipway_contract::cloud::{Role, Scope};

use crate::format;

pub(crate) const ORGANIZATIONS: &str = "Organizations";
pub(crate) const NO_ORGANIZATION: &str =
    "You belong to no organization. Make one, or answer an invitation.";
pub(crate) const NEW_ORGANIZATION: &str = "New organization";
pub(crate) const ORGANIZATION_NAME: &str = "Name of the organization";
pub(crate) const MAKE_IT: &str = "Make it";
pub(crate) const ANSWER_INVITATION: &str = "Answer an invitation";
pub(crate) const INVITATION_LINK: &str = "Link of the invitation";
pub(crate) const INVITATION_LINK_HELP: &str =
    "Copy it from the letter that you got: it ends with /invitations/sli_…";
pub(crate) const PASTE_LINK_FIRST: &str = "Paste the link first";
pub(crate) const DECLINE: &str = "Decline";
pub(crate) const DECLINED: &str = "The invitation is declined";
pub(crate) const ALL_ORGANIZATIONS: &str = "Account";
pub(crate) const MEMBERS: &str = "Members";
pub(crate) const REMOVE_MEMBER: &str = "Remove";
pub(crate) const REMOVE_MEMBER_ASKS: &str = "Remove…";
pub(crate) const KEEP_MEMBER: &str = "Keep them";
pub(crate) const REMOVE_MEMBER_FOLLOWS: &str = "They lose access at once, and so does every API key of the organization that they made. Their private agents go with them.";
pub(crate) const MEMBER_REMOVED: &str = "The member is removed";
pub(crate) const ROLE: &str = "Role";
pub(crate) const ROLE_CHANGED: &str = "The role is changed";
pub(crate) const INVITATIONS: &str = "Invitations";
pub(crate) const NO_INVITATION: &str = "Nobody is invited at the moment.";
pub(crate) const INVITE: &str = "Invite";
pub(crate) const INVITE_SOMEBODY: &str = "Invite somebody";
pub(crate) const EMAIL: &str = "E-mail";
pub(crate) const EMAIL_HELP: &str = "Where the invitation goes.";
pub(crate) const NOT_AN_EMAIL: &str = "An e-mail address looks like anna@example.com.";
pub(crate) const TYPE_EMAIL_FIRST: &str = "Type an e-mail address first";
pub(crate) const INVITED: &str = "The invitation is on its way";
pub(crate) const SEND_AGAIN: &str = "Send again";
pub(crate) const TAKEN_BACK: &str = "The invitation is taken back";
pub(crate) const LEAVE_OR_END: &str = "Leave, transfer or delete";
pub(crate) const OWN_MEMBERSHIP: &str = "Your membership";
pub(crate) const LEAVE: &str = "Leave";
pub(crate) const LEAVE_ASKS: &str = "Leave…";
pub(crate) const LEAVE_HOW: &str = "You lose access at once.";
pub(crate) const ONLY_OWNER: &str =
    "You are its only owner: transfer it to another member first, or delete it.";
pub(crate) const STAY_IN_IT: &str = "Stay in it";
pub(crate) const TRANSFER: &str = "Transfer";
pub(crate) const TRANSFER_ASKS: &str = "Transfer…";
pub(crate) const TRANSFER_HOW: &str =
    "Makes another member the owner in your place. You stay as an admin.";
pub(crate) const TRANSFER_TO: &str = "New owner";
pub(crate) const NOBODY_ELSE: &str = "Nobody else belongs to it: invite somebody first.";
pub(crate) const DELETE_ORGANIZATION: &str = "Delete the organization";
pub(crate) const DELETE_ORGANIZATION_ASKS: &str = "Delete…";
pub(crate) const DELETE_ORGANIZATION_HOW: &str =
    "Its agents, keys and invitations are gone for good. Private agents stay with their people.";
pub(crate) const KEEP_ORGANIZATION: &str = "Keep it";
pub(crate) const TYPE_ITS_NAME_FIRST: &str = "Type its name first";
pub(crate) const LEFT_ORGANIZATION: &str = "You left the organization";
pub(crate) const TRANSFERRED: &str = "The organization has another owner";
pub(crate) const ORGANIZATION_DELETED: &str = "The organization is deleted";
pub(crate) const API_KEYS: &str = "API keys";
pub(crate) const OWN_KEYS_HOW: &str = "For programs that use the server's API as you.";
pub(crate) const ORGANIZATION_KEYS_HOW: &str =
    "For programs that use the server's API for the organization.";
pub(crate) const NO_API_KEY: &str = "There is no key.";
pub(crate) const NEW_API_KEY: &str = "New key";
pub(crate) const MAKE_API_KEY: &str = "Make the key";
pub(crate) const KEY_FOR: &str = "What it is for";
pub(crate) const KEY_FOR_EXAMPLE: &str = "Nightly build";
pub(crate) const KEY_MAY: &str = "What it may do";
pub(crate) const KEY_LASTS: &str = "How long it lasts";
pub(crate) const CHOOSE_SCOPE_FIRST: &str = "Choose what it may do first";
pub(crate) const KEY_MADE: &str = "Copy the key now.";
pub(crate) const KEY_MADE_HOW: &str =
    "It is shown this once, and kept nowhere on this machine. Whoever has it can use it.";
pub(crate) const COPY_KEY: &str = "Copy key";
pub(crate) const I_HAVE_IT: &str = "I have it";
pub(crate) const ROTATE: &str = "Rotate…";
pub(crate) const ROTATE_IT: &str = "Rotate the key";
pub(crate) const ROTATE_HOW: &str =
    "A new secret takes the place of this one, which goes on for as long as you say.";
pub(crate) const OLD_GOES_ON: &str = "The old one goes on for";
pub(crate) const REVOKE: &str = "Revoke";
pub(crate) const REVOKE_ASKS: &str = "Revoke…";
pub(crate) const REVOKE_FOLLOWS: &str =
    "Whatever uses it is refused from this moment on. That cannot be taken back.";
pub(crate) const KEEP_THE_KEY: &str = "Keep the key";
pub(crate) const KEY_REVOKED: &str = "The key is revoked";

/// A role's name.
pub(crate) const fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Member => "Member",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// What a role may.
pub(crate) const fn role_may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Sees the organization and its agents",
        Role::Member => "Works on its agents",
        Role::Admin => "Manages members, invitations and keys",
        Role::Owner => "May give it away and delete it",
    }
}

/// What somebody is, and what that lets them do.
pub(crate) fn role_and_may(of: Role) -> String {
    let may = role_may(of);
    let (first, rest) = may.split_at(1);
    format!("{}: {}{rest}.", role(of), first.to_lowercase())
}

/// Of which key the words of a button are.
pub(crate) fn of_key(what: &str, name: &str) -> String {
    format!("{what} {name}")
}

/// What a key may, in words.
pub(crate) fn scopes(scopes: &[Scope]) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.what()).collect();
    words.join(", ")
}

/// Until when a key lasts, and when it was used.
pub(crate) fn key_stands_in_cloud(
    key: &ApiKey,
    moment: impl Fn(slipway_contract::Timestamp) -> String,
    now: slipway_contract::Timestamp,
) -> String {
    if let Some(revoked) = key.revoked_at {
        return format!("Revoked {}", moment(revoked));
    }
    match key.expires_at {
        Some(end) if end <= now => return format!("Expired {}", moment(end)),
        _ => {}
    }
    let lasts = key.expires_at.map_or_else(
        || "Does not expire".to_owned(),
        |end| format!("Until {}", moment(end)),
    );
    match key.last_used_at {
        Some(used) => format!("{lasts}, used {}", moment(used)),
        None => format!("{lasts}, never used"),
    }
}

/// For how long a key lasts.
pub(crate) fn days(days: Option<u16>) -> String {
    match days {
        None => "Until it is revoked".to_owned(),
        Some(365) => "A year".to_owned(),
        Some(days) => format!("{} days", format::count(days.into())),
    }
}

/// For how long an old key goes on.
pub(crate) fn hours(hours: u8) -> &'static str {
    match hours {
        0 => "No time: it ends now",
        1 => "An hour",
        _ => "A day",
    }
}

/// What an invitation offers.
pub(crate) fn offered(offer: &Offer) -> String {
    format!(
        "{} invites you to {}, as {}.",
        offer.invited_by.as_str(),
        offer.organization_name.as_str(),
        offer.role.with_article()
    )
}

/// That somebody joined.
pub(crate) fn joined(name: &str) -> String {
    format!("You belong to {name} now")
}

/// Until when an invitation can be answered.
pub(crate) fn invited_as(role_name: &str, until: &str) -> String {
    format!("{role_name}, until {until}")
}

/// The question before a member is removed.
pub(crate) fn remove_member(name: &str) -> String {
    format!("Remove {name}?")
}

/// The question before a key is revoked.
pub(crate) fn revoke_key(name: &str) -> String {
    format!("Revoke the key {name}?")
}

/// The label of the field into which the name is typed that stands above.
pub(crate) fn type_to_confirm(name: &str) -> String {
    format!("Type {name} to confirm")
}

/// The question before an organization is left, given away or deleted.
pub(crate) fn end_question(what: &str, name: &str) -> String {
    format!("{what} {name}?")
}

#[cfg(test)]
mod tests {
    use slipway_contract::Timestamp;

    use super::*;

    fn key(expires: Option<i64>, revoked: Option<i64>, used: Option<i64>) -> ApiKey {
        let at = |second: Option<i64>| second.map(|second| Timestamp::from_second(second).unwrap());
        ApiKey {
            id: "01890000-0000-7000-8000-000000000001".parse().unwrap(),
            name: "Build".parse().unwrap(),
            start: "slk_abcdef".to_owned(),
            scopes: vec![Scope::ReadAgents],
            expires_at: at(expires),
            last_used_at: at(used),
            revoked_at: at(revoked),
            created_at: Timestamp::from_second(0).unwrap(),
        }
    }

    #[test]
    fn how_a_key_stands_is_its_end_first() {
        let now = Timestamp::from_second(100).unwrap();
        let stands = |key: &ApiKey| key_stands_in_cloud(key, |at| at.as_second().to_string(), now);
        assert_eq!(
            stands(&key(None, None, None)),
            "Does not expire, never used"
        );
        assert_eq!(
            stands(&key(Some(200), None, Some(90))),
            "Until 200, used 90"
        );
        assert_eq!(stands(&key(Some(100), None, Some(90))), "Expired 100");
        assert_eq!(stands(&key(Some(50), Some(40), None)), "Revoked 40");
    }

    #[test]
    fn how_long_is_said_in_words() {
        assert_eq!(days(None), "Until it is revoked");
        assert_eq!(days(Some(30)), "30 days");
        assert_eq!(days(Some(365)), "A year");
    }
}
