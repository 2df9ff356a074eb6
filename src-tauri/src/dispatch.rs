//! The one command of the bridge: a name and its payload lead to the handler of that command.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use slipway_app::App;
use slipway_contract::command::Command;
use slipway_contract::{ErrorCode, Problem};
use tauri::ipc::Response;
use tauri::{AppHandle, State};

use crate::host::Host;
use crate::shell::Shell;

type Answer = Pin<Box<dyn Future<Output = Result<Vec<u8>, Problem>> + Send>>;
type Handle = Box<dyn Fn(App, Value) -> Answer + Send + Sync>;

/// What answers each command of the contract.
#[derive(Default)]
pub(crate) struct Handlers {
    answers: BTreeMap<&'static str, Handle>,
    shell: Shell,
}

impl Handlers {
    /// Answers a command of the contract with a use case.
    pub(crate) fn on<C, F, A>(mut self, answer: F) -> Self
    where
        C: Command + Send + 'static,
        C::Response: Send,
        F: Fn(App, C) -> A + Send + Sync + Clone + 'static,
        A: Future<Output = Result<C::Response, Problem>> + Send + 'static,
    {
        let handle = move |app: App, payload: Value| -> Answer {
            let answer = answer.clone();
            Box::pin(async move {
                let command: C =
                    serde_json::from_value(payload).map_err(|error| unreadable(C::NAME, &error))?;
                let response = answer(app, command).await?;
                // Written here, not by Tauri: a page would read numbers as JavaScript does.
                serde_json::to_vec(&response).map_err(|error| unwritable(C::NAME, &error))
            })
        };
        self.answers.insert(C::NAME, Box::new(handle));
        self
    }

    /// The answer to a command, as JSON.
    ///
    /// # Errors
    /// The use case's [`Problem`], or one that says that there is no such command.
    pub(crate) async fn answer(
        &self,
        app: App,
        name: &str,
        payload: Value,
    ) -> Result<Vec<u8>, Problem> {
        let Some(handle) = self.answers.get(name) else {
            return Err(unknown(name));
        };
        // In a task of its own: one that panics is answered, too, and takes nothing with it.
        let answer = tauri::async_runtime::spawn(handle(app, payload)).await;
        answer.unwrap_or_else(|error| Err(broken(name, &error)))
    }

    /// The desktop around the window, for those commands that ask the system.
    pub(crate) fn shell(&self) -> Shell {
        self.shell.clone()
    }

    /// Answers a command of the contract that asks the system.
    pub(crate) fn on_shell<C, F, A>(self, answer: F) -> Self
    where
        C: Command + Send + 'static,
        C::Response: Send,
        F: Fn(Shell, App, C) -> A + Send + Sync + Clone + 'static,
        A: Future<Output = Result<C::Response, Problem>> + Send + 'static,
    {
        let shell = self.shell();
        self.on(move |app, command| answer(shell.clone(), app, command))
    }

    #[cfg(test)]
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.answers.keys().copied().collect()
    }
}

/// Answers a command of the window: the bytes of its response's JSON.
#[tauri::command]
pub(crate) async fn dispatch(
    name: String,
    payload: Value,
    window: AppHandle,
    host: State<'_, Host>,
    handlers: State<'_, Handlers>,
) -> Result<Response, Problem> {
    let app = host.app(&window).await?;
    let answer = handlers.answer(app, &name, payload).await;
    if let Err(problem) = &answer {
        tracing::debug!(command = name, %problem, "a command was refused");
    }
    answer.map(Response::new)
}

fn unknown(name: &str) -> Problem {
    let name: String = name.chars().take(80).collect();
    Problem::new(
        ErrorCode::InvalidInput,
        format!("there is no command {name:?}"),
    )
    .help("Window and host are of different versions: install Slipway again.")
}

fn broken(name: &str, error: &tauri::Error) -> Problem {
    let message = format!("the command {name} broke: {error}");
    Problem::new(ErrorCode::Internal, message)
        .help("Nothing that was kept is lost. Try again; if it breaks again, start Slipway again.")
}

fn unreadable(name: &str, error: &serde_json::Error) -> Problem {
    Problem::new(
        ErrorCode::InvalidInput,
        format!("the command {name} could not be read: {error}"),
    )
}

fn unwritable(name: &str, error: &serde_json::Error) -> Problem {
    Problem::new(
        ErrorCode::Internal,
        format!("the answer to {name} could not be written: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use slipway_app::Home;
    use slipway_contract::command::ShowAbout;

    use super::*;

    #[tokio::test]
    async fn a_command_that_panics_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let handlers =
            Handlers::default().on(|_, _: ShowAbout| async move { panic!("on purpose") });
        let answer = handlers.answer(app, "show_about", Value::Object(serde_json::Map::new()));
        assert_eq!(answer.await.unwrap_err().code, ErrorCode::Internal);
    }
}
