//! A run's output while it is driven: a thread of its own, so that neither a slow reader nor a
//! person who thinks about a question holds up the run.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use slipway_app::{Observer, Person, Said};
use slipway_contract::RunId;
use slipway_contract::approval::Approval;
use slipway_contract::event::RunEvent;
use slipway_contract::rule::ArgumentPattern;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::View;
use super::prompt::{self, Keyboard, Lines};

/// Watches a run, and asks the person what it asks.
pub(crate) struct Live {
    to_view: Sender<Message>,
    thread: Mutex<Option<JoinHandle<io::Result<()>>>>,
    run: OnceLock<RunId>,
    questions: AtomicU64,
}

pub(crate) enum Message {
    Event(Box<RunEvent>),
    Note(String),
    Question(Box<Asked>),
    Withdrawn(u64),
    /// A line from the keyboard; none at the end of input.
    Typed(Option<String>),
    End,
}

/// A question on its way to the person.
pub(crate) struct Asked {
    number: u64,
    approval: Approval,
    patterns: Vec<ArgumentPattern>,
    reply: oneshot::Sender<Said>,
}

impl Live {
    /// Shows a run in this view. When the output can no longer be written, `lost` is cancelled.
    pub(crate) fn start(
        view: Box<dyn View>,
        workdir: PathBuf,
        lost: CancellationToken,
    ) -> io::Result<Self> {
        let (to_view, messages) = channel();
        let keyboard = Keyboard::new(to_view.clone());
        let inbox = Inbox {
            messages,
            held: VecDeque::new(),
            keyboard,
        };
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || {
                let shown = show(view, &workdir, inbox);
                if shown.is_err() {
                    lost.cancel();
                }
                shown
            })?;
        let thread = Mutex::new(Some(thread));
        Ok(Self {
            to_view,
            thread,
            run: OnceLock::new(),
            questions: AtomicU64::new(0),
        })
    }

    /// The run, once its first event was seen.
    pub(crate) fn run(&self) -> Option<RunId> {
        self.run.get().copied()
    }

    /// Says something of Slipway's own.
    pub(crate) fn note(&self, text: impl Into<String>) {
        self.send(Message::Note(text.into()));
    }

    /// Waits until everything is shown. An error means that the output could not be written.
    pub(crate) fn end(&self) -> io::Result<()> {
        self.send(Message::End);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match thread.map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(error),
            Some(Err(_)) => Err(io::Error::other(
                "the output failed with a fault of its own",
            )),
        }
    }

    /// Nobody listens only after the output failed, which has been noticed then.
    fn send(&self, message: Message) {
        let _ = self.to_view.send(message);
    }
}

impl Observer for Live {
    fn event(&self, event: &RunEvent) {
        self.run.get_or_init(|| event.run_id);
        self.send(Message::Event(Box::new(event.clone())));
    }
}

#[async_trait]
impl Person for Live {
    async fn ask(
        &self,
        _: RunId,
        approval: &Approval,
        choices: &[ArgumentPattern],
    ) -> Option<Said> {
        let number = self.questions.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        self.send(Message::Question(Box::new(Asked {
            number,
            approval: approval.clone(),
            patterns: choices.to_vec(),
            reply,
        })));
        let _withdraw = Withdraw {
            to_view: &self.to_view,
            number,
        };
        answer.await.ok()
    }
}

/// A question that is dropped needs no answer any more.
struct Withdraw<'a> {
    to_view: &'a Sender<Message>,
    number: u64,
}

impl Drop for Withdraw<'_> {
    fn drop(&mut self) {
        let _ = self.to_view.send(Message::Withdrawn(self.number));
    }
}

fn show(mut view: Box<dyn View>, workdir: &std::path::Path, mut inbox: Inbox) -> io::Result<()> {
    loop {
        let message = match inbox.waiting() {
            Some(message) => message,
            None => {
                view.flush()?;
                inbox.next()
            }
        };
        match message {
            Message::Event(event) => view.event(&event)?,
            Message::Note(text) => view.note(&text)?,
            Message::Question(asked) => {
                view.flush()?;
                let mut lines = Answering {
                    inbox: &mut inbox,
                    number: asked.number,
                };
                let question = prompt::Asked {
                    approval: &asked.approval,
                    patterns: &asked.patterns,
                    workdir,
                };
                let screen = view.question(&asked.approval)?;
                let answer = prompt::ask(screen, question, &mut lines)?;
                if let Some(answer) = answer {
                    // Withdrawn meanwhile: nobody waits for the answer.
                    let _ = asked.reply.send(answer);
                }
            }
            Message::Withdrawn(_) | Message::Typed(_) => {}
            Message::End => return view.end(),
        }
    }
}

struct Inbox {
    messages: Receiver<Message>,
    /// What came while a question was open: shown after it.
    held: VecDeque<Message>,
    keyboard: Keyboard,
}

impl Inbox {
    fn waiting(&mut self) -> Option<Message> {
        if let Some(held) = self.held.pop_front() {
            return Some(held);
        }
        match self.messages.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Message::End),
        }
    }

    fn next(&mut self) -> Message {
        self.messages.recv().unwrap_or(Message::End)
    }
}

/// What is typed while one question is open.
struct Answering<'a> {
    inbox: &'a mut Inbox,
    number: u64,
}

impl Lines for Answering<'_> {
    fn forget(&mut self) {
        self.inbox.keyboard.forget();
    }

    fn next(&mut self) -> Option<String> {
        let withdrawn = |message: &Message| matches!(message, Message::Withdrawn(number) if *number == self.number);
        if self.inbox.held.iter().any(withdrawn) {
            return None;
        }
        self.inbox.keyboard.want_line();
        loop {
            match self.inbox.next() {
                Message::Typed(line) => {
                    self.inbox.keyboard.got_line();
                    return line;
                }
                Message::Withdrawn(number) if number == self.number => return None,
                Message::End => {
                    self.inbox.held.push_back(Message::End);
                    return None;
                }
                other => self.inbox.held.push_back(other),
            }
        }
    }
}
