//! The sign-in that the window began. It goes on by itself: the window may show another page meanwhile, or
//! begin anew, and learns what came of it when it asks.

use std::sync::{Arc, Mutex, PoisonError};

use slipway_cloud_client::Program;
use slipway_contract::account::{BegunSignIn, Who};
use slipway_contract::{ErrorCode, Problem};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use super::Cloud;

/// What came of it, once something did.
type Outcome = Option<Result<Who, Problem>>;

/// The newest one.
#[derive(Clone, Default)]
pub(super) struct UnderWay {
    begun: Arc<Mutex<Option<Begun>>>,
    /// Told when the person gives up, also before it began.
    given_up: Arc<Notify>,
}

struct Begun {
    shown: BegunSignIn,
    outcome: watch::Receiver<Outcome>,
    task: AbortHandle,
}

impl UnderWay {
    fn with<T>(&self, work: impl FnOnce(&mut Option<Begun>) -> T) -> T {
        work(&mut self.begun.lock().unwrap_or_else(PoisonError::into_inner))
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
    /// There is no such server, it cannot be asked, or the person gave up before it answered.
    pub async fn begin_sign_in(
        &self,
        server: Option<&str>,
        with_code: bool,
    ) -> Result<BegunSignIn, Problem> {
        let given_up = self.under_way.given_up.notified();
        tokio::select! {
            begun = self.begin(server, with_code) => begun,
            () = given_up => Err(gone()),
        }
    }

    async fn begin(&self, server: Option<&str>, with_code: bool) -> Result<BegunSignIn, Problem> {
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
        let mut outcome = outcome.ok_or_else(gone)?;
        let told = outcome.wait_for(Option::is_some).await;
        let told = told.map_err(|_| gone())?;
        told.clone().unwrap_or_else(|| Err(gone()))
    }

    /// Gives the sign-in up that is under way, or about to begin.
    pub fn stop_sign_in(&self) {
        self.under_way.given_up.notify_waiters();
        if let Some(begun) = self.under_way.with(Option::take) {
            begun.task.abort();
        }
    }
}

/// What is told of a sign-in that is no more.
pub(super) fn gone() -> Problem {
    let message = "no sign-in is under way: it was given up, or another one took its place";
    Problem::new(ErrorCode::WrongState, message)
}

#[cfg(test)]
mod late;

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::Home;
    use crate::secrets::Keys;

    fn begun(server: &str) -> BegunSignIn {
        BegunSignIn {
            server: server.to_owned(),
            url: None,
            code: None,
            problem: None,
        }
    }

    fn cloud(folder: &std::path::Path) -> Cloud {
        let home = Home::at(folder);
        let keys = Keys::of(&home).unwrap();
        Cloud::of(&home, &keys)
    }

    fn who(server: &str) -> Who {
        Who {
            server: Some(server.to_owned()),
            person: None,
            from_now: true,
            problem: None,
        }
    }

    #[tokio::test]
    async fn it_goes_on_by_itself_and_everybody_who_waits_learns_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let cloud = cloud(folder.path());
        assert_eq!(cloud.begun_sign_in(), None);
        let (finish, finished) = oneshot::channel();
        let work = async { finished.await.unwrap() };
        cloud.under_way.begin(begun("one"), work);
        assert_eq!(cloud.begun_sign_in(), Some(begun("one")));
        finish.send(Ok(who("one"))).unwrap();
        let (one, other) = tokio::join!(cloud.await_sign_in(), cloud.await_sign_in());
        assert_eq!((one, other), (Ok(who("one")), Ok(who("one"))));
        assert_eq!(cloud.begun_sign_in(), None);
    }

    #[tokio::test]
    async fn it_is_given_up_while_the_server_does_not_answer() {
        let folder = tempfile::tempdir().unwrap();
        let cloud = cloud(folder.path());
        // It lets everybody in, and says nothing.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("http://{}", silent.local_addr().unwrap());
        let beginning = tokio::spawn({
            let cloud = cloud.clone();
            async move { cloud.begin_sign_in(Some(&server), false).await }
        });
        let _held = silent.accept().await.unwrap();
        cloud.stop_sign_in();
        let problem = beginning.await.unwrap().unwrap_err();
        assert_eq!(problem.code, ErrorCode::WrongState);
        assert_eq!(cloud.begun_sign_in(), None);
    }

    #[tokio::test]
    async fn one_that_is_given_up_or_replaced_ends() {
        let folder = tempfile::tempdir().unwrap();
        let cloud = cloud(folder.path());
        let (first, first_gone) = oneshot::channel::<()>();
        let never = async move {
            let _held = first;
            std::future::pending().await
        };
        cloud.under_way.begin(begun("one"), never);
        cloud.under_way.begin(begun("two"), std::future::pending());
        assert!(first_gone.await.is_err(), "the first one is let go of");
        assert_eq!(cloud.begun_sign_in(), Some(begun("two")));
        let waiting = tokio::spawn({
            let cloud = cloud.clone();
            async move { cloud.await_sign_in().await }
        });
        tokio::task::yield_now().await;
        cloud.stop_sign_in();
        assert_eq!(
            waiting.await.unwrap().unwrap_err().code,
            ErrorCode::WrongState
        );
        assert_eq!(cloud.begun_sign_in(), None);
        let none = cloud.await_sign_in().await.unwrap_err();
        assert_eq!(none.code, ErrorCode::WrongState);
    }
}
