//! An organization with people of every role, and with one of everything that has an id.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use slipway_cloud::clock::Moment;
use slipway_cloud::database::Transaction;
use slipway_cloud::failure::Failure;
use slipway_cloud::seal::fingerprint;
use slipway_cloud::server::Server;
use slipway_cloud::tables::{accounts, api_keys, invitations, memberships, passkeys, sessions};
use slipway_cloud::tokens::access;
use slipway_contract::cloud::{AccountId, OrganizationId, Role, Scope, SessionId};
use uuid::Uuid;

use super::rows::{insert_agent, insert_key, insert_less, insert_organization, key_row, session};
pub(super) use crate::kit::Archive;
use crate::kit::{Cloud, rand_bytes};

/// A key.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub id: Uuid,
    pub secret: String,
}

/// Somebody with an account, a session, keys and an agent of their own.
#[derive(Debug, Clone)]
pub(super) struct Resident {
    pub id: AccountId,
    pub session: SessionId,
    pub access: String,
    /// With all scopes.
    pub key: Key,
    pub agent: Uuid,
    pub passkey: Uuid,
    less: Vec<(Scope, Key)>,
}

impl Resident {
    /// A key with all scopes but this one.
    pub(super) fn less_key(&self, scope: Option<Scope>) -> String {
        less(&self.less, scope)
    }
}

fn less(keys: &[(Scope, Key)], scope: Option<Scope>) -> String {
    let scope = scope.unwrap_or(Scope::ReadAccount);
    let found = keys.iter().find(|(without, _)| *without == scope);
    found.expect("one for each scope").1.secret.clone()
}

/// An organization, all who have to do with it, and some who have not.
#[derive(Debug, Clone)]
pub(super) struct Tenant {
    pub organization: OrganizationId,
    pub owner: Resident,
    pub admin: Resident,
    pub member: Resident,
    pub viewer: Resident,
    pub removed: Resident,
    pub suspended: Resident,
    /// The owner of another organization.
    pub stranger: Resident,
    /// Of no organization, and invited into this one.
    pub loner: Resident,
    /// A token of a session of the owner's that is over.
    pub ended: String,
    /// A token of a session of the owner's that goes on since yesterday.
    pub of_long_ago: String,
    /// With all scopes.
    pub key: Key,
    less: Vec<(Scope, Key)>,
    pub other_key: Key,
    pub revoked_key: String,
    pub expired_key: String,
    pub agent: Uuid,
    pub invitation: Uuid,
    pub token: String,
    pub archive: Archive,
}

fn id(server: &Server) -> Uuid {
    server.chance.id(server.clock.now()).expect("an id")
}

fn new_key(server: &Server) -> Key {
    let secret = Uuid::from_bytes(rand_bytes()).simple();
    Key {
        id: id(server),
        secret: format!("slk_{secret}"),
    }
}

fn new_less(server: &Server) -> Vec<(Scope, Key)> {
    let scopes = Scope::ALL.iter();
    scopes.map(|scope| (*scope, new_key(server))).collect()
}

impl Resident {
    async fn new(server: &Server) -> Self {
        let (account, session) = (AccountId(id(server)), SessionId(id(server)));
        let access = access::sign(server, account, session, "slipway-desktop").await;
        Self {
            id: account,
            session,
            access: access.expect("a token"),
            key: new_key(server),
            agent: id(server),
            passkey: id(server),
            less: new_less(server),
        }
    }

    async fn insert(
        &self,
        on: &Transaction,
        now: Moment,
        archive: &Archive,
    ) -> Result<(), Failure> {
        let email = format!("{}@example.com", self.id);
        let account = accounts::Model {
            id: self.id.0,
            email: email.clone(),
            email_key: email,
            email_verified_at: Some(now),
            name: "Ada".to_owned(),
            password_hash: None,
            is_operator: false,
            suspended_at: None,
            revision: 1,
            browser_marks: 1,
            created_at: now,
        };
        accounts::insert(on, account).await?;
        sessions::insert(on, session(self.session, self.id, now)).await?;
        let passkey = passkeys::Model {
            id: self.passkey,
            account_id: self.id.0,
            credential_id: rand_bytes::<16>().to_vec(),
            credential: String::new(),
            name: "a test".to_owned(),
            revision: 1,
            created_at: now,
            last_used_at: None,
        };
        passkeys::insert(on, passkey).await?;
        let whose = (Some(self.id.0), None);
        insert_key(on, &self.key, whose, self.id, Scope::ALL, now).await?;
        insert_less(on, &self.less, whose, self.id, now).await?;
        insert_agent(on, self.agent, None, Some(self.id.0), archive, now).await
    }
}

/// The session that a token is of.
fn session_of(token: &str) -> SessionId {
    let claims = token.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    let claims: access::Claims = serde_json::from_slice(&claims).expect("claims");
    claims.sid
}

impl Tenant {
    /// Writes a new one, all at once.
    pub(super) async fn new(cloud: &Cloud) -> Self {
        let server = &cloud.server;
        let tenant = Self::planned(server).await;
        let this = &tenant;
        let written = server
            .database
            .write(|on| async move { this.insert(server, &on).await });
        written.await.expect("a tenant");
        tenant
    }

