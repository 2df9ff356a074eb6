//! Budgets of a person: for all agents or one of them, over a calendar period.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{AgentName, Timestamp, Usd};

/// The time over which a budget counts, in the person's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From the first of a month to the first of the next.
    Month,
    /// For good: it never begins anew.
    Total,
}

impl Period {
    /// The word as it is stored, sent and typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Total => "total",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a period: write day, month or total")]
pub struct InvalidPeriod(String);

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        match text {
            "day" => Ok(Self::Day),
            "month" => Ok(Self::Month),
            "total" => Ok(Self::Total),
            other => Err(InvalidPeriod(other.chars().take(40).collect())),
        }
    }
}

/// What a budget of a person is for; there is one at most for each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BudgetKey {
    /// The agent; none for all of them together.
    pub agent: Option<AgentName>,
    /// The period.
    pub period: Period,
}

impl fmt::Display for BudgetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.agent {
            Some(agent) => write!(f, "{agent}, ")?,
            None => f.write_str("all agents, ")?,
        }
        f.write_str(match self.period {
            Period::Day => "per day",
            Period::Month => "per month",
            Period::Total => "in total",
        })
    }
}

/// A budget of a person with how it stands now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BudgetSummary {
    /// What it is for.
    #[serde(flatten)]
    pub key: BudgetKey,
    /// The limit.
    pub limit_usd: Usd,
    /// What calls of this period cost, as far as it was agreed before them.
    pub spent_usd: Usd,
    /// What is set aside: for calls under way, and for those whose outcome is unknown.
    pub reserved_usd: Usd,
    /// Of that, what belongs to calls of which nobody heard what became of them. It stays set
    /// aside.
    #[serde(default)]
    pub unknown_usd: Usd,
    /// What providers billed beyond what was agreed. It lessens what is left.
    pub beyond_usd: Usd,
    /// What further calls may cost.
    pub left_usd: Usd,
    /// When the period began; none for [`Period::Total`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it ends and the next begins; none for [`Period::Total`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}
