//! What a run cost, how long it took and how many steps it made.

use std::fmt;

use slipway_agent::package::document::{Reader, Section, Span};
use slipway_contract::Usd;

use super::verdict::Verdict;
use crate::evidence::Evidence;

/// A figure of the run is at most this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtMost {
    /// Its cost.
    Cost(Usd),
    /// Its milliseconds, without the time that it waited for a person.
    Latency(u64),
    /// Its model calls and tool calls together.
    Steps(u32),
}

impl AtMost {
    pub(super) fn cost(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        reader.usd(section, "max_cost_usd").map(Self::Cost)
    }

    pub(super) fn latency(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        reader
            .duration(section, "max_latency", Span::Work)
            .map(Self::Latency)
    }

    pub(super) fn steps(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        reader
            .integer(section, "max_steps", &(1..=10_000))
            .map(Self::Steps)
    }

    pub(super) fn judge(self, evidence: &Evidence) -> Verdict {
        let figures = &evidence.figures;
        match self {
            Self::Cost(most) => match (figures.cost_usd, figures.cost_at_most_usd) {
                (Some(cost), _) if cost <= most => Verdict::Passed,
                (Some(cost), _) => Verdict::failed(format!(
                    "it cost {}, and {} is the most",
                    cost.display_exact(),
                    most.display_exact()
                )),
                // Whatever it cost, it was no more than this.
                (None, Some(bound)) if bound <= most => Verdict::Passed,
                (None, _) => Verdict::unjudged("nobody knows what the run cost"),
            },
            Self::Latency(most) => {
                let took = figures.latency_ms;
                if took <= most {
                    Verdict::Passed
                } else {
                    let (took, most) = (seconds(took), seconds(most));
                    Verdict::failed(format!("it took {took}, and {most} is the most"))
                }
            }
            Self::Steps(most) if figures.steps <= most => Verdict::Passed,
            Self::Steps(most) => {
                let steps = figures.steps;
                Verdict::failed(format!("it made {steps} steps, and {most} are the most"))
            }
        }
    }
}

/// Milliseconds as people read them.
pub(crate) fn seconds(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{:.1} s", milliseconds as f64 / 1_000.0),
        _ => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds / 1_000 % 60
        ),
    }
}

impl fmt::Display for AtMost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cost(most) => write!(f, "costs at most {}", most.display_exact()),
            Self::Latency(most) => write!(f, "takes at most {}", seconds(*most)),
            Self::Steps(most) => write!(f, "makes at most {most} steps"),
        }
    }
}
