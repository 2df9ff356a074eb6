//! Proposals are held against the suite's own reader before a person sees them.

use std::collections::BTreeSet;

use slipway_contract::visible::deceives;

use super::proposal::Proposal;
use crate::suite::{CaseName, Suite, Tested};

/// Findings that are told of one proposal.
const TOLD: usize = 3;

/// What came of making proposals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposed {
    /// Those that are valid cases.
    pub proposals: Vec<Proposal>,
    /// Those that are none.
    pub dropped: Vec<Dropped>,
}

/// A proposal that is no valid case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What it was called.
    pub name: String,
    /// Why it is left out.
    pub why: String,
}

impl Dropped {
    pub(super) fn new(name: &str, why: impl Into<String>) -> Self {
        const LONGEST: usize = 1_000;
        let why: String = why.into();
        Self {
            name: plain(name, CaseName::MOST),
            why: why.chars().take(LONGEST).collect(),
        }
    }
}

impl Proposed {
    /// Takes what is a valid case of a suite for this agent, and drops the rest with the reasons.
    pub(super) fn take(&mut self, proposal: Proposal, tested: &Tested<'_>) {
        match problem(&proposal, tested) {
            None => self.proposals.push(proposal),
            Some(why) => self.dropped.push(Dropped::new(&proposal.name, why)),
        }
    }
}

fn problem(proposal: &Proposal, tested: &Tested<'_>) -> Option<String> {
    let file = "tests/proposed.toml".parse().ok()?;
    let source = format!("format = 1\n\n{}", proposal.toml);
    let findings = Suite::parse_text(&file, &source, tested).err()?;
    let told: Vec<String> = findings
        .iter()
        .take(TOLD)
        .map(|finding| match &finding.key {
            Some(key) => format!("{key}: {}", finding.message),
            None => finding.message.clone(),
        })
        .collect();
    Some(told.join("; "))
}

/// A text as one plain line of at most so many characters.
pub(super) fn plain(text: &str, most: usize) -> String {
    let spaced: String = text
        .chars()
        .map(|c| match deceives(c) || c.is_control() {
            true => ' ',
            false => c,
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(most).collect();
    line.trim_end().to_owned()
}

/// A name that is not taken yet, and is from now on; names that differ in case alone are one.
pub(super) fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let name = match plain(name, CaseName::MOST) {
        empty if empty.is_empty() => "Case".to_owned(),
        name => name,
    };
    let mut candidate = name.clone();
    let mut number = 1_u32;
    while !taken.insert(candidate.to_lowercase()) {
        number += 1;
        let end = format!(" ({number})");
        let room = CaseName::MOST - end.chars().count();
        let start: String = name.chars().take(room).collect();
        candidate = format!("{}{end}", start.trim_end());
    }
    candidate
}
