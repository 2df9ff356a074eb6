//! A machine of a person's, with the command and a home of its own.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::Value;
use tokio::task::block_in_place;

use super::super::kit::{Browser, client};

#[allow(dead_code, reason = "the tests of the command use the rest")]
#[path = "../../kit/binary.rs"]
mod binary;
#[allow(dead_code, reason = "the tests of the command use the rest")]
#[path = "../../kit/process.rs"]
mod process;

pub(crate) use process::{Ran, Running};

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery staple";

/// The machine.
pub struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Where its data is.
    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    /// The command, with a display, and without a browser or a keychain.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::slipway());
        command
            .env_clear()
            .env("SLIPWAY_HOME", self.home())
            .env("SLIPWAY_KEYCHAIN", "off")
            .env("SLIPWAY_VAULT_PASSPHRASE", PASSWORD)
            .env("SLIPWAY_LOCAL_SERVERS", "none")
            .env("DISPLAY", ":none")
            .env("PATH", self.folder.path())
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(std::process::Stdio::null());
        // Windows finds its own libraries by it.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    /// Runs the command to its end, while the server goes on.
    #[track_caller]
    pub(crate) fn slipway(&self, arguments: &[&str]) -> Ran {
        block_in_place(|| self.start(arguments).end())
    }

    /// The only object that it prints.
    #[track_caller]
    pub fn object(&self, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let mut objects = self.slipway(&arguments).exits(0).objects();
        assert_eq!(objects.len(), 1, "{objects:?}");
        objects.remove(0)
    }

    /// Signs in as who is signed in in this browser.
    pub async fn signs_in(&self, server: &str, browser: &mut Browser<'_>) {
        let mut login = self.start(&["cloud", "login", "--server", server, "--json"]);
        let url = told(&mut login, "browser")["url"].clone();
        let back = allow(server, url.as_str().expect("an address"), browser).await;
        assert_eq!(get(&back).await, StatusCode::OK);
        let ended = block_in_place(|| login.end()).exits(0);
        assert_eq!(ended.event("signed_in")["server"], server);
    }
}

/// The object of this type.
pub(crate) fn told(running: &mut Running, kind: &str) -> Value {
    let line = block_in_place(|| running.until(&format!("\"type\":\"{kind}\"")));
    serde_json::from_str(&line).expect("an object")
}

/// Lets the program in that sends the browser there, and says where it sends the browser back to.
pub async fn allow(server: &str, url: &str, browser: &mut Browser<'_>) -> String {
    let path = url.strip_prefix(server).expect("an address of the server");
    browser.open(path).await.is(200);
    let asked = browser.hidden("asked");
    let fields = [("asked", &*asked), ("verdict", "allow")];
    let answer = browser.post("/oauth/consent", &fields).await.is(303);
    let back = answer.header("location");
    assert!(back.starts_with("http://127.0.0.1:"), "{back}");
    back
}

/// The status of a plain `GET`.
pub async fn get(url: &str) -> StatusCode {
    client().get(url).send().await.expect("an answer").status()
}
