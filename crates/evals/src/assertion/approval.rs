//! What a person was asked, and what was refused.

use std::fmt;

use super::tool::ANY;
use super::verdict::{Explanation, Verdict};
use crate::evidence::Evidence;

/// A question about a tool's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The tool; `*` is any.
    pub tool: String,
    /// What must have come of it.
    pub wanted: Wanted,
}

/// What must have come of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It was asked.
    Asked,
    /// It was asked, and refused.
    Refused,
}

impl Approval {
    fn tool(&self) -> &str {
        match self.tool.as_str() {
            ANY => "any tool",
            tool => tool,
        }
    }

    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        let mut asked = evidence
            .questions
            .iter()
            .filter(|asked| self.tool == ANY || asked.tool == self.tool);
        let met = asked.any(|asked| match self.wanted {
            Wanted::Asked => true,
            Wanted::Refused => asked.allowed == Some(false),
        });
        Verdict::of(met, || {
            let tool = self.tool();
            let summary = match self.wanted {
                Wanted::Asked => format!("nobody was asked before {tool}"),
                Wanted::Refused => format!("no call of {tool} was refused"),
            };
            let asked = evidence.questions.iter().map(|asked| {
                let answer = match asked.allowed {
                    Some(true) => "allowed",
                    Some(false) => "refused",
                    None => "not answered",
                };
                format!("{} ({answer})", asked.tool)
            });
            let asked: Vec<String> = asked.collect();
            match asked.is_empty() {
                true => Explanation::with_got(summary, "nobody was asked anything"),
                false => Explanation::with_got(summary, &asked.join("\n")),
            }
        })
    }
}

impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wanted {
            Wanted::Asked => write!(f, "asks before {}", self.tool()),
            Wanted::Refused => write!(f, "is refused {}", self.tool()),
        }
    }
}
