//! Signing in with an account at another service (OAuth 2.0, with state and PKCE).
//!
//! An account here is opened by the service's own id for a person, never by an address alone. An address
//! that has an account here is connected only by who is signed in to it, so that nobody gets into it, or
//! lies in wait in it, with an account elsewhere.

mod github;
mod google;
mod http;

pub(super) use self::http::client as new_client;

use oauth2::basic::BasicErrorResponse;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use slipway_contract::Secret;
use slipway_contract::cloud::{AccountId, Email, Line, ProblemCode, SessionId};

use super::browsers::opaque;
use super::enter::{self, From, Step};
use super::failed::Try;
use super::tickets::{self, Purpose, Whose};
use super::{end, events, register};
use crate::database::is_duplicate;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::server::Server;
use crate::tables::{accounts, identities};

const ASKED: Purpose = Purpose::new("sign-in at another service", 600);

/// A service that people may sign in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// GitHub.
    Github,
    /// Google.
    Google,
}

impl Provider {
    /// All.
    pub const ALL: &[Self] = &[Self::Github, Self::Google];

    /// As paths and tables write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Google => "google",
        }
    }

    /// As people write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Google => "Google",
        }
    }

    /// The one that is written so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|each| each.as_str() == name)
    }
}

/// What an operator was given by a service, and where it is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// Where people are sent.
    pub authorize_url: String,
    /// Where a code is exchanged.
    pub token_url: String,
    /// Where the service tells of a person; of Google, whose tokens tell it, where it tells with which keys it signs.
    pub api_url: String,
}

impl Settings {
    /// GitHub itself.
    #[must_use]
    pub fn github(client_id: &str, client_secret: Secret) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret,
            authorize_url: "https://github.com/login/oauth/authorize".to_owned(),
            token_url: "https://github.com/login/oauth/access_token".to_owned(),
            api_url: "https://api.github.com".to_owned(),
        }
    }

    /// Google itself.
    #[must_use]
    pub fn google(client_id: &str, client_secret: Secret) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret,
            authorize_url: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
            api_url: "https://www.googleapis.com/oauth2/v3".to_owned(),
        }
    }
}

/// Whom a service says that it is.
#[derive(Debug)]
struct Profile {
    /// Its own id for them, for good.
    subject: String,
    /// Their address, if the service says that it reaches them.
    email: Option<Email>,
    /// Their name.
    name: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    provider: Provider,
    verifier: String,
    nonce: String,
    next: String,
    mark: [u8; 32],
    /// Who wants to connect it, where somebody does.
    connects: Option<AccountId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct IdToken {
    id_token: Option<String>,
}

impl oauth2::ExtraTokenFields for IdToken {}

type Answer = oauth2::StandardTokenResponse<IdToken, oauth2::basic::BasicTokenType>;
type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    oauth2::EndpointSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointSet,
>;

fn broken(provider: Provider, error: impl std::fmt::Display) -> Failure {
    Failure::Internal(format!("{}: {error}", provider.title()))
}

/// The service cannot be asked now.
fn silent(provider: Provider, error: impl std::fmt::Display) -> Failure {
    tracing::warn!(%error, provider = provider.as_str(), "another service does not answer as it should");
    let detail = format!(
        "{} does not answer as it should. Try again in a moment.",
        provider.title()
    );
    Failure::later(ProblemCode::Unavailable, detail, 5)
}

fn refused(detail: &str) -> Failure {
    Failure::new(ProblemCode::Invalid, detail)
}

fn settings(server: &Server, provider: Provider) -> Result<&Settings, Failure> {
    let settings = &server.config.people;
    let known = match provider {
        Provider::Github => settings.github.as_ref(),
        Provider::Google => settings.google.as_ref(),
    };
    known.ok_or_else(|| Failure::not_found("service to sign in with"))
}

/// The services that people may sign in with here, and the origin where each is.
#[must_use]
pub fn available(server: &Server) -> Vec<(Provider, String)> {
    let known = |provider: &Provider| {
        let url: url::Url = settings(server, *provider)
            .ok()?
            .authorize_url
            .parse()
            .ok()?;
        Some((*provider, url.origin().ascii_serialization()))
    };
    Provider::ALL.iter().filter_map(known).collect()
}

fn client(server: &Server, provider: Provider) -> Result<Client, Failure> {
    let settings = settings(server, provider)?;
    let url = |error: url::ParseError| broken(provider, error);
    let back = format!(
        "{}/sign-in/{}/back",
        server.config.public_url,
        provider.as_str()
    );
    Ok(
        oauth2::Client::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(settings.client_secret.expose().clone()))
            // GitHub reads the secret in the body alone; both take it there.
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(settings.authorize_url.clone()).map_err(url)?)
            .set_token_uri(TokenUrl::new(settings.token_url.clone()).map_err(url)?)
            .set_redirect_uri(RedirectUrl::new(back).map_err(url)?),
    )
}

