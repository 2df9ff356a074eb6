//! Programs without a browser: somebody lets them in from another device (RFC 8628).

use slipway_contract::Secret;
use slipway_contract::cloud::ProblemCode;

use super::program::Program;
use super::refusal::{Code, Refusal, Refused};
use super::user_code::UserCode;
use super::{DeviceName, LetIn, begun};
use crate::database::Transaction;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::people::browsers::opaque;
use crate::people::end;
use crate::people::failed::{self, Try};
use crate::people::throttle;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::accounts;
use crate::tables::device_requests::{self, State};
use crate::tokens::refresh::{self, Granted, SignIn, Tokens};

/// For how many seconds somebody can let a program in.
pub const SECONDS: i64 = 600;
/// How many seconds a program waits between its questions, and by how many more if it does not.
pub const PAUSE_SECONDS: i64 = 5;

/// A request that has begun.
#[derive(Debug)]
pub struct Begun {
    /// What the program asks with.
    pub device_code: Secret,
    /// What a person types.
    pub user_code: UserCode,
}

/// Begins a request of a program's.
///
/// # Errors
/// The database's.
pub async fn begin(
    server: &Server,
    program: Program,
    device: Option<&DeviceName>,
    origin: &Origin,
) -> Result<Begun, Failure> {
    let now = server.clock.now();
    let device_code = &opaque(&*server.chance)?;
    let device = device.map_or("", |name| name.as_str());
    let user_code = server
        .database
        .write(|on| async move {
            let user_code = unused(server, &on).await?;
            let row = device_requests::Model {
                hash: fingerprint(device_code.expose()).to_vec(),
                user_code: user_code.mark(server).to_vec(),
                client: program.id().to_owned(),
                device: device.to_owned(),
                address: origin.address.clone(),
                asked_at: now,
                expires_at: now.plus_seconds(SECONDS),
                polled_at: None,
                pause: PAUSE_SECONDS,
                account_id: None,
                session_id: None,
                signed_in_at: None,
                denied_at: None,
            };
            device_requests::insert(&on, row).await?;
            Ok(user_code)
        })
        .await?;
    Ok(Begun {
        device_code: device_code.clone(),
        user_code,
    })
}

/// A code that no request has.
async fn unused(server: &Server, on: &Transaction) -> Result<UserCode, Failure> {
    loop {
        let code = UserCode::draw(&*server.chance)?;
        let taken = device_requests::find_by_user_code(on, &code.mark(server)).await?;
        if taken.is_none() {
            return Ok(code);
        }
    }
}

/// The request that waits for an answer under this code.
async fn waiting(
    server: &Server,
    on: &impl sea_orm::ConnectionTrait,
    code: &UserCode,
) -> Result<Option<device_requests::Model>, Failure> {
    let now = server.clock.now();
    let row = device_requests::find_by_user_code(on, &code.mark(server)).await?;
    Ok(row.filter(|row| now < row.expires_at && row.state() == State::Waiting))
}

/// Which request has a code that somebody typed. Who types wrong ones is soon told to wait.
///
/// # Errors
/// When it was tried too often; the database's.
pub async fn look(
    server: &Server,
    account: &accounts::Model,
    typed: &str,
    origin: &Origin,
) -> Result<Option<(UserCode, device_requests::Model)>, Failure> {
    let mut limits = vec![(
        format!("device code by {}", account.id),
        throttle::DEVICE_CODES,
    )];
    limits.extend(throttle::by_place(
        "device code",
        &origin.address,
        throttle::ONE_ADDRESS,
    ));
    let tried = Try::own("device code", account.id(), origin);
    failed::take(server, &limits, tried).await?;
    let Some(code) = UserCode::typed(typed) else {
        return Ok(None);
    };
    let row = waiting(server, server.database.read(), &code).await?;
    if row.is_some() {
        throttle::give_back(server, &limits).await?;
    }
    Ok(row.map(|row| (code, row)))
}

/// Lets a program in, or not.
///
/// # Errors
/// When it does not wait any more, or who lets it in is signed out by now; the database's.
pub async fn answer(
    server: &Server,
    code: &UserCode,
    allowed: Option<LetIn>,
) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            let row = waiting(server, &on, code).await?.ok_or_else(|| {
                let detail =
                    "The code was answered, or its time is over. Begin again where it was shown.";
                Failure::new(ProblemCode::Invalid, detail)
            })?;
            match allowed {
                Some(by) => {
                    end::still_going(&on, by.session, now).await?;
                    let LetIn {
                        account,
                        session,
                        signed_in_at,
                    } = by;
                    device_requests::allow(&on, &row.hash, account, session, signed_in_at).await?;
                }
                None => device_requests::deny(&on, &row.hash, now).await?,
            }
            Ok(())
        })
        .await
}

/// Gives a program its tokens once it was let in. A code that is shown again after that has been copied,
/// and what it gave ends.
///
/// # Errors
/// That nobody answered yet, or said no; the database's.
pub async fn poll(
    server: &Server,
    program: Program,
    device_code: &Secret,
    origin: &Origin,
) -> Result<Tokens, Refused> {
    let granted = server
        .database
        .write(|on| async move { state(server, &on, program, device_code, origin).await })
        .await??;
    Ok(granted.signed(server, program.id()).await?)
}

async fn state(
    server: &Server,
    on: &Transaction,
    program: Program,
    device_code: &Secret,
    origin: &Origin,
) -> Result<Result<Granted, Refusal>, Failure> {
    let refused = |code, what| Ok(Err(Refusal::new(code, what)));
    let not_good = "The code is not good: it was used, or is not this program's.";
    let now = server.clock.now();
    let hash = fingerprint(device_code.expose());
    let Some(row) = device_requests::find(on, &hash).await? else {
        refresh::end_begun_by(server, on, device_code, origin).await?;
        return refused(Code::InvalidGrant, not_good);
    };
    if row.client != program.id() {
        return refused(Code::InvalidGrant, not_good);
    }
    if row.expires_at <= now {
        return refused(Code::ExpiredToken, "Nobody answered in time. Begin again.");
    }
    match row.state() {
        State::Waiting => {
            let next = row.polled_at.map(|last| last.plus_seconds(row.pause));
            if next.is_some_and(|next| now < next) {
                device_requests::poll(on, &hash, now, row.pause + PAUSE_SECONDS).await?;
                return refused(
                    Code::SlowDown,
                    "Asked too soon. Wait five seconds longer each time.",
                );
            }
            device_requests::poll(on, &hash, now, row.pause).await?;
            refused(Code::AuthorizationPending, "Nobody answered yet.")
        }
        State::Denied => {
            device_requests::delete(on, &hash).await?;
            refused(Code::AccessDenied, "The program was not let in.")
        }
        State::Allowed {
            account,
            signed_in_at,
        } => {
            device_requests::delete(on, &hash).await?;
            let sign_in = SignIn {
                account,
                client: program.id(),
                device: &row.device,
                address: &row.address,
                signed_in_at,
            };
            let granted =
                begun::begin(server, on, &sign_in, device_code, "device code", origin).await?;
            Ok(granted.ok_or(Refusal::new(Code::InvalidGrant, not_good)))
        }
    }
}
