//! Lines from the terminal, read on a thread of their own: a read cannot be called off.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::Lines;
use crate::output::live::Message;

/// Lines of a person who is asked when nothing else goes on.
pub(crate) struct StdinLines;

impl Lines for StdinLines {
    fn forget(&mut self) {
        drop_typed();
    }

    fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        }
    }
}

/// Reads a line when one is wanted, and sends it to the view.
pub(crate) struct Keyboard {
    to_view: Sender<Message>,
    wanted: Option<Sender<()>>,
    is_reading: bool,
}

impl Keyboard {
    pub(crate) const fn new(to_view: Sender<Message>) -> Self {
        Self {
            to_view,
            wanted: None,
            is_reading: false,
        }
    }

    /// Drops what was typed so far.
    pub(crate) fn forget(&self) {
        drop_typed();
    }

    /// Asks for a line, unless one is asked for already.
    pub(crate) fn want_line(&mut self) {
        if self.is_reading {
            return;
        }
        let to_view = self.to_view.clone();
        let wanted = self.wanted.get_or_insert_with(|| started(to_view));
        self.is_reading = wanted.send(()).is_ok();
        if !self.is_reading {
            let _ = self.to_view.send(Message::Typed(None));
        }
    }

    /// The line came.
    pub(crate) const fn got_line(&mut self) {
        self.is_reading = false;
    }
}

/// Without a thread the sender's other end is gone, and every question stays open.
fn started(to_view: Sender<Message>) -> Sender<()> {
    let (wanted, wants) = channel();
    let spawned = thread::Builder::new()
        .name("keyboard".to_owned())
        .spawn(move || read(&wants, &to_view));
    if let Err(error) = spawned {
        tracing::error!(%error, "the keyboard cannot be read");
    }
    wanted
}

fn read(wants: &Receiver<()>, to_view: &Sender<Message>) {
    for () in wants {
        let mut line = String::new();
        let typed = match io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        };
        if to_view.send(Message::Typed(typed)).is_err() {
            return;
        }
    }
}

#[cfg(unix)]
fn drop_typed() {
    use rustix::termios::{QueueSelector, tcflush};
    if let Err(error) = tcflush(io::stdin(), QueueSelector::IFlush) {
        tracing::debug!(%error, "earlier input could not be dropped");
    }
}

#[cfg(not(unix))]
const fn drop_typed() {}
