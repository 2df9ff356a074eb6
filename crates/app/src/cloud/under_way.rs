//! The sign-in that the window began. It goes on by itself: the window may show another page meanwhile, or
//! begin anew, and learns what came of it when it asks.

use std::sync::{Arc, Mutex, PoisonError};

use slipway_cloud_client::Program;
use slipway_contract::account::{BegunSignIn, Who};
use slipway_contract::{ErrorCode, Problem};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::Cloud;

/// What came of it, once something did.
type Outcome = Option<Result<Who, Problem>>;

/// The newest one.
#[derive(Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<Option<Begun>>>);

struct Begun {
    shown: BegunSignIn,
    outcome: watch::Receiver<Outcome>,
    task: AbortHandle,
}

impl UnderWay {
    fn with<T>(&self, work: impl FnOnce(&mut Option<Begun>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Goes on with this one in the place of the one before, which ends.
    fn begin(
        &self,
        shown: BegunSignIn,
        work: impl Future<Output = Result<Who, Problem>> + Send + 'static,
    ) {
        let (tell, outcome) = watch::channel(None);
        let task = tokio::spawn(async move {
            let _ = tell.send(Some(work.await));
        });
        let begun = Begun {
            shown,
            outcome,
            task: task.abort_handle(),
        };
        self.with(|there| {
            if let Some(before) = there.replace(begun) {
                before.task.abort();
            }
        });
    }
}

impl Cloud {
    /// Begins to sign in at a server, the known one where none is named: in a browser of this machine, or with
    /// a code in any other. It goes on by itself, and a sign-in that was under way ends.
    ///
    /// # Errors
    /// There is no such server, or it cannot be asked.
    pub async fn begin_sign_in(
        &self,
        server: Option<&str>,
        with_code: bool,
    ) -> Result<BegunSignIn, Problem> {
        let at = self.meant(server)?.to_string();
        let program = Program::Desktop;
        let shown = BegunSignIn {
            server: at,
            url: None,
            code: None,
            problem: None,
        };
        if with_code {
            let flow = self.sign_in_with_code(server, program, None).await?;
            let shown = BegunSignIn {
                code: Some(flow.code().clone()),
                ..shown
            };
            self.under_way.begin(shown.clone(), flow.finish());
            return Ok(shown);
        }
        let flow = self.sign_in(server, program, None).await?;
        let shown = BegunSignIn {
            url: Some(flow.url().to_owned()),
            ..shown
        };
        self.under_way.begin(shown.clone(), flow.finish());
        Ok(shown)
    }

    /// The sign-in that is under way, if one is.
    #[must_use]
    pub fn begun_sign_in(&self) -> Option<BegunSignIn> {
        self.under_way.with(|begun| {
            let begun = begun.as_ref()?;
            let is_over = begun.outcome.borrow().is_some() || begun.task.is_finished();
            (!is_over).then(|| begun.shown.clone())
        })
    }

    /// What comes of the sign-in that is under way, once it ended.
    ///
    /// # Errors
    /// None is under way, it was given up, or it failed.
    pub async fn await_sign_in(&self) -> Result<Who, Problem> {
        let outcome = self
            .under_way
            .with(|begun| begun.as_ref().map(|begun| begun.outcome.clone()));
        let gone = || {
            let message = "no sign-in is under way: it was given up, or another one took its place";
            Problem::new(ErrorCode::WrongState, message)
        };
        let mut outcome = outcome.ok_or_else(gone)?;
        let told = outcome.wait_for(Option::is_some).await;
        let told = told.map_err(|_| gone())?;
        told.clone().unwrap_or_else(|| Err(gone()))
    }

    /// Gives the sign-in up that is under way.
    pub fn stop_sign_in(&self) {
        if let Some(begun) = self.under_way.with(Option::take) {
            begun.task.abort();
        }
    }
}
