//! Rules.

use slipway_contract::command::{ListRules, RemoveRule, RuleChoices};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: RuleChoices| async move { app.rule_choices(ask.run, ask.step).await })
        .on(|app, ask: ListRules| async move { app.list_rules(Some(&ask.agent), false).await })
        .on(|app, ask: RemoveRule| async move { app.remove_rule(ask.rule).await })
}
