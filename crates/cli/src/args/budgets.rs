//! `slipway budgets`.

use std::str::FromStr;

use clap::{Args, Subcommand};
use slipway_contract::budget::{BudgetKey, Period};
use slipway_contract::{AgentName, Usd};

/// List, set and remove limits of money, for all agents or for one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  slipway budgets                                  The same as `slipway budgets list`
  slipway budgets spend                            What this month came to
  slipway budgets set 1.00/day                     All agents together
  slipway budgets set 5.00/month --agent expense-report
  slipway budgets remove day

A run has a budget of its own besides: slipway run --budget, or limits.budget_usd.")]
pub(crate) struct BudgetsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<BudgetsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BudgetsCommand {
    /// List the budgets: what is spent, reserved and left, and when the period ends
    #[command(after_help = "\
Examples:
  slipway budgets list
  slipway budgets list --json")]
    List,
    /// Show what was spent this month: day by day, and by agent
    #[command(after_help = "\
Examples:
  slipway budgets spend
  slipway budgets spend --json

It counts every priced call of the month in your time zone, whether or not a budget is set.")]
    Spend,
    /// Set a budget, in place of the one there was for the same period and agent
    #[command(after_help = "\
Examples:
  slipway budgets set 1.00/day
  slipway budgets set 20/month
  slipway budgets set 5.00/month --agent expense-report
  slipway budgets set 50/total --agent expense-report   It never begins anew

Days begin at midnight and months on the first, in your time zone. What was spent before counts.
A budget holds from the next call on, for runs that are under way as well.")]
    Set {
        /// The most that may be spent in a day, in a month or in total, in US dollars
        #[arg(value_name = "USD/day|month|total", allow_hyphen_values = true)]
        limit: Limit,
        #[command(flatten)]
        whose: Whose,
    },
    /// Remove a budget; what was spent stays known
    #[command(after_help = "\
Examples:
  slipway budgets remove day
  slipway budgets remove month --agent expense-report")]
    Remove {
        /// The period: day, month or total
        #[arg(value_name = "day|month|total")]
        period: Period,
        #[command(flatten)]
        whose: Whose,
    },
}

/// For which agent.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// For this agent alone, instead of all together
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<AgentName>,
}

impl Whose {
    pub(crate) fn key(self, period: Period) -> BudgetKey {
        BudgetKey {
            agent: self.agent,
            period,
        }
    }
}

/// `5.00/month`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) amount: Usd,
    pub(crate) period: Period,
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((amount, period)) = text.split_once('/') else {
            let text: String = text.chars().take(40).collect();
            return Err(format!(
                "{text:?} says no period: write an amount and day, month or total, such as 5.00/month"
            ));
        };
        Ok(Self {
            amount: amount.parse().map_err(|error| format!("{error}"))?,
            period: period.parse().map_err(|error| format!("{error}"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_an_amount_and_a_period() {
        let limit: Limit = "5.00/month".parse().unwrap();
        assert_eq!(limit.period, Period::Month);
        assert_eq!(limit.amount, "5".parse().unwrap());
        for (text, says) in [
            ("5.00", "5.00/month"),
            ("5.00/week", "day, month or total"),
            ("much/day", "not an amount"),
            ("-1/day", "not an amount"),
        ] {
            let error = text.parse::<Limit>().unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
