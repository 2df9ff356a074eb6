//! The built window on a display of its own, driven as a person would: by what it shows and where one clicks.

// By its path, so that the benchmark of the window can include this file, too.
#[path = "driver/page.rs"]
mod page;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};

use crate::kit::Desk;

/// Long enough for a busy machine that draws without a graphics card.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a script may take, in milliseconds: the driver answers before it is given up.
const SCRIPT_MS: u32 = 55_000;
pub(super) const PAUSE: Duration = Duration::from_millis(100);
/// How often something is looked for with a pause between, before it counts as missing.
const LOOKS: usize = 600;
/// How often processes are looked after that were asked to end.
const LOOKS_AFTER: usize = 50;
/// Where the driver, its bus and the window write what they have to say.
const LOG: &str = "window.log";
/// The name that WebDriver gives to a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A process and those that it started; they end with it, also when a test panics.
struct Group(Child);

impl Group {
    fn start(command: &mut Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
        Self(child)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.0);
        // Asked first, so that the display takes its lock away. A group that is gone needs nothing.
        let _ = kill_process_group(group, Signal::TERM);
        for _ in 0..LOOKS_AFTER {
            if !matches!(self.0.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.0.wait();
    }
}

/// Slipway's window.
pub(super) struct Window {
    client: Client,
    session: String,
    // Fields are dropped in this order: the window goes before its display.
    _driver: Group,
    _display: Group,
}

impl Window {
    /// Opens the window with the data of this desk.
    pub(super) async fn open(desk: &Desk) -> Self {
        Self::open_with(desk, &[]).await
    }

    /// Opens the window with these arguments.
    pub(super) async fn open_with(desk: &Desk, arguments: &[&str]) -> Self {
        Self::open_program(desk, &binary(), arguments).await
    }

