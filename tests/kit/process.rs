//! A started command: what it says, and how it ends.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

/// Long enough for a busy machine; a command that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command at work.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    seen: String,
    errors: Option<JoinHandle<String>>,
}

/// A command that has ended.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
        let stdout = child.stdout.take().expect("a pipe");
        let mut stderr = child.stderr.take().expect("a pipe");
        let (to_test, lines) = channel();
        thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while reader
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                let text = String::from_utf8_lossy(&line).into_owned();
                line.clear();
                if to_test.send(text).is_err() {
                    return;
                }
            }
        });
        let errors = thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before a failure still tells something.
            let _ = stderr.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self {
            child,
            lines,
            seen: String::new(),
            errors: Some(errors),
        }
    }

    /// Waits for a line of stdout that holds this text.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> String {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.seen.push_str(&line);
                    if line.contains(text) {
                        return line;
                    }
                }
                Err(error) => {
                    self.child.kill().ok();
                    let stderr = self
                        .errors
                        .take()
                        .map(|errors| errors.join().unwrap_or_default());
                    panic!(
                        "no {text:?} ({error}) in:\n{}\nstderr:\n{}",
                        self.seen,
                        stderr.unwrap_or_default()
                    );
                }
            }
        }
    }

    /// Writes to stdin, which must be a pipe, and closes it.
    pub(crate) fn say(mut self, bytes: &[u8]) -> Self {
        let mut stdin: ChildStdin = self.child.stdin.take().expect("stdin is a pipe");
        // A command that does not read all of it closes the pipe.
        let _ = stdin.write_all(bytes);
        drop(stdin);
        self
    }

    /// Sends a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("the process is there");
    }

    /// Its number.
    #[cfg(unix)]
    pub(crate) fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    /// Kills it as a crash would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the process is there");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ran {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push_str(&line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().ok();
                    panic!("it hangs after:\n{}", self.seen);
                }
            }
        }
        let status = self.child.wait().expect("a process to wait for");
        let stderr = self
            .errors
            .take()
            .map(|errors| errors.join().unwrap_or_default());
        Ran {
            code: status.code(),
            stdout: std::mem::take(&mut self.seen),
            stderr: stderr.unwrap_or_default(),
        }
    }
}

impl Ran {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that stdout holds this.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "no {text:?} in stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that stderr holds this.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(
            self.stderr.contains(text),
            "no {text:?} in stderr:\n{}\nstdout:\n{}",
            self.stderr,
            self.stdout
        );
        self
    }

    /// The lines of stdout, each of which must be a JSON object.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        let parse = |line: &str| {
            let value: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{error} in the line {line:?}"));
            assert!(value.is_object(), "no object: {line}");
            value
        };
        self.stdout.lines().map(parse).collect()
    }

    /// The events of this type.
    #[track_caller]
    pub(crate) fn events(&self, kind: &str) -> Vec<Value> {
        self.objects()
            .into_iter()
            .filter(|event| event["type"] == kind)
            .collect()
    }

    /// The only event of this type.
    #[track_caller]
    pub(crate) fn event(&self, kind: &str) -> Value {
        let mut events = self.events(kind);
        assert_eq!(
            events.len(),
            1,
            "one {kind} in:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        events.remove(0)
    }

    /// The run's id, from its events.
    #[track_caller]
    pub(crate) fn run(&self) -> String {
        let objects = self.objects();
        let first = objects
            .first()
            .unwrap_or_else(|| panic!("no event; stderr:\n{}", self.stderr));
        first["run_id"].as_str().expect("a run id").to_owned()
    }
}
