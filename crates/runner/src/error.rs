//! Why a run could not be started or taken up.

use std::path::PathBuf;

use slipway_agent::driver::DriveError;
use slipway_agent::machine::NoFork;
use slipway_agent::ports::lease::LeaseError;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::provider::TestFailure;
use slipway_contract::{ErrorCode, Problem};
use slipway_providers::{ListError, ResolveError};

/// Why a run could not be started or taken up; nothing was done then.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No model can serve it.
    #[error(transparent)]
    Model(#[from] ResolveError),
    /// A provider that was asked for its models did not say.
    #[error(transparent)]
    Provider(ModelError),
    /// The input does not fit `[input]`.
    #[error("the input does not fit [input]: {0}")]
    Input(String),
    /// The package names a tool that this version cannot serve.
    #[error(
        "the tool {0} cannot be used: it needs a kind of server that this version of Slipway does not start"
    )]
    Tool(String),
    /// A folder's path is no text.
    #[error("the folder {} cannot be used: its path is not valid UTF-8", .0.display())]
    Folder(PathBuf),
    /// The run may not use the network, and its model is on it.
    #[error("{0} is reached over the network, and this run may not use it")]
    NoNetwork(String),
    /// The models that are to stand in for one make no sense.
    #[error("the models to fall back to cannot be used: {0}")]
    Fallback(String),
    /// The model cannot take what goes with the input.
    #[error("{model} does not take {what}, and {file} is one")]
    Attachment {
        /// The model.
        model: String,
        /// The kind of file.
        what: &'static str,
        /// The file's name.
        file: String,
    },
    /// The journal, the lease or the ledger refused.
    #[error(transparent)]
    Drive(#[from] DriveError),
}

impl From<ListError> for RunError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Resolve(error) => Self::Model(error),
            ListError::Model(error) => Self::Provider(error),
        }
    }
}

impl RunError {
    /// Whether another process drives the run.
    #[must_use]
    pub const fn is_driven_elsewhere(&self) -> bool {
        matches!(
            self,
            Self::Drive(DriveError::Lease(LeaseError::Held { .. }))
        )
    }

    /// Why a provider that was tested does not work, in a word.
    #[must_use]
    pub const fn test_failure(&self) -> TestFailure {
        match self {
            Self::Model(error) => match error {
                ResolveError::NoKey { .. } => TestFailure::NoKey,
                ResolveError::Secrets(_) => TestFailure::KeysUnreadable,
                ResolveError::Key { .. } => TestFailure::KeyRefused,
                ResolveError::BaseUrl { .. }
                | ResolveError::NoBaseUrl { .. }
                | ResolveError::OpenToOthers { .. }
                | ResolveError::OwnProviders(_) => TestFailure::Address,
                _ => TestFailure::Other,
            },
            Self::Provider(error) => match error.kind {
                ModelErrorKind::Authentication => TestFailure::KeyRefused,
                ModelErrorKind::Quota => TestFailure::NoCredit,
                ModelErrorKind::RateLimit => TestFailure::RateLimited,
                ModelErrorKind::Overloaded => TestFailure::Overloaded,
                ModelErrorKind::Network | ModelErrorKind::Timeout => TestFailure::Unreachable,
                ModelErrorKind::NotFound
                | ModelErrorKind::Malformed
                | ModelErrorKind::AnswerTooLong => TestFailure::Unreadable,
                _ => TestFailure::Other,
            },
            _ => TestFailure::Other,
        }
    }

    /// The error as it crosses a boundary.
    #[must_use]
    pub fn to_problem(&self) -> Problem {
        let code = match self {
            Self::Model(_) | Self::NoNetwork(_) => ErrorCode::NoModel,
            Self::Provider(error) => match error.kind {
                ModelErrorKind::Authentication | ModelErrorKind::NotFound => ErrorCode::NoModel,
                _ => ErrorCode::Provider,
            },
            Self::Input(_) | Self::Folder(_) | Self::Fallback(_) | Self::Attachment { .. } => {
                ErrorCode::InvalidInput
            }
            Self::Tool(_) => ErrorCode::InvalidPackage,
            Self::Drive(DriveError::Lease(LeaseError::Held { .. } | LeaseError::Lost)) => {
                ErrorCode::Busy
            }
            Self::Drive(DriveError::Ended | DriveError::Expired(_) | DriveError::Illegal(_)) => {
                ErrorCode::WrongState
            }
            Self::Drive(DriveError::NoFork(NoFork::Illegal(_))) => ErrorCode::Storage,
            Self::Drive(DriveError::NoFork(_)) => ErrorCode::InvalidInput,
            Self::Drive(_) => ErrorCode::Storage,
        };
        let problem = Problem::new(code, self.to_string());
        match self {
            Self::Folder(_) => problem.help("Rename the folder, or choose another."),
            Self::Attachment { .. } => problem.help(
                "Choose a model that does (slipway models), or leave the file out; nothing was started.",
            ),
            Self::Fallback(_) => {
                problem.help("Each is PROVIDER/MODEL, another than the model, and named once.")
            }
            Self::NoNetwork(_) => problem.help(
                "Choose a local model (--model local/…) or a recording, or start a run that may use the network.",
            ),
            Self::Drive(DriveError::NoFork(_)) => {
                problem.help("`slipway runs show` numbers the steps of a run.")
            }
            Self::Drive(DriveError::Lease(LeaseError::Held { .. })) => {
                problem.help("Wait until it ends, or stop it there.")
            }
            _ => problem,
        }
    }
}
