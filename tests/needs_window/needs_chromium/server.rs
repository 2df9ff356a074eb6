//! The cloud's server as its operator starts it, with mail into a folder.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(100);
/// How often a letter is looked for, before it counts as missing.
const LOOKS: usize = 300;

/// A server with a folder of its own, which may end and start again.
pub(super) struct Server {
    folder: tempfile::TempDir,
    at: At,
    child: Child,
}

/// Where it is reached, and what it is set to beside that.
struct At {
    host: &'static str,
    port: u16,
    settings: &'static [(&'static str, &'static str)],
}

impl Server {
    /// Starts one.
    pub(super) fn start() -> Self {
        Self::start_as("localhost", &[])
    }

    /// Starts one that people reach by this name, with these settings.
    pub(super) fn start_as(
        host: &'static str,
        settings: &'static [(&'static str, &'static str)],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let at = At {
            host,
            port,
            settings,
        };
        let child = serve(folder.path(), &at);
        Self { folder, at, child }
    }

    /// Ends it, as a crash would.
    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again where it was.
    pub(super) fn start_again(&mut self) {
        self.kill();
        self.child = serve(self.folder.path(), &self.at);
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        self.at.url()
    }

    /// Waits for a letter to somebody, and gives the address in it that begins with this path.
    pub(super) fn linked(&self, to: &str, path: &str) -> String {
        let mut looks = 0..LOOKS;
        loop {
            let letters = std::fs::read_dir(self.folder.path().join("mail"));
            let letters = letters.into_iter().flatten().flatten();
            let texts = letters
                .filter(|entry| entry.path().extension().is_some_and(|end| end == "eml"))
                .filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
            let is_theirs = |text: &String| {
                let head = text.split("\r\n\r\n").next();
                head.is_some_and(|head| head.contains(to))
            };
            let start = format!("{}{path}", self.url());
            let link = texts.filter(is_theirs).find_map(|text| {
                let at = text.find(&start)?;
                text[at..].split_whitespace().next().map(str::to_owned)
            });
            match link {
                Some(link) => return link,
                None => assert!(
                    looks.next().is_some(),
                    "no letter with {start} came to {to}"
                ),
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl At {
    fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }
}

fn serve(folder: &Path, at: &At) -> Child {
    let program = std::env::var_os("SLIPWAY_CLOUD_BIN");
    let program = program.expect("`cargo xtask test` says where slipway-cloud is");
    let mut child = Command::new(program)
        .arg("serve")
        .env_clear()
        .env("SLIPWAY_CLOUD_LISTEN", format!("127.0.0.1:{}", at.port))
        .env("SLIPWAY_CLOUD_PUBLIC_URL", at.url())
        .env("SLIPWAY_CLOUD_DATA", folder.join("data"))
        .env(
            "SLIPWAY_CLOUD_MAIL",
            format!("folder:{}", folder.join("mail").display()),
        )
        .envs(at.settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("slipway-cloud starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
    let mut seen = String::new();
    let began = lines.by_ref().map_while(Result::ok).any(|line| {
        seen.push_str(&line);
        seen.push('\n');
        line.contains("taking requests")
    });
    assert!(began, "it ended before it took requests:\n{seen}");
    std::thread::spawn(move || lines.for_each(drop));
    child
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
