//! A folder and a home of one's own, so that tests do not meet.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use slipway_providers::Registry;
use tempfile::TempDir;

use super::process::{Ran, Running};
use super::{ScriptedServer, binary};

/// Where one test works: an empty folder, with Slipway's data beside it.
pub(crate) struct Desk {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// Variables of the person at the keyboard that would change what a test sees, beside those of
/// model providers.
const PERSONAL: &[&str] = &[
    "ANTHROPIC_BASE_URL",
    "GOOGLE_BASE_URL",
    "OLLAMA_HOST",
    "SLIPWAY_VAULT_PASSPHRASE",
    "SLIPWAY_LOG",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "TERM",
];

impl Desk {
    /// A desk without any model.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        std::fs::create_dir(folder.path().join("work")).expect("a folder to work in");
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// A desk at which `openai/…` is this server.
    pub(crate) fn with_model(model: &ScriptedServer) -> Self {
        Self::new()
            .variable("OPENAI_BASE_URL", model.base_url().to_string())
            .variable("OPENAI_API_KEY", "sk-scripted-key-of-a-test")
    }

    /// The same, with an environment variable.
    pub(crate) fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("work").join(path)
    }

    /// The folder of Slipway's data.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }

    /// A file's text.
    #[track_caller]
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.path(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The command with these arguments, not yet started. Its stdin is empty.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(binary::slipway());
        for name in PERSONAL {
            command.env_remove(name);
        }
        for provider in Registry::built_in().iter() {
            for name in provider.keys.iter().chain(&provider.base_variable) {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.path(""))
            .env("SLIPWAY_HOME", self.home())
            // A test never touches the keychain of the person at the keyboard.
            .env("SLIPWAY_KEYCHAIN", "off")
            // Nor does it meet the model servers that run there.
            .env("SLIPWAY_LOCAL_SERVERS", "none")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    #[track_caller]
    pub(crate) fn slipway<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        self.start(arguments).end()
    }

    /// Starts the command.
    pub(crate) fn start<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Running {
        Running::start(self.command(arguments))
    }
}
