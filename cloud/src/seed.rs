//! Something of everything, for who works on what the server shows: people of each role, an organization,
//! keys, invitations, and agents with versions. For an empty development database alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ConnectionTrait;
use slipway_agent::package::Files;
use slipway_contract::Secret;
use slipway_contract::cloud::agent::NewSharedAgent;
use slipway_contract::cloud::invitation::NewInvitation;
use slipway_contract::cloud::key::NewApiKey;
use slipway_contract::cloud::{OrganizationId, ProblemCode, Role, Scope};

use crate::admin::Operator;
use crate::config::Environment;
use crate::failure::Failure;
use crate::http::acting::Acting;
use crate::http::caller::Caller;
use crate::package::{self, Received};
use crate::people::register;
use crate::server::Server;
use crate::tables::agents::Shelf;
use crate::tables::api_keys::Holder;
use crate::tables::{accounts, memberships, sessions};
use crate::tokens::refresh::{self, SignIn};
use crate::{agents, api_keys, invitations, organizations};

/// The organization's name.
pub const ORGANIZATION: &str = "Example organization";

/// The people: address, name, and what they are in the organization. The first one runs the server.
pub const PEOPLE: [(&str, &str, Option<Role>); 5] = [
    ("owner@example.com", "Owner", Some(Role::Owner)),
    ("admin@example.com", "Admin", Some(Role::Admin)),
    ("member@example.com", "Member", Some(Role::Member)),
    ("viewer@example.com", "Viewer", Some(Role::Viewer)),
    ("invited@example.com", "Invited", None),
];

/// What somebody needs to go on with.
#[derive(Debug)]
pub struct Seeded {
    /// Everybody's password.
    pub password: Secret,
    /// A key of the owner's, for everything that keys may.
    pub key: Secret,
    /// Where the invited person answers.
    pub invitation: String,
}

macro_rules! example {
    ($name:literal, $title:literal, $($file:literal),+) => {
        Example {
            name: $name,
            title: $title,
            files: &[$(($file, include_str!(concat!("../../examples/", $name, "/", $file)))),+],
        }
    };
}

/// A package of the repository.
struct Example {
    name: &'static str,
    title: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const EXAMPLES: [Example; 3] = [
    example!(
        "changelog-writer",
        "Changelog writer",
        "agent.toml",
        "instructions.md",
        "files/section.md.j2",
        "recordings/example.jsonl",
        "README.md"
    ),
    example!(
        "expense-report",
        "Expense report",
        "agent.toml",
        "instructions.md",
        "files/report.md.j2",
        "recordings/example.jsonl",
        "README.md"
    ),
    example!(
        "link-checker",
        "Link checker",
        "agent.toml",
        "instructions.md",
        "files/report.md.j2",
        "recordings/example.jsonl",
        "README.md"
    ),
];

/// An agent as it will be added: its versions are the package as it was before it had a README, and as it is.
struct Draft {
    new: NewSharedAgent,
    versions: Vec<Received>,
}

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("what a database is filled with: {error}"))
}

async fn draft(example: &Example) -> Result<Draft, Failure> {
    let mut versions = Vec::new();
    for count in [example.files.len() - 1, example.files.len()] {
        let mut entries = Vec::new();
        for (path, text) in &example.files[..count] {
            entries.push((path.parse().map_err(wrong)?, text.as_bytes().into()));
        }
        let archive = Files::from_entries(entries)
            .and_then(|files| files.to_archive())
            .map_err(wrong)?;
        versions.push(package::read(archive.into()).await?);
    }
    let new = NewSharedAgent {
        name: example.name.parse().map_err(wrong)?,
        title: example.title.parse().map_err(wrong)?,
        description: None,
        visibility: None,
    };
    Ok(Draft { new, versions })
}

/// Fills an empty database.
///
/// # Errors
/// In production, and where there are accounts; the database's.
pub async fn seed(server: &Server) -> Result<Seeded, Failure> {
    let refused = |detail: &str| Failure::new(ProblemCode::Conflict, detail);
    if server.config.environment == Environment::Production {
        return Err(refused(
            "This is for development; SLIPWAY_CLOUD_ENVIRONMENT says production.",
        ));
    }
    let password = Secret::new(URL_SAFE_NO_PAD.encode(server.chance.bytes::<15>()?));
    let passwords = &server.people.passwords;
    let hash = &passwords.hash(&*server.chance, &password).await?;
    let mut drafts = Vec::new();
    for example in &EXAMPLES {
        drafts.push(draft(example).await?);
    }
    let drafts = &drafts;
    let (key, token) = server
        .database
        .write(|on| async move {
            if !accounts::list(&on, None, 1).await?.is_empty() {
                return Err(refused(
                    "There are accounts already: only an empty database is filled.",
                ));
            }
            let everybody = people_of(server, &on, hash).await?;
            fill(&on, &everybody, drafts).await
        })
        .await?;
    let url = &server.config.public_url;
    Ok(Seeded {
        password,
        key,
        invitation: format!("{url}/invitations/{token}"),
    })
}