/// Where a browser goes to sign in, and afterwards to this path; or to connect an account, in a session of it.
///
/// # Errors
/// When the service is not set up; the database's.
pub async fn begin(
    server: &Server,
    provider: Provider,
    next: &str,
    mark: [u8; 32],
    connects: Option<(AccountId, SessionId)>,
) -> Result<String, Failure> {
    let client = client(server, provider)?;
    let verifier = opaque(&*server.chance)?.expose().clone();
    let nonce = opaque(&*server.chance)?.expose().clone();
    let asked = Asked {
        provider,
        verifier,
        nonce,
        next: next.to_owned(),
        mark,
        connects: connects.map(|(account, _)| account),
    };
    let about = &asked;
    let whose = connects.map_or(Whose::Nobodys, |(account, session)| {
        Whose::BegunIn(account, session)
    });
    let state = server
        .database
        .write(|on| async move { tickets::issue(server, &on, ASKED, whose, about).await })
        .await?;
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
        asked.verifier.clone(),
    ));
    let scopes: &[&str] = match provider {
        Provider::Github => &["read:user", "user:email"],
        Provider::Google => &["openid", "email", "profile"],
    };
    let request = client
        .authorize_url(|| CsrfToken::new(state.expose().clone()))
        .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
        .set_pkce_challenge(challenge);
    let request = match provider {
        Provider::Github => request,
        Provider::Google => request.add_extra_param("nonce", asked.nonce),
    };
    Ok(request.url().0.into())
}

/// What a service sends a browser back with.
#[derive(Debug)]
pub struct Back<'a> {
    /// Which service.
    pub provider: Provider,
    /// What we gave along.
    pub state: &'a str,
    /// With which the service tells us who it is; none where the person said no.
    pub code: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// They go on signing in, and from there to this path.
    Step(Step, String),
    /// The service is connected to their account.
    Connected,
}

/// Goes on with who comes back from a service.
///
/// # Errors
/// When the browser did not go there from here, the service names nobody, or their address has an account
/// that they are not signed in to; the database's.
pub async fn back(server: &Server, back: &Back<'_>, from: From<'_>) -> Result<Outcome, Failure> {
    let provider = back.provider;
    let asked = server
        .database
        .write(|on| async move { tickets::take::<Asked>(server, &on, ASKED, back.state).await })
        .await?;
    let asked = asked.map(|found| found.about);
    let asked = asked.filter(|asked| asked.provider == provider && asked.mark == from.mark);
    let asked = asked.ok_or_else(|| {
        refused("This sign-in did not begin in this browser, or took too long. Begin again.")
    })?;
    let connects = match asked.connects {
        Some(account) => {
            let signed_in = from.before.filter(|(signed_in, _)| *signed_in == account);
            Some(signed_in.ok_or_else(|| {
                refused(
                    "You are not signed in any more with the account that you wanted to connect.",
                )
            })?)
        }
        None => None,
    };
    let Some(code) = back.code else {
        return Err(refused("The other service did not let you in."));
    };
    let profile = ask(server, &asked, code).await?;
    if let Some(connects) = connects {
        connect(server, provider, &profile, connects, from.origin).await?;
        return Ok(Outcome::Connected);
    }
    let step = sign_in(server, provider, &profile, from).await?;
    Ok(Outcome::Step(step, asked.next))
}

async fn ask(server: &Server, asked: &Asked, code: &str) -> Result<Profile, Failure> {
    let provider = asked.provider;
    let client = client(server, provider)?;
    let http = server.people.http.clone();
    let send = move |request| {
        let http = http.clone();
        async move { http::send(&http, request).await }
    };
    let answer: Answer = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(asked.verifier.clone()))
        .request_async(&send)
        .await
        .map_err(|error| silent(provider, error))?;
    let settings = settings(server, provider)?;
    match provider {
        Provider::Github => github::profile(&server.people.http, settings, &answer).await,
        Provider::Google => {
            let (http, now) = (&server.people.http, server.clock.now());
            google::profile(http, settings, &answer, &asked.nonce, now).await
        }
    }
}

