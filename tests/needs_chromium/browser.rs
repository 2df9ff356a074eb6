//! Chromium without a window, behind a proxy that answers nothing and remembers what it was asked.

use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the browser asks its maker is its own, and no request of a page's.
const ITS_OWN: [&str; 3] = ["google.com", "googleapis.com", "gvt1.com"];

/// Which colours the reader wants.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Light,
    Dark,
}

/// A browser with a profile of its own for each page.
pub(super) struct Browser {
    folder: tempfile::TempDir,
}

/// What came of opening a page.
pub(super) struct Opened {
    /// A PNG.
    pub(super) picture: Vec<u8>,
    hosts: Vec<String>,
}

impl Opened {
    /// The hosts that the page asked for something.
    pub(super) fn asked(&self) -> Vec<&str> {
        let is_own = |host: &str| {
            ITS_OWN.iter().any(|own| {
                let rest = host.strip_suffix(own);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        };
        let hosts = self.hosts.iter().map(String::as_str);
        // A connection that was opened beforehand, and then not used, asks nobody.
        hosts
            .filter(|host| !host.is_empty() && !is_own(host))
            .collect()
    }
}

impl Browser {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A page in a file.
    pub(super) fn file(&self, name: &str, page: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, page).unwrap();
        path
    }

    /// Opens a page of the disk, with every other address leading to the proxy.
    pub(super) fn open(&self, page: &Path, scheme: Scheme) -> Opened {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let hosts = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&hosts);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let heard = Arc::clone(&heard);
                std::thread::spawn(move || {
                    stream.set_read_timeout(Some(Duration::from_secs(10))).ok();
                    let mut bytes = vec![0; 4_096];
                    let read = stream.read(&mut bytes).unwrap_or_default();
                    heard.lock().unwrap().push(host(&bytes[..read]));
                });
            }
        });
        let mut command = Command::new("chromium");
        command.args([
            format!("--proxy-server=127.0.0.1:{port}"),
            "--proxy-bypass-list=<-loopback>".to_owned(),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
        ]);
        if matches!(scheme, Scheme::Dark) {
            command.arg("--force-dark-mode");
        }
        let picture = self.picture(command, page);
        let hosts = hosts.lock().unwrap().clone();
        Opened { picture, hosts }
    }

    /// The picture of a page, drawn where there is no network at all.
    pub(super) fn open_without_network(&self, page: &Path) -> Vec<u8> {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", "chromium"]);
        self.picture(command, page)
    }

    fn picture(&self, mut command: Command, page: &Path) -> Vec<u8> {
        let own = tempfile::tempdir_in(self.folder.path()).unwrap();
        let picture = own.path().join("picture.png");
        let browser = command
            .args([
                "--headless=new",
                // The pages are ours, and a container has no sandbox to give.
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=1000,1600",
            ])
            .arg(format!(
                "--user-data-dir={}",
                own.path().join("profile").display()
            ))
            .arg(format!("--screenshot={}", picture.display()))
            .arg(format!("file://{}", page.display()))
            .env("HOME", own.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromium is there");
        let status = ended(browser, page);
        assert!(status.success(), "{status}");
        let bytes = std::fs::read(&picture).unwrap();
        if let Some(kept) = std::env::var_os("SLIPWAY_KEEP_PICTURES") {
            let name = page.file_stem().unwrap().to_string_lossy().into_owned();
            let dark = command.get_args().any(|arg| arg == "--force-dark-mode");
            let name = format!("{name}{}.png", if dark { "-dark" } else { "" });
            std::fs::write(Path::new(&kept).join(name), &bytes).unwrap();
        }
        bytes
    }
}

/// Waits for the browser, which may wait for ever itself.
fn ended(mut browser: Child, page: &Path) -> ExitStatus {
    for _ in 0..1_200 {
        if let Some(status) = browser.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    browser.kill().ok();
    browser.wait().ok();
    panic!("{} was not drawn within a minute", page.display());
}

/// The host that a proxy is asked for: `GET http://host/path` or `CONNECT host:port`.
fn host(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let address = text.split_whitespace().nth(1).unwrap_or_default();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_owned()
}
