//! Questions to a person, and their answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{ModelRef, Price};
use crate::permission::Permission;
use crate::tool::Effect;
use crate::{CallId, ContentHash, RuleId, StepId, Timestamp};

/// What a run asks a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// May this version do what its package asks for?
    Grant {
        /// What is asked for and not yet granted.
        permissions: Vec<Permission>,
        /// The behaviour hash that the grant is bound to.
        behaviour: ContentHash,
    },
    /// May this call be made, with exactly these arguments?
    Call {
        /// The call.
        call_id: CallId,
        /// The tool's name.
        tool: String,
        /// Who serves the tool.
        server: String,
        /// The arguments as they will be sent.
        arguments: Value,
        /// What the call does to the world.
        effect: Effect,
    },
    /// A call that changes something was cut off: did it happen?
    Outcome {
        /// The call.
        call_id: CallId,
        /// The tool's name.
        tool: String,
        /// The arguments that were sent.
        arguments: Value,
    },
    /// A budget applies, and nobody knows what the model costs: may the run go on without a limit
    /// of money?
    Price {
        /// The model, `provider/model`.
        model: ModelRef,
        /// The budgets that cannot be kept, as people read them.
        budgets: Vec<String>,
    },
}

/// A question with what the answer will be bound to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// The step that asks.
    pub step: StepId,
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// SHA-256 of exactly what is asked: the tool's definition and the arguments, or the
    /// permissions and the behaviour hash. One byte changed, and the answer is void.
    pub binding: ContentHash,
    /// From when on no answer counts any more: the run ends then. None waits for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Approval {
    /// Whether an answer at this time comes too late.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

/// A person's (or a rule's) answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Do it, this once.
    Approve,
    /// Do not; the model is told so.
    Deny {
        /// Why, for the model; may be empty.
        reason: String,
    },
    /// The call whose outcome was unknown happened, with this result.
    Happened {
        /// The result, as the model will read it.
        result: String,
    },
    /// The call whose outcome was unknown did not happen: do it now.
    NotHappened,
    /// The price that was unknown, for the rest of this run.
    Price {
        /// The price.
        price: Price,
    },
    /// End the run.
    Stop,
}

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person, at a terminal or in the window.
    Person,
    /// The person's order for this run, such as `--approve allow`.
    RunOption,
    /// The person's own table of prices, by now.
    PriceTable,
    /// A rule that the person made.
    Rule {
        /// The rule.
        rule: RuleId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_expires_at_its_time_and_not_before() {
        let mut approval: Approval = serde_json::from_value(serde_json::json!({
            "step": 2, "ask": "outcome", "call_id": "c", "tool": "t", "arguments": {},
            "binding": ContentHash::from_bytes([1; 32]),
        }))
        .unwrap();
        let end = Timestamp::from_millisecond(1_000).unwrap();
        assert!(
            !approval.has_expired(end),
            "a question of old waits for ever"
        );
        approval.expires_at = Some(end);
        assert!(!approval.has_expired(Timestamp::from_millisecond(999).unwrap()));
        assert!(approval.has_expired(end));
    }

    #[test]
    fn who_answered_reads_as_one_word_and_the_rule() {
        let rule = AnsweredBy::Rule {
            rule: RuleId::from_random([0xab; 10]),
        };
        for (by, json) in [
            (AnsweredBy::Person, r#"{"by":"person"}"#),
            (AnsweredBy::RunOption, r#"{"by":"run_option"}"#),
            (rule, r#"{"by":"rule","rule":"abababababababababab"}"#),
        ] {
            assert_eq!(serde_json::to_string(&by).unwrap(), json);
            assert_eq!(serde_json::from_str::<AnsweredBy>(json).unwrap(), by);
        }
    }
}
