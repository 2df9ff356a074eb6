//! The cloud, as far as this machine uses it. Nothing else of Slipway needs it, and nothing waits for it.
//!
//! It opens no database: who is signed in is in a file of its own, so that neither a snapshot nor an
//! import signs anybody in or out.

mod account;
mod audit;
mod factors;
mod invitations;
mod kept;
mod keys;
mod members;
mod organizations;
mod problem;
mod server;
mod sign_in;
mod sign_out;
mod under_way;
mod who;

use std::sync::Arc;

use slipway_agent::ports::clock::Clock;
use slipway_cloud_client::{Client, CloudError, Session};
use slipway_contract::Problem;
use slipway_runner::system::SystemClock;

use self::kept::KeptFile;
use self::under_way::UnderWay;
use crate::Home;
use crate::secrets::Keys;

pub use self::sign_in::{BrowserSignIn, CodeSignIn};
pub use slipway_cloud_client::Program;

/// The cloud, as who is signed in on this machine.
#[derive(Clone)]
pub struct Cloud {
    client: Client,
    kept: Arc<KeptFile>,
    clock: Arc<dyn Clock>,
    under_way: UnderWay,
}

impl Cloud {
    /// The cloud of this home, whose sign-in is kept beside these keys. It asks nobody for anything yet.
    #[must_use]
    pub fn of(home: &Home, keys: &Keys) -> Self {
        let folder = home.cloud();
        let session = Session::new(keys.vault(), folder.join("lock"));
        Self {
            client: Client::new(Arc::new(session)),
            kept: Arc::new(KeptFile::new(folder.join("account.json"))),
            clock: Arc::new(SystemClock::default()),
            under_way: UnderWay::default(),
        }
    }

    /// What came of a request. A sign-in that turned out to be over is no longer shown.
    async fn asked<T>(
        &self,
        work: impl Future<Output = Result<T, CloudError>>,
    ) -> Result<T, Problem> {
        let error = match work.await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let is_over = match &error {
            CloudError::NotSignedIn => self.kept.signed_out(false),
            CloudError::Ended { .. } => self.kept.signed_out(true),
            _ => Ok(()),
        };
        if let Err(problem) = is_over {
            tracing::warn!(%problem, "that nobody is signed in any more could not be kept");
        }
        Err(problem::told(&error))
    }
}
