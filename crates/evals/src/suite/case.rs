//! A case: what an agent is given, and what is expected of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use slipway_agent::package::PackagePath;
use slipway_contract::Usd;

use super::files::CaseFile;
use super::mock::{Mock, MockAnswer};
use super::name::CaseName;
use super::table::Row;
use super::variables::{Texts, Variables};
use crate::assertion::{Expectation, Threshold};

/// A case as its suite says it, the suite's defaults included.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name, unique in the suite.
    pub name: CaseName,
    /// Where it begins in the suite's file, from 1.
    pub line: u32,
    /// Words to choose cases by.
    pub tags: Vec<String>,
    /// What the person says, one text for each turn; at least one.
    pub turns: Vec<String>,
    /// What stands for `{{name}}` in texts.
    pub variables: Variables,
    /// Files that lie in the run's working folder when it begins.
    pub files: Vec<CaseFile>,
    /// Files of the package that go with the first turn.
    pub attachments: Vec<PackagePath>,
    /// The recording that is played, `recordings/NAME.jsonl`.
    pub recording: Option<String>,
    /// Who answers the agent's calls of tools.
    pub tools: ToolSources,
    /// Answers that stand in for tools.
    pub mocks: Vec<Mock>,
    /// Answers to what the run asks.
    pub approvals: Approvals,
    /// How often it is run, and how often it must pass.
    pub repeat: Repeat,
    /// Milliseconds that one attempt may take.
    pub timeout_ms: Option<u64>,
    /// What one attempt may cost.
    pub budget_usd: Option<Usd>,
    /// The share of the weights that must be met; all, where there is none.
    pub threshold: Option<Threshold>,
    /// What is expected.
    pub expect: Vec<Expectation>,
    /// The rows of its table, each of which makes a case; none where it has no table.
    pub rows: Arc<[Row]>,
}

/// Who answers the agent's calls of tools, where no [`Mock`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ToolSource {
    /// The tools themselves.
    #[default]
    Live,
    /// The recording.
    Recorded,
    /// Nobody: such a call fails, and the model is told so.
    Mocked,
}

/// Who answers calls of which tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolSources {
    /// Of tools that are named.
    pub of: BTreeMap<String, ToolSource>,
    /// Of all others.
    pub others: ToolSource,
}

impl ToolSources {
    /// The same for every tool.
    #[must_use]
    pub const fn all(others: ToolSource) -> Self {
        Self {
            of: BTreeMap::new(),
            others,
        }
    }

    /// Who answers calls of this tool.
    #[must_use]
    pub fn of(&self, tool: &str) -> ToolSource {
        self.of.get(tool).copied().unwrap_or(self.others)
    }

    /// Whether some tool is answered for by this.
    #[must_use]
    pub fn name(&self, source: ToolSource) -> bool {
        self.others == source || self.of.values().any(|of| *of == source)
    }
}

/// How questions about tools are answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approvals(pub BTreeMap<String, ApprovalRule>);

/// What a question about a tool is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalRule {
    /// Do it.
    Allow,
    /// Do not.
    Deny,
}

impl Approvals {
    /// The name that stands for every tool that is not named.
    pub const OTHERS: &'static str = "*";

    /// The answer for a tool; none leaves the run waiting.
    #[must_use]
    pub fn answer(&self, tool: &str) -> Option<ApprovalRule> {
        self.0
            .get(tool)
            .or_else(|| self.0.get(Self::OTHERS))
            .copied()
    }
}

/// How often a case is run, and how often it must pass: at least once, and never more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeat {
    times: u32,
    required: u32,
}

impl Repeat {
    /// Once, and that must pass.
    pub const ONCE: Self = Self {
        times: 1,
        required: 1,
    };

    /// So many attempts, of which so many must pass; none when that cannot be.
    #[must_use]
    pub const fn new(times: u32, required: u32) -> Option<Self> {
        if required >= 1 && required <= times {
            Some(Self { times, required })
        } else {
            None
        }
    }

    /// How often it is run.
    #[must_use]
    pub const fn times(self) -> u32 {
        self.times
    }

    /// How often it must pass.
    #[must_use]
    pub const fn required(self) -> u32 {
        self.required
    }
}

impl Case {
    /// The answer that stands in for this call: that of the first mock that fits.
    #[must_use]
    pub fn mock(&self, tool: &str, arguments: &Value) -> Option<&MockAnswer> {
        let fits = self.mocks.iter().find(|mock| mock.fits(tool, arguments));
        fits.map(|mock| &mock.answer)
    }
}

impl Texts for Case {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.turns.each_text(see);
        self.files.each_text(see);
        self.mocks.each_text(see);
        self.expect.each_text(see);
    }
}