async fn sign_in(
    server: &Server,
    provider: Provider,
    profile: &Profile,
    from: From<'_>,
) -> Result<Step, Failure> {
    server
        .database
        .write(|on| async move {
            let known = identities::find(&on, provider.as_str(), &profile.subject).await?;
            if let Some(known) = known {
                let account = accounts::find(&on, AccountId(known.account_id)).await?;
                let account = account.ok_or_else(|| Failure::not_found("account"))?;
                return enter::after_first(server, &on, &account, from, provider.as_str()).await;
            }
            let Some(email) = &profile.email else {
                return Err(refused("The other service does not say that your e-mail address is yours. Confirm it there first."));
            };
            if let Some(there) = accounts::find_by_email(&on, email).await? {
                let title = provider.title();
                let detail = format!("There is an account with your address already. Sign in to it as you did before, then connect {title} on its page.");
                let tried = Try::strangers(provider.as_str(), Some(there.id()), from.origin);
                tried.sign_in(server, &on, "it is not connected").await?;
                return Ok(Step::Shut(Failure::new(ProblemCode::Conflict, detail)));
            }
            let named = profile.name.as_deref().and_then(|name| name.parse::<Line<100>>().ok());
            let local = email.as_str().split('@').next().unwrap_or_default().parse().ok();
            let name = named.or(local).ok_or_else(|| refused("The other service gives no name."))?;
            let account = register::make(server, email, &name, None)?;
            register::insert(&on, &account).await?;
            keep(server, &on, provider, profile, account.id()).await?;
            let detail = Some(json!({"by": provider.as_str()}));
            events::record(server, &on, from.origin, &account, "account.created", None, detail).await?;
            enter::enter(server, &on, &account, from, provider.as_str()).await
        })
        .await
}

async fn keep(
    server: &Server,
    on: &impl sea_orm::ConnectionTrait,
    provider: Provider,
    profile: &Profile,
    account: AccountId,
) -> Result<(), Failure> {
    let row = identities::Model {
        provider: provider.as_str().to_owned(),
        subject: profile.subject.clone(),
        account_id: account.0,
        email: profile
            .email
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        created_at: server.clock.now(),
    };
    Ok(identities::insert(on, row).await?)
}

async fn connect(
    server: &Server,
    provider: Provider,
    profile: &Profile,
    (account, session): (AccountId, SessionId),
    origin: &Origin,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            // The service was asked meanwhile, and the person may have signed everybody out.
            end::still_going(&on, session, now).await?;
            let account = accounts::find(&on, account).await?;
            let account = account.ok_or_else(|| Failure::not_found("account"))?;
            match identities::find(&on, provider.as_str(), &profile.subject).await? {
                Some(known) if known.account_id == account.id => return Ok(()),
                Some(_) => return Err(elsewhere()),
                None => {}
            }
            identities::delete(&on, account.id(), provider.as_str()).await?;
            keep(server, &on, provider, profile, account.id())
                .await
                .map_err(|failure| match failure {
                    Failure::Database(error) if is_duplicate(&error) => elsewhere(),
                    other => other,
                })?;
            let what = format!(
                "{} was connected. It signs you in from now on.",
                provider.title()
            );
            events::record_and_tell(server, &on, origin, &account, "identity.connected", &what)
                .await
        })
        .await
}

fn elsewhere() -> Failure {
    let detail = "That account is connected to another account here already.";
    Failure::new(ProblemCode::Conflict, detail)
}

/// Disconnects a service from an account.
///
/// # Errors
/// When it is not connected; the database's.
pub async fn disconnect(
    server: &Server,
    provider: Provider,
    account: &accounts::Model,
    origin: &Origin,
) -> Result<(), Failure> {
    server
        .database
        .write(|on| async move {
            if !identities::delete(&on, account.id(), provider.as_str()).await? {
                return Err(Failure::not_found("connected service"));
            }
            let what = format!("{} was disconnected.", provider.title());
            events::record_and_tell(server, &on, origin, account, "identity.disconnected", &what)
                .await
        })
        .await
}
