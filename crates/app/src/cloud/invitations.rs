//! Invitations: those of an organization, and the one that a letter brought.

use slipway_cloud_client::ServerAddress;
use slipway_contract::cloud::invitation::{Invitation, NewInvitation, Offer};
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{Email, InvitationId, OrganizationId, Role};
use slipway_contract::{ErrorCode, Problem};

use super::Cloud;

/// How the text begins that a letter carries.
const START: &str = "sli_";
/// The most characters of it.
const LONGEST: usize = 100;

impl Cloud {
    /// Those that nobody answered yet, newest first.
    ///
    /// # Errors
    /// The role does not reach so far, or the server cannot be asked.
    pub async fn list_invitations(&self, of: OrganizationId) -> Result<Vec<Invitation>, Problem> {
        self.asked(self.signed_in()?.invitations(of)).await
    }

    /// The one that a person means by its id or the invited address.
    ///
    /// # Errors
    /// There is none, or the server cannot be asked.
    pub async fn invitation_named(
        &self,
        of: OrganizationId,
        text: &str,
    ) -> Result<Invitation, Problem> {
        let id: Option<InvitationId> = text.parse().ok();
        let email: Option<Email> = text.parse().ok();
        let all = self.list_invitations(of).await?;
        let found = all
            .into_iter()
            .find(|each| Some(each.id) == id || Some(&each.email) == email.as_ref());
        found.ok_or_else(|| {
            let message = format!("there is no open invitation {text:?}");
            Problem::new(ErrorCode::NotFound, message)
                .help("Those that there are: slipway cloud invitations list ORGANIZATION")
        })
    }

    /// Sends one by mail.
    ///
    /// # Errors
    /// The role does not reach so far, they belong to it already, or the server cannot be asked.
    pub async fn send_invitation(
        &self,
        of: OrganizationId,
        email: Email,
        role: Role,
    ) -> Result<Invitation, Problem> {
        let new = NewInvitation { email, role };
        self.asked(self.signed_in()?.create_invitation(of, &new))
            .await
    }

    /// Sends one again, with another link.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn resend_invitation(
        &self,
        of: OrganizationId,
        id: InvitationId,
    ) -> Result<Invitation, Problem> {
        self.asked(self.signed_in()?.resend_invitation(of, id))
            .await
    }

    /// Takes one back.
    ///
    /// # Errors
    /// There is none of this id, or the server cannot be asked.
    pub async fn revoke_invitation(
        &self,
        of: OrganizationId,
        id: InvitationId,
    ) -> Result<(), Problem> {
        self.asked(self.signed_in()?.revoke_invitation(of, id))
            .await
    }

    /// What a letter offers, by its link or the end of it.
    ///
    /// # Errors
    /// It is no such link, it is over, or the server cannot be asked.
    pub async fn show_offer(&self, link: &str) -> Result<Offer, Problem> {
        let token = self.token_of(link)?;
        self.asked(self.signed_in()?.offer(token)).await
    }

    /// Accepts it.
    ///
    /// # Errors
    /// It is no such link, it is over or for somebody else, or the server cannot be asked.
    pub async fn accept_invitation(&self, link: &str) -> Result<Organization, Problem> {
        let token = self.token_of(link)?;
        self.asked(self.signed_in()?.accept(token)).await
    }

    /// Declines it.
    ///
    /// # Errors
    /// It is no such link, it is over or for somebody else, or the server cannot be asked.
    pub async fn decline_invitation(&self, link: &str) -> Result<(), Problem> {
        let token = self.token_of(link)?;
        self.asked(self.signed_in()?.decline(token)).await
    }

    /// A letter of another server is told from one that is over.
    fn token_of<'l>(&self, link: &'l str) -> Result<&'l str, Problem> {
        token_of(link.trim(), self.kept.read().server.as_ref())
    }
}

/// The end of a link to this server, by whatever name of this machine; without a server nobody is signed in either,
/// which is told then.
fn token_of<'l>(link: &'l str, server: Option<&ServerAddress>) -> Result<&'l str, Problem> {
    let wrong = |message: String| Problem::new(ErrorCode::InvalidInput, message);
    let token = match (link.split_once("/invitations/"), server) {
        (None, _) => link,
        (Some((_, token)), None) => token,
        (Some((at, token)), Some(server)) => match at.parse::<ServerAddress>() {
            Ok(at) if at == *server || at.may_be(server) => token,
            _ => return Err(wrong(format!("that invitation is not from {server}"))),
        },
    };
    let is_token = token.starts_with(START)
        && token.len() <= LONGEST
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_token {
        return Ok(token);
    }
    Err(wrong("that is no link of an invitation".to_owned())
        .help("Copy it from the letter: it ends with /invitations/sli_…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letters_link_and_its_end_are_taken() {
        let server: ServerAddress = "https://cloud.example.com".parse().unwrap();
        let of = |link| token_of(link, Some(&server));
        for link in [
            "sli_aB-9_",
            "https://cloud.example.com/invitations/sli_aB-9_",
        ] {
            assert_eq!(of(link).unwrap(), "sli_aB-9_");
            assert_eq!(token_of(link, None).unwrap(), "sli_aB-9_");
        }
        let long = format!("sli_{}", "a".repeat(LONGEST));
        for link in [
            "",
            "..",
            "aB-9_",
            "sli_a/b",
            "sli_a?b",
            "sli_ä",
            "https://other.example.com/invitations/sli_aB-9_",
            "https://cloud.example.com:8443/invitations/sli_aB-9_",
            "https://cloud.example.com/slipway/invitations/sli_aB-9_",
            "https://cloud.example.com/invitations/",
            &long,
        ] {
            let problem = of(link).unwrap_err();
            assert_eq!(problem.code, ErrorCode::InvalidInput, "{link}");
        }
    }

    #[test]
    fn a_link_to_this_machine_is_taken_by_whatever_name() {
        let server: ServerAddress = "http://localhost:8787".parse().unwrap();
        let of = |at: &str| token_of(&format!("{at}/invitations/sli_a"), Some(&server)).is_ok();
        for at in [
            "http://localhost:8787",
            "http://127.0.0.1:8787",
            "http://[::1]:8787",
        ] {
            assert!(of(at), "{at}");
        }
        for at in [
            "http://127.0.0.1:8788",
            "https://localhost:8787",
            "http://192.0.2.1:8787",
        ] {
            assert!(!of(at), "{at}");
        }
    }
}
