//! How the database is opened.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use slipway_agent::ports::clock::Clock;

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// A loss of power: the disk has it.
    #[default]
    Full,
    /// A crash of the process; a loss of power may undo the last commits, never tear them.
    Normal,
}

/// How the database is opened.
#[derive(Clone)]
pub struct Options {
    /// What a commit of the journal survives.
    pub synchronous: Synchronous,
    /// How long to wait for another process that writes.
    pub busy_timeout: Duration,
    /// The time that leases go by.
    pub clock: Arc<dyn Clock>,
    /// The person's time zone, by which their budgets' days and months begin.
    pub zone: TimeZone,
}

impl Options {
    /// A journal that survives a loss of power, and five seconds of patience with others.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            synchronous: Synchronous::default(),
            busy_timeout: Duration::from_secs(5),
            clock,
            zone: TimeZone::UTC,
        }
    }
}
