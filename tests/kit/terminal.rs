//! A terminal with a person at it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

const PATIENCE: Duration = Duration::from_secs(60);

/// A command that runs at a terminal.
pub(crate) struct Terminal {
    child: Child,
    pub(crate) keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    /// Starts the command at a terminal of so many columns.
    pub(crate) fn start(mut command: Command, columns: u16) -> Self {
        let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo terminal");
        grantpt(&main).expect("a pseudo terminal");
        unlockpt(&main).expect("a pseudo terminal");
        let size = Winsize {
            ws_row: 50,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&main, size).expect("a size");
        let name = ptsname(&main, Vec::new())
            .expect("its name")
            .into_string()
            .expect("its name");
        let side = File::options()
            .read(true)
            .write(true)
            .open(name)
            .expect("the terminal's other side");
        let end = || Stdio::from(side.try_clone().expect("a descriptor"));
        let child = command
            .env("TERM", "xterm-256color")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the command");
        // The screen ends when the command's own descriptors are the last and are closed.
        drop((command, side));
        let keyboard = File::from(main);
        let mut display = keyboard.try_clone().expect("a descriptor");
        let (to_test, screen) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Linux reports the other side's end as an error.
            while let Ok(read @ 1..) = display.read(&mut bytes) {
                if to_test.send(bytes[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keyboard,
            screen,
            seen: String::new(),
        }
    }

    /// Waits until the screen shows this, and answers with all that it showed so far.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> &str {
        while !self.seen.contains(text) {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => {
                    self.child.kill().ok();
                    panic!("no {text:?} on the screen:\n{}", self.seen);
                }
            }
        }
        &self.seen
    }

    /// Types this.
    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard
            .write_all(text.as_bytes())
            .expect("the keyboard");
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("the process is there");
    }

    /// Waits for the command's end: its exit code, and all that the screen showed.
    #[track_caller]
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let status = loop {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Disconnected) => {
                    break self.child.wait().expect("a process to wait for");
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().ok();
                    panic!("it hangs after:\n{}", self.seen);
                }
            }
        };
        (status.code(), self.seen)
    }
}
