//! What the person and the system tell a process while it drives a run.

use std::io;

use crate::exit::{Exit, Stop};

/// What was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Ctrl-C: the run is to end.
    Cancel,
    /// The process is to end, and the run to be taken up later.
    Stop(Stop),
}

impl Told {
    /// How the process ends that obeys at once.
    pub(super) const fn exit(self) -> Exit {
        match self {
            Self::Cancel => Exit::Cancelled,
            Self::Stop(why) => Exit::Detached(why),
        }
    }
}

/// Hears signals from now on.
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    #[cfg(windows)]
    close: tokio::signal::windows::CtrlClose,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    pub(super) async fn next(&mut self) -> Told {
        tokio::select! {
            Some(()) = self.interrupt.recv() => Told::Cancel,
            Some(()) = self.terminate.recv() => Told::Stop(Stop::Terminate),
            Some(()) = self.hang_up.recv() => Told::Stop(Stop::HangUp),
            else => std::future::pending().await,
        }
    }
}

#[cfg(windows)]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self {
            interrupt: ctrl_c()?,
            close: ctrl_close()?,
        })
    }

    pub(super) async fn next(&mut self) -> Told {
        tokio::select! {
            Some(()) = self.interrupt.recv() => Told::Cancel,
            Some(()) = self.close.recv() => Told::Stop(Stop::HangUp),
            else => std::future::pending().await,
        }
    }
}
