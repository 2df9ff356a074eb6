//! What an operator does to accounts, on the server's own machine: through the database, so also while the
//! server runs. All of it is in the audit log.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use slipway_contract::Secret;
use slipway_contract::cloud::{Email, Line, ProblemCode};

use crate::audit::{self, Event};
use crate::database::Transaction;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::mail;
use crate::people::{end, factors, letters, register};
use crate::server::Server;
use crate::tables::accounts;

/// How the audit log names who runs the server.
pub const ACTOR: &str = "operator";
/// Why sessions end that an operator ends.
const ENDED: &str = "ended by who runs this server";

/// An operator at work.
#[derive(Debug)]
pub struct Operator<'a> {
    server: &'a Server,
    pub(crate) origin: Origin,
}

/// A new account.
#[derive(Debug)]
pub struct NewAccount {
    /// Where mail goes. It is not asked whether it reaches the person.
    pub email: Email,
    /// How others see them.
    pub name: Line<100>,
    /// Their password.
    pub password: Secret,
    /// Whether they run this server.
    pub is_operator: bool,
}

fn unknown(email: &Email) -> Failure {
    let detail = format!(
        "There is no account with the address {email}. `slipway-cloud admin list` shows those that there are."
    );
    Failure::new(ProblemCode::NotFound, detail)
}

impl<'a> Operator<'a> {
    /// On this server.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new(server: &'a Server) -> Result<Self, Failure> {
        let request = server.chance.id(server.clock.now())?;
        let origin = Origin {
            address: String::new(),
            agent: String::new(),
            request: request.simple().to_string(),
        };
        Ok(Self { server, origin })
    }

    /// Adds what they did to the audit log.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn record(
        &self,
        on: &impl ConnectionTrait,
        action: &str,
        account: Option<&accounts::Model>,
        detail: Option<Value>,
    ) -> Result<(), Failure> {
        let event = Event {
            action,
            actor: ACTOR,
            account: account.map(accounts::Model::id),
            organization: None,
            target: account.map(|account| account.id.to_string()),
            detail,
        };
        audit::record(self.server, on, &self.origin, event).await
    }

    /// Does something to the account of an address; what that gives.
    async fn change<T, F>(
        &self,
        email: &Email,
        work: impl Fn(Transaction, accounts::Model) -> F + Sync,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let work = &work;
        self.server
            .database
            .write(|on| async move {
                let account = accounts::find_by_email(&on, email).await?;
                work(on, account.ok_or_else(|| unknown(email))?).await
            })
            .await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// When its address has one, or the password is not taken; the database's.
    pub async fn create(&self, new: &NewAccount) -> Result<(), Failure> {
        let passwords = &self.server.people.passwords;
        passwords.check(&new.password, &[new.email.as_str(), new.name.as_str()])?;
        let hash = passwords.hash(&*self.server.chance, &new.password).await?;
        let account = accounts::Model {
            is_operator: new.is_operator,
            ..register::make(self.server, &new.email, &new.name, Some(hash))?
        };
        let account = &account;
        self.server
            .database
            .write(|on| async move {
                if accounts::find_by_email(&on, &new.email).await?.is_some() {
                    let detail = format!(
                        "There is an account with the address {} already.",
                        new.email
                    );
                    return Err(Failure::new(ProblemCode::Conflict, detail));
                }
                register::insert(&on, account).await?;
                let detail = json!({"operator": account.is_operator});
                self.record(&on, "account.created", Some(account), Some(detail))
                    .await
            })
            .await
    }

    /// Makes somebody one who runs this server, or no more; whether that changed anything.
    ///
    /// # Errors
    /// When there is no such account; the database's.
    pub async fn set_operator(&self, email: &Email, is_operator: bool) -> Result<bool, Failure> {
        self.change(email, |on, account| async move {
            if account.is_operator == is_operator {
                return Ok(false);
            }
            accounts::set_operator(&on, account.id(), is_operator).await?;
            let action = if is_operator {
                "account.promoted"
            } else {
                "account.demoted"
            };
            self.record(&on, action, Some(&account), None).await?;
            Ok(true)
        })
        .await
    }

    /// Suspends an account and ends all that goes on for it; whether it was not suspended yet. Its API keys cannot be
    /// used until it is restored.
    ///
    /// # Errors
    /// When there is no such account; the database's.
    pub async fn suspend(&self, email: &Email) -> Result<bool, Failure> {
        let now = self.server.clock.now();
        self.change(email, |on, account| async move {
            if account.suspended_at.is_some() {
                return Ok(false);
            }
            accounts::set_suspended(&on, account.id(), Some(now)).await?;
            end::all(&on, account.id(), None, ENDED, now).await?;
            self.record(&on, "account.suspended", Some(&account), None)
                .await?;
            Ok(true)
        })
        .await
    }

    /// Ends a suspension; whether there was one.
    ///
    /// # Errors
    /// When there is no such account; the database's.
    pub async fn restore(&self, email: &Email) -> Result<bool, Failure> {
        self.change(email, |on, account| async move {
            if account.suspended_at.is_none() {
                return Ok(false);
            }
            accounts::set_suspended(&on, account.id(), None).await?;
            self.record(&on, "account.restored", Some(&account), None)
                .await?;
            Ok(true)
        })
        .await
    }

    /// Ends all that goes on for somebody: their sessions, and what was begun in them.
    ///
    /// # Errors
    /// When there is no such account; the database's.
    pub async fn sign_out(&self, email: &Email) -> Result<(), Failure> {
        let now = self.server.clock.now();
        self.change(email, |on, account| async move {
            end::all(&on, account.id(), None, ENDED, now).await?;
            accounts::forget_browsers(&on, account.id()).await?;
            self.record(&on, "sessions.ended", Some(&account), None)
                .await
        })
        .await
    }

    /// Takes every second factor of somebody away, ends their sessions and tells them; whether there was one.
    /// That they are who they say is for the operator to find out.
    ///
    /// # Errors
    /// When there is no such account; the database's.
    pub async fn reset_second_factor(&self, email: &Email) -> Result<bool, Failure> {
        let now = self.server.clock.now();
        self.change(email, |on, account| async move {
            if !factors::of(&on, account.id()).await?.any() {
                return Ok(false);
            }
            factors::take_away(&on, account.id()).await?;
            end::all(&on, account.id(), None, ENDED, now).await?;
            self.record(&on, "second-factor.reset", Some(&account), None)
                .await?;
            let letter = letters::factors_taken_away(self.server, &account)?;
            mail::post(self.server, &on, &letter).await?;
            Ok(true)
        })
        .await
    }

    /// Ends all that goes on for everybody.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out_everybody(&self) -> Result<(), Failure> {
        let now = self.server.clock.now();
        self.server
            .database
            .write(|on| async move {
                end::everybody(&on, ENDED, now).await?;
                accounts::forget_all_browsers(&on).await?;
                let detail = json!({"of": "everybody"});
                self.record(&on, "sessions.ended", None, Some(detail)).await
            })
            .await
    }
}