/// The people, each signed in with a program, as who acts.
async fn people_of(
    server: &Server,
    on: &impl ConnectionTrait,
    hash: &str,
) -> Result<Vec<Acting>, Failure> {
    let operator = Operator::new(server)?;
    let mut everybody = Vec::new();
    for (at, (email, name, _)) in PEOPLE.iter().enumerate() {
        let email = email.parse().map_err(wrong)?;
        let name = name.parse().map_err(wrong)?;
        let account = accounts::Model {
            is_operator: at == 0,
            ..register::make(server, &email, &name, Some(hash.to_owned()))?
        };
        register::insert(on, &account).await?;
        operator
            .record(on, "account.created", Some(&account), None)
            .await?;
        let sign_in = SignIn {
            account: account.id(),
            client: "slipway-desktop",
            device: "Example device",
            address: "127.0.0.1",
            signed_in_at: server.clock.now(),
        };
        // Nobody has the tokens of it.
        let code = Secret::new(account.id.to_string());
        let session = refresh::begin(server, on, &sign_in, &code).await?.session;
        let session = sessions::find(on, session).await?;
        let session = session.ok_or_else(|| wrong("a session is gone"))?;
        everybody.push(Acting {
            server: server.clone(),
            caller: Caller::Person { account, session },
            origin: operator.origin.clone(),
        });
    }
    Ok(everybody)
}

/// All else: the owner's key, and what the invitation's mail carries.
async fn fill(
    on: &impl ConnectionTrait,
    everybody: &[Acting],
    drafts: &[Draft],
) -> Result<(Secret, String), Failure> {
    let owner = everybody.first().ok_or_else(|| wrong("nobody is there"))?;
    let now = owner.now();
    let organization = OrganizationId(owner.server.chance.id(now)?);
    let name = ORGANIZATION.parse().map_err(wrong)?;
    organizations::create(owner, on, organization, &name).await?;
    for (acting, (_, _, role)) in everybody.iter().zip(PEOPLE).skip(1) {
        if let Some(role) = role {
            memberships::insert(on, organization, acting.account()?, role, now).await?;
        }
    }
    let token = invitations::token(&owner.server)?;
    for (email, token) in [
        (PEOPLE[4].0, token.clone()),
        ("newcomer@example.com", invitations::token(&owner.server)?),
    ] {
        let new = NewInvitation {
            email: email.parse().map_err(wrong)?,
            role: Role::Member,
        };
        let id = owner.server.chance.id(now)?;
        invitations::create(owner, on, organization, &new, id, &token).await?;
    }
    let own = Holder::Person(owner.account()?);
    let key = |name: &str, scopes: &[Scope], days| {
        let name = name.parse().map_err(wrong)?;
        let scopes = scopes.to_vec();
        Ok::<_, Failure>(NewApiKey { name, scopes, days })
    };
    let made = api_keys::create(owner, on, own, &key("Everything", Scope::ALL, None)?).await?;
    let reads = [Scope::ReadAgents, Scope::ReadMembers];
    for (name, days) in [("Reads the members", 30), ("Reads the agents", 365)] {
        let new = key(name, &reads, Some(days))?;
        api_keys::create(owner, on, Holder::Organization(organization), &new).await?;
    }
    let shared = Shelf::Organization(organization, Some(owner.account()?));
    for draft in drafts {
        add(owner, on, shared, draft).await?;
        for acting in everybody {
            add(acting, on, Shelf::Person(acting.account()?), draft).await?;
        }
    }
    Ok((Secret::new(made.secret), token))
}

async fn add(
    acting: &Acting,
    on: &impl ConnectionTrait,
    shelf: Shelf,
    draft: &Draft,
) -> Result<(), Failure> {
    let agent = agents::create(acting, on, shelf, &draft.new).await?;
    for version in &draft.versions {
        let row = agents::find(on, shelf, agent.id).await?;
        let id = acting.server.chance.id(acting.now())?;
        agents::add_version(acting, on, row, version, id).await?;
    }
    Ok(())
}
