//! The server as its operator starts it: the real program, with nothing in its environment but what a test gives.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// The built program.
pub fn program() -> PathBuf {
    std::env::var_os("SLIPWAY_CLOUD_BIN")
        .expect("`cargo xtask test` says where slipway-cloud is")
        .into()
}

/// The program with these settings and nothing else from the environment. Any port is good where none is given.
pub fn command(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program());
    command
        .env_clear()
        .env("SLIPWAY_CLOUD_LISTEN", "127.0.0.1:0")
        .envs(settings.iter().copied())
        .stdin(Stdio::null());
    // Windows finds its own libraries by it.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// What a command that ends by itself says.
pub fn said(settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    command(settings)
        .args(arguments)
        .output()
        .expect("it starts")
}

/// The same, with this on its standard input.
pub fn said_to(settings: &[(&str, &str)], arguments: &[&str], input: &str) -> Output {
    let mut child = command(settings)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("its input");
    // One that does not read it may have ended.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// A server in a process of its own.
pub struct Process {
    child: Child,
    pub port: u16,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// Starts one on a free port and waits until it takes requests.
    pub fn serve(settings: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        Self::serve_at(port, settings)
    }

    /// The same on this port.
    pub fn serve_at(port: u16, settings: &[(&str, &str)]) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let mut command = command(settings);
        command.env("SLIPWAY_CLOUD_LISTEN", &listen).arg("serve");
        Self::start(command, port, "taking requests")
    }

    /// The same with a pipe for its standard output, and what it prints there before it takes requests.
    pub fn serve_and_print(port: u16, settings: &[(&str, &str)]) -> (Self, String) {
        let mut command = command(settings);
        command
            .env("SLIPWAY_CLOUD_LISTEN", format!("127.0.0.1:{port}"))
            .arg("serve")
            .stdout(Stdio::piped());
        let mut server = Self::start(command, port, "taking requests");
        let printed = BufReader::new(server.child.stdout.take().expect("its output"));
        let last = "Ctrl-C ends it.";
        let mut words = String::new();
        for line in printed.lines().map_while(Result::ok) {
            words.push_str(&line);
            words.push('\n');
            if line.ends_with(last) {
                break;
            }
        }
        assert!(words.contains(last), "{words}");
        (server, words)
    }

    /// Starts a worker and waits until it works.
    pub fn work(settings: &[(&str, &str)]) -> Self {
        let mut command = command(settings);
        command.arg("worker");
        Self::start(command, 0, "working")
    }

    fn start(mut command: Command, port: u16, words: &str) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let mut seen = String::new();
        let began = lines.by_ref().map_while(Result::ok).any(|line| {
            seen.push_str(&line);
            seen.push('\n');
            line.contains(words)
        });
        assert!(began, "it ended before it said {words:?}:\n{seen}");
        let log = Arc::new(Mutex::new(seen));
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut log = written.lock().expect("its log");
                log.push_str(&line);
                log.push('\n');
            }
        });
        Self { child, port, log }
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("its log").clone()
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends it a signal.
    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, signal).expect("it runs");
    }

    /// Waits until it has ended; with which code.
    #[cfg(unix)]
    pub fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// Tells it to end, and waits until it has; whether it ended well.
    #[cfg(unix)]
    pub fn end(&mut self) -> bool {
        self.signal(rustix::process::Signal::TERM);
        self.child.wait().expect("it ends").success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