    async fn planned(server: &Server) -> Self {
        let owner = Resident::new(server).await;
        let ended = SessionId(id(server));
        let ended_access = access::sign(server, owner.id, ended, "slipway-desktop").await;
        let long_ago = SessionId(id(server));
        let of_long_ago = access::sign(server, owner.id, long_ago, "slipway-desktop").await;
        Self {
            organization: OrganizationId(id(server)),
            admin: Resident::new(server).await,
            member: Resident::new(server).await,
            viewer: Resident::new(server).await,
            removed: Resident::new(server).await,
            suspended: Resident::new(server).await,
            stranger: Resident::new(server).await,
            loner: Resident::new(server).await,
            owner,
            ended: ended_access.expect("a token"),
            of_long_ago: of_long_ago.expect("a token"),
            key: new_key(server),
            less: new_less(server),
            other_key: new_key(server),
            revoked_key: new_key(server).secret,
            expired_key: new_key(server).secret,
            agent: id(server),
            invitation: id(server),
            token: format!("sli_{}", Uuid::from_bytes(rand_bytes()).simple()),
            archive: Archive::saying(&id(server).to_string()),
        }
    }

    /// The same people, with ids of everything that are nobody's.
    pub(super) fn nowhere(of: &Self) -> Self {
        let random = || Uuid::from_bytes(rand_bytes());
        let mut nowhere = of.clone();
        nowhere.organization = OrganizationId(random());
        nowhere.member.id = AccountId(random());
        for person in nowhere.people_mut() {
            (person.agent, person.key.id) = (random(), random());
            (person.session, person.passkey) = (SessionId(random()), random());
        }
        nowhere.key.id = random();
        nowhere.agent = random();
        nowhere.invitation = random();
        nowhere.token = format!("sli_{}", random().simple());
        nowhere.archive = Archive::saying(&random().to_string());
        nowhere
    }

    fn people_mut(&mut self) -> [&mut Resident; 8] {
        [
            &mut self.owner,
            &mut self.admin,
            &mut self.member,
            &mut self.viewer,
            &mut self.removed,
            &mut self.suspended,
            &mut self.stranger,
            &mut self.loner,
        ]
    }

    pub(super) fn people(&self) -> [&Resident; 8] {
        [
            &self.owner,
            &self.admin,
            &self.member,
            &self.viewer,
            &self.removed,
            &self.suspended,
            &self.stranger,
            &self.loner,
        ]
    }

    /// A key of the organization with all scopes but this one.
    pub(super) fn less_key(&self, scope: Option<Scope>) -> String {
        less(&self.less, scope)
    }

    async fn insert(&self, server: &Server, on: &Transaction) -> Result<(), Failure> {
        let now = server.clock.now();
        for person in self.people() {
            person.insert(on, now, &self.archive).await?;
        }
        accounts::set_suspended(on, self.suspended.id, Some(now)).await?;
        insert_organization(on, self.organization, now).await?;
        for (person, role) in [
            (&self.owner, Role::Owner),
            (&self.admin, Role::Admin),
            (&self.member, Role::Member),
            (&self.viewer, Role::Viewer),
            (&self.suspended, Role::Admin),
        ] {
            memberships::insert(on, self.organization, person.id, role, now).await?;
        }
        let other = OrganizationId(id(server));
        insert_organization(on, other, now).await?;
        memberships::insert(on, other, self.stranger.id, Role::Owner, now).await?;
        let whose = (None, Some(other.0));
        insert_key(
            on,
            &self.other_key,
            whose,
            self.stranger.id,
            Scope::ALL,
            now,
        )
        .await?;
        let mut long_ago = session(session_of(&self.of_long_ago), self.owner.id, now);
        long_ago.signed_in_at = now.plus_seconds(-24 * 3600);
        sessions::insert(on, long_ago).await?;
        self.insert_void(server, on, now).await?;
        let whose = (None, Some(self.organization.0));
        insert_key(on, &self.key, whose, self.owner.id, Scope::ALL, now).await?;
        insert_less(on, &self.less, whose, self.owner.id, now).await?;
        insert_agent(on, self.agent, whose.1, None, &self.archive, now).await?;
        let email = format!("{}@example.com", self.loner.id);
        let invitation = invitations::Model {
            id: self.invitation,
            organization_id: self.organization.0,
            email: email.clone(),
            email_key: email,
            role: "member".to_owned(),
            hash: fingerprint(&self.token).to_vec(),
            invited_by: Some(self.owner.id.0),
            sent: 1,
            expires_at: now.plus_seconds(3600),
            closed_at: None,
            outcome: None,
            created_at: now,
        };
        Ok(invitations::insert(on, invitation).await?)
    }

    /// What is over: a session, and two keys that had all scopes.
    async fn insert_void(
        &self,
        server: &Server,
        on: &Transaction,
        now: Moment,
    ) -> Result<(), Failure> {
        let mut ended = session(session_of(&self.ended), self.owner.id, now);
        ended.revoked_at = Some(now);
        sessions::insert(on, ended).await?;
        for (secret, is_revoked) in [(&self.revoked_key, true), (&self.expired_key, false)] {
            let key = Key {
                id: id(server),
                secret: secret.clone(),
            };
            let mut row = key_row(
                &key,
                (None, Some(self.organization.0)),
                self.owner.id,
                Scope::ALL,
                now,
            );
            if is_revoked {
                row.revoked_at = Some(now);
            } else {
                row.expires_at = Some(now);
            }
            api_keys::insert(on, row).await?;
        }
        Ok(())
    }
}
