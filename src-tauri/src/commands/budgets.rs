//! Limits of money, and what was spent.

use slipway_contract::command::{ListBudgets, RemoveBudget, SetBudget, ShowPrices, ShowSpend};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ShowSpend| async move { app.month_spend().await })
        .on(|app, _: ListBudgets| async move { app.list_budgets().await })
        .on(|app, ask: SetBudget| async move { app.set_budget(&ask.key, ask.limit_usd).await })
        .on(|app, ask: RemoveBudget| async move { app.remove_budget(&ask.key).await })
        .on(|app, _: ShowPrices| async move { Ok(app.show_prices().await) })
}
