//! Rules: what a person decided for good, held against a call.

mod matching;
mod suggest;

pub use matching::covers;
pub use suggest::suggestions;

use serde_json::Value;
use slipway_contract::RuleId;
use slipway_contract::rule::{Rule, Ruling};
use slipway_contract::tool::{ApprovalPolicy, ToolDefinition};

use super::binding;

/// What the rules say to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is made.
    Allow(RuleId),
    /// It is not made.
    Deny(RuleId),
}

/// What these rules of its agent say to a call of this tool; nothing when the person has to be
/// asked. A rule that denies wins over any that allows.
#[must_use]
pub fn verdict(rules: &[Rule], tool: &ToolDefinition, arguments: &Value) -> Option<Verdict> {
    let mut allowing = None;
    for rule in in_force(rules, &tool.name) {
        let about_these = rule
            .ruling
            .arguments()
            .is_none_or(|pattern| covers(pattern, arguments));
        match &rule.ruling {
            Ruling::Deny { .. } if about_these => return Some(Verdict::Deny(rule.id)),
            Ruling::Allow { definition, .. }
                if about_these && *definition == binding::of_definition(tool) =>
            {
                allowing = allowing.or(Some(Verdict::Allow(rule.id)));
            }
            _ => {}
        }
    }
    allowing
}

/// The policy of a tool for whose agent these rules were made: what the package asks for, or
/// something stricter. A rule that denies some calls makes the tool ask, so that it is heard.
#[must_use]
pub fn policy(
    rules: &[Rule],
    tool: &str,
    asked_for: Option<ApprovalPolicy>,
) -> Option<ApprovalPolicy> {
    let stricter = in_force(rules, tool).filter_map(|rule| match &rule.ruling {
        Ruling::Allow { .. } => None,
        Ruling::Ask {} | Ruling::Deny { arguments: Some(_) } => Some(ApprovalPolicy::Ask),
        Ruling::Deny { arguments: None } => Some(ApprovalPolicy::Deny),
    });
    stricter.fold(asked_for, |policy, rule| match (policy, rule) {
        (Some(ApprovalPolicy::Deny), _) | (_, ApprovalPolicy::Deny) => Some(ApprovalPolicy::Deny),
        _ => Some(ApprovalPolicy::Ask),
    })
}

fn in_force<'a>(rules: &'a [Rule], tool: &'a str) -> impl Iterator<Item = &'a Rule> {
    rules
        .iter()
        .filter(move |rule| rule.tool == tool && rule.revoked_at.is_none())
}

#[cfg(test)]
mod tests;
