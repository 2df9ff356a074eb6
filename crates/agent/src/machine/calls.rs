//! The tool calls of one answer, each in exactly one state.

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_contract::approval::{Approval, Question};
use slipway_contract::message::{Content, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::tool::{ApprovalPolicy, Effect};
use slipway_contract::{CallId, ContentHash, StepId};

use crate::policy::binding;
use crate::spec::{RunSpec, ToolSpec};

/// A tool call of the newest answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its step.
    pub step: StepId,
    /// The model's id of it.
    pub call_id: CallId,
    /// The tool as the model named it.
    pub tool: String,
    /// The arguments.
    pub arguments: Value,
    /// What it does to the world.
    pub effect: Effect,
    /// How often it was begun.
    pub attempts: u32,
    /// What the answer that allowed it covers; none where nobody was asked.
    pub approved: Option<ContentHash>,
    /// Whether the tool can be asked what became of its newest attempt, and was not asked yet.
    pub reconcilable: bool,
    /// Where it stands.
    pub status: CallStatus,
}

/// Where a tool call stands.
#[derive(Debug, Clone, PartialEq)]
pub enum CallStatus {
    /// May be made.
    Wanted,
    /// Is not made; the model is to be told why.
    Refused(String),
    /// A person must be asked.
    NeedsApproval(Approval),
    /// A person was asked.
    Asked(Approval),
    /// Was begun.
    InFlight,
    /// Was cut off, and is not safe to repeat: the tool if it can tell, else a person, must be
    /// asked.
    Unknown,
    /// The tool is asked whether it happened.
    Reconciling,
    /// A person was asked whether it happened.
    AskedOutcome(Approval),
    /// Failed in a way that ends the run; the end says how.
    Failed,
    /// Has its result.
    Settled {
        /// The result.
        result: Value,
        /// Whether it failed in a way that the model can act on.
        is_error: bool,
    },
}

impl Call {
    /// Whether it has its result.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self.status, CallStatus::Settled { .. })
    }

    /// Whether it may have changed something without that being known.
    #[must_use]
    pub const fn may_have_happened(&self) -> bool {
        !self.effect.reads_only()
            && matches!(
                self.status,
                CallStatus::InFlight
                    | CallStatus::Failed
                    | CallStatus::Unknown
                    | CallStatus::Reconciling
                    | CallStatus::AskedOutcome(_)
            )
    }

    /// The question that waits for a person.
    #[must_use]
    pub const fn asked(&self) -> Option<&Approval> {
        match &self.status {
            CallStatus::Asked(approval) | CallStatus::AskedOutcome(approval) => Some(approval),
            _ => None,
        }
    }

    /// The question whether it happened.
    pub(super) fn outcome_question(&self) -> Approval {
        let question = Question::Outcome {
            call_id: self.call_id.clone(),
            tool: self.tool.clone(),
            arguments: self.arguments.clone(),
        };
        let binding = crate::canonical::hash(&serde_json::json!({
            "outcome_of": self.step, "call": self.call_id, "tool": self.tool, "arguments": self.arguments,
        }));
        Approval {
            step: self.step,
            question,
            binding,
            expires_at: None,
        }
    }
}

/// Gives each call of an answer an id of its own, so that results can be told apart, and says
/// which ids the model had used twice.
pub(super) fn distinct_ids(content: &mut [Content]) -> Vec<CallId> {
    let mut counts: BTreeMap<CallId, u32> = BTreeMap::new();
    for part in content.iter() {
        if let Content::ToolCall(call) = part {
            *counts.entry(call.call_id.clone()).or_default() += 1;
        }
    }
    let taken: Vec<CallId> = counts.keys().cloned().collect();
    let mut repeated = Vec::new();
    let mut number = 0_u32;
    for part in content.iter_mut() {
        let Content::ToolCall(call) = part else {
            continue;
        };
        if counts.get(&call.call_id).is_some_and(|count| *count > 1) {
            let original = call.call_id.clone();
            loop {
                number += 1;
                call.call_id = CallId(format!("{original}-{number}"));
                if !taken.contains(&call.call_id) {
                    break;
                }
            }
            repeated.push(call.call_id.clone());
        }
    }
    repeated
}

/// Where a call that the model just asked for stands; `unfit` says what is wrong with its arguments.
pub(super) fn admit(
    spec: &RunSpec,
    step: StepId,
    call: &ToolCall,
    repeated: &[CallId],
    unfit: Option<&str>,
) -> Call {
    let tool = spec
        .tools
        .iter()
        .find(|tool| tool.definition.name == call.tool);
    let effect = tool.map_or(Effect::Write, |tool| {
        tool.definition.effect.of(&call.arguments)
    });
    let status = match (tool, &call.malformed) {
        _ if repeated.contains(&call.call_id) => CallStatus::Refused(
            "Two calls in one answer had the same id, so neither was made. Call again, each with an id of its own."
                .to_owned(),
        ),
        (None, _) => CallStatus::Refused(unknown_tool(spec, &call.tool)),
        (Some(_), Some(problem)) => CallStatus::Refused(format!(
            "The arguments are not a JSON object, so the call was not made: {problem}. Call again with valid JSON."
        )),
        (Some(tool), None) => match unfit {
            Some(problem) => CallStatus::Refused(problem.to_owned()),
            None => by_policy(spec, tool, step, call, effect),
        },
    };
    Call {
        step,
        call_id: call.call_id.clone(),
        tool: call.tool.clone(),
        arguments: call.arguments.clone(),
        effect,
        attempts: 0,
        approved: None,
        reconcilable: tool.is_some_and(|tool| tool.reconciles),
        status,
    }
}

fn unknown_tool(spec: &RunSpec, name: &str) -> String {
    let name: String = name.chars().take(80).collect();
    if spec.tools.is_empty() {
        return format!(
            "There is no tool named {name:?}: this agent has no tools. Answer without one."
        );
    }
    let names: Vec<_> = spec
        .tools
        .iter()
        .map(|tool| tool.definition.name.as_str())
        .collect();
    format!(
        "There is no tool named {name:?}. The tools are: {}.",
        names.join(", ")
    )
}

fn by_policy(
    spec: &RunSpec,
    tool: &ToolSpec,
    step: StepId,
    call: &ToolCall,
    effect: Effect,
) -> CallStatus {
    let unasked = || {
        spec.granted.contains(&Permission::Unasked {
            tool: call.tool.clone(),
        })
    };
    match tool.approval.unwrap_or(ApprovalPolicy::default_for(effect)) {
        ApprovalPolicy::Deny => {
            CallStatus::Refused("This agent may not use this tool. Go on without it.".to_owned())
        }
        ApprovalPolicy::Allow if effect.reads_only() || unasked() => CallStatus::Wanted,
        ApprovalPolicy::Allow | ApprovalPolicy::Ask => CallStatus::NeedsApproval(Approval {
            step,
            binding: binding::of_call(&tool.definition, &call.arguments),
            expires_at: None,
            question: Question::Call {
                call_id: call.call_id.clone(),
                tool: call.tool.clone(),
                server: tool.definition.server.clone(),
                arguments: call.arguments.clone(),
                effect,
            },
        }),
    }
}