    /// Opens the window of another program.
    pub(super) async fn open_program(desk: &Desk, program: &Path, arguments: &[&str]) -> Self {
        let (display, number) = display();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let driver = Group::start(&mut driver(desk, &number, port));
        let client = client();
        let server = format!("http://127.0.0.1:{port}");
        let mut looks = 0..LOOKS;
        while client.get(format!("{server}/status")).send().await.is_err() {
            assert!(looks.next().is_some(), "WebKitWebDriver does not answer");
            tokio::time::sleep(PAUSE).await;
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "timeouts": {"script": SCRIPT_MS},
            "webkitgtk:browserOptions": {"binary": program, "args": arguments},
        }}});
        let made = call(&client, Method::POST, &format!("{server}/session"), &wanted)
            .await
            .unwrap_or_else(|error| {
                let log = desk.read(LOG);
                panic!("the window does not open: {error}\n{log}")
            });
        let id = made["sessionId"].as_str().expect("a session's id");
        Self {
            session: format!("{server}/session/{id}"),
            client,
            _driver: driver,
            _display: display,
        }
    }

    /// Closes the window.
    pub(super) async fn close(self) {
        call(&self.client, Method::DELETE, &self.session, &json!({}))
            .await
            .unwrap_or_else(|error| panic!("the window does not close: {error}"));
    }

    /// Kills the window and all that belongs to it, as a crash would.
    pub(super) fn kill(self) {
        kill_process_group(Pid::from_child(&self._driver.0), Signal::KILL).expect("a group");
    }

    /// What the page shows as text.
    pub(super) async fn text(&self) -> String {
        let script = json!({"script": "return document.body.innerText", "args": []});
        let text = self.post("execute/sync", &script).await;
        let text = text.unwrap_or_else(|error| panic!("the page cannot be read: {error}"));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows this, and gives all that it shows.
    pub(super) async fn until(&self, words: &str) -> String {
        let mut looks = 0..LOOKS;
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return text;
            }
            assert!(looks.next().is_some(), "no {words:?} in:\n{text}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks on the only element at this XPath, as soon as it can be clicked.
    pub(super) async fn click(&self, path: &str) {
        let mut looks = 0..LOOKS;
        // The page may draw the element anew between finding and clicking it.
        while let Err(error) = self.try_on(path, "click", &json!({})).await {
            if looks.next().is_none() {
                panic!("{path}: {error}, in:\n{}", self.text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks on the only element at this XPath until it is gone: a page that is still being filled may move it away
    /// from under the click.
    pub(super) async fn click_away(&self, path: &str) {
        let mut looks = 0..LOOKS;
        loop {
            // A click that fails came after one that did it.
            let _ = self.try_on(path, "click", &json!({})).await;
            for _ in 0..10 {
                if self.texts(path).await.is_empty() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
            assert!(looks.next().is_some(), "{path} stays");
        }
    }

    /// Types into the only element at this XPath, as soon as it takes what is typed.
    pub(super) async fn type_into(&self, path: &str, text: &str) {
        let mut looks = 0..LOOKS;
        while let Err(error) = self.try_on(path, "value", &json!({ "text": text })).await {
            if looks.next().is_none() {
                panic!("{path}: {error}, in:\n{}", self.text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The texts of the elements at this XPath.
    pub(super) async fn texts(&self, path: &str) -> Vec<String> {
        let script = "const found = document.evaluate(arguments[0], document, null, \
            XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null); \
            return Array.from({length: found.snapshotLength}, (_, at) => found.snapshotItem(at).innerText)";
        let texts = self
            .post("execute/sync", &json!({"script": script, "args": [path]}))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_value(texts).expect("a list of texts")
    }

    /// Waits until there is something at this XPath, and each of it contains these words.
    pub(super) async fn until_only(&self, path: &str, words: &str) {
        let mut looks = 0..LOOKS;
        loop {
            let texts = self.texts(path).await;
            if !texts.is_empty() && texts.iter().all(|text| text.contains(words)) {
                return;
            }
            assert!(looks.next().is_some(), "not only {words:?} in {texts:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What a script of the page's own gives, unless the page was drawn anew under it.
    pub(super) async fn try_evaluate(&self, script: &str) -> Option<Value> {
        let asked = json!({"script": script, "args": []});
        self.post("execute/sync", &asked).await.ok()
    }

    /// What a script of the page's own gives.
    pub(super) async fn evaluate(&self, script: &str) -> Value {
        let asked = json!({"script": script, "args": []});
        let given = self.post("execute/sync", &asked).await;
        given.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until there is no element at this XPath.
    pub(super) async fn until_gone(&self, path: &str) {
        self.until_count(path, |count| count == 0).await;
    }

    /// Waits until there is an element at this XPath.
    pub(super) async fn until_there(&self, path: &str) {
        self.until_count(path, |count| count > 0).await;
    }

    async fn until_count(&self, path: &str, is_right: impl Fn(usize) -> bool) {
        let mut looks = 0..LOOKS;
        while !is_right(self.texts(path).await.len()) {
            if looks.next().is_none() {
                panic!("{path} stays as it is, in:\n{}", self.text().await);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_on(&self, path: &str, what: &str, body: &Value) -> Result<(), String> {
        let found = self
            .post("elements", &json!({"using": "xpath", "value": path}))
            .await?;
        match found.as_array().map(Vec::as_slice) {
            Some([only]) => {
                let id = only[ELEMENT].as_str().expect("an element's id");
                self.post(&format!("element/{id}/{what}"), body)
                    .await
                    .map(drop)
            }
            _ => Err(format!("not one element: {found}")),
        }
    }

    async fn post(&self, what: &str, body: &Value) -> Result<Value, String> {
        call(
            &self.client,
            Method::POST,
            &format!("{}/{what}", self.session),
            body,
        )
        .await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it speaks to this machine alone, past any proxy"
)]
pub(super) fn client() -> Client {
    Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

/// Calls the driver; what it answers, or why it did not do it.
async fn call(client: &Client, method: Method, url: &str, body: &Value) -> Result<Value, String> {
    let answer = client.request(method, url).json(body).send().await;
    let answer = answer.map_err(|error| format!("{error:?}"))?;
    let status = answer.status();
    let mut body: Value = answer.json().await.map_err(|error| format!("{error:?}"))?;
    let value = body["value"].take();
    if status.is_success() {
        Ok(value)
    } else {
        Err(format!("{status}: {value}"))
    }
}

/// A display that nobody sees, and its name.
fn display() -> (Group, String) {
    let mut group = Group::start(
        Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    );
    let stdout = group.0.stdout.take().expect("a pipe");
    let mut number = String::new();
    BufReader::new(stdout)
        .read_line(&mut number)
        .expect("the number of the display");
    let number = number.trim();
    assert!(!number.is_empty(), "Xvfb ended without a display");
    let name = format!(":{number}");
    (group, name)
}

/// The driver; the window that it opens inherits its environment.
fn driver(desk: &Desk, display: &str, port: u16) -> Command {
    let own = desk.command([""; 0]);
    let has_bus = own
        .get_envs()
        .any(|(name, value)| name == "DBUS_SESSION_BUS_ADDRESS" && value.is_some());
    // A desk in a session of its own has a bus; elsewhere the window gets one that ends with it.
    let mut command = Command::new(if has_bus {
        "WebKitWebDriver"
    } else {
        "dbus-run-session"
    });
    if !has_bus {
        command.args(["--", "WebKitWebDriver"]);
    }
    command
        .arg(format!("--port={port}"))
        .current_dir(desk.path(""))
        .stdout(Stdio::null())
        .stderr(File::create(desk.path(LOG)).expect("a log"));
    for (name, value) in own.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // What the page keeps between two starts must not come from another test or a person.
    for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
        command.env(name, desk.path(name));
    }
    // Neither of WebKit's two switches may be set: with them clicks crash its driver.
    for name in [
        "WAYLAND_DISPLAY",
        "WEBKIT_DISABLE_DMABUF_RENDERER",
        "WEBKIT_DISABLE_COMPOSITING_MODE",
    ] {
        command.env_remove(name);
    }
    command
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    command
}

/// `SLIPWAY_DESKTOP_BIN`, or the window's binary beside this test's own.
pub(super) fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("SLIPWAY_DESKTOP_BIN") {
        return PathBuf::from(named);
    }
    let own = std::env::current_exe().expect("this test's own binary");
    let folder = own
        .ancestors()
        .nth(2)
        .expect("target/<profile>/deps/<test>");
    let binary = folder.join("slipway-desktop");
    assert!(
        binary.is_file(),
        "{} is not built: run all tests with `cargo xtask test`",
        binary.display()
    );
    binary
}
