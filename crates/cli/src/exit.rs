//! How the process ends.

use std::io;
use std::process::ExitCode;

use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{ErrorCode, Problem};

/// What the process tells its caller. The numbers are part of the public interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Succeeded,
    /// The run failed, or Slipway could not do what was asked.
    Failed,
    /// Wrong use, an invalid package, or no usable model.
    Wrong,
    /// The run waits for a person.
    Parked,
    /// The run failed because it is over its budget.
    OverBudget,
    /// A person cancelled.
    Cancelled,
    /// Told to stop by a signal, the run let go of: 128 and the signal's number, as shells say it.
    Detached(Stop),
}

/// Why a run was let go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The terminal was closed.
    HangUp,
    /// The reader of the output went away.
    BrokenPipe,
    /// The process was asked to end.
    Terminate,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Succeeded => 0,
            Self::Failed => 1,
            Self::Wrong => 2,
            Self::Parked => 3,
            Self::OverBudget => 4,
            Self::Cancelled => 130,
            Self::Detached(Stop::HangUp) => 129,
            Self::Detached(Stop::BrokenPipe) => 141,
            Self::Detached(Stop::Terminate) => 143,
        }
    }

    pub(crate) const fn of_end(end: &End) -> Self {
        match (end.status, end.reason) {
            (RunStatus::Succeeded, _) => Self::Succeeded,
            (RunStatus::Cancelled, _) => Self::Cancelled,
            (_, EndReason::OverBudget) => Self::OverBudget,
            _ => Self::Failed,
        }
    }

    pub(crate) const fn of_problem(problem: &Problem) -> Self {
        match problem.code {
            ErrorCode::InvalidPackage
            | ErrorCode::InvalidInput
            | ErrorCode::NotFound
            | ErrorCode::Conflict
            | ErrorCode::NoModel
            | ErrorCode::NotSignedIn
            | ErrorCode::SignInTooOld
            | ErrorCode::WrongState => Self::Wrong,
            ErrorCode::Provider
            | ErrorCode::Unreachable
            | ErrorCode::Cloud
            | ErrorCode::Busy
            | ErrorCode::Storage
            | ErrorCode::Internal => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to tell the person.
    Problem(Problem),
    /// The output could not be written.
    Output(io::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
