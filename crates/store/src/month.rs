//! What was spent in a month, day by day and agent by agent.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use slipway_agent::policy::period::Span;
use slipway_contract::budget::Period;
use slipway_contract::history::{AgentSpend, DaySpend, MonthSpend};
use slipway_contract::{AgentName, Usd};

use crate::columns;
use crate::{Store, StoreError};

/// `at`, `agent`, `amount_usd`, `settled_usd`, `beyond_usd`.
type Row = (i64, String, String, Option<String>, Option<String>);

impl Store {
    /// What was spent this month, from every priced call of it.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn month_spend(&self) -> Result<MonthSpend, StoreError> {
        let (now, zone) = (self.clock().now(), self.zone());
        let month = Span::of(Period::Month, now, zone);
        let today = now.to_zoned(zone.clone()).date();
        let mut snapshot = self.pool().begin().await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT at, agent, amount_usd, settled_usd, beyond_usd FROM reservations \
             WHERE at >= ?1 AND at < ?2",
        )
        .bind(month.since.as_millisecond())
        .bind(month.until.as_millisecond())
        .fetch_all(&mut *snapshot)
        .await?;
        let limit: Option<(String,)> =
            sqlx::query_as("SELECT limit_usd FROM budgets WHERE agent = '' AND period = 'month'")
                .fetch_optional(&mut *snapshot)
                .await?;
        let unreadable = |error: columns::Unreadable| error.of("table reservations");
        let usd = |text: &str| columns::usd("an amount", text).map_err(unreadable);
        let mut days = days_of(today);
        let mut agents: BTreeMap<String, Usd> = BTreeMap::new();
        let (mut spent, mut reserved) = (Usd::ZERO, Usd::ZERO);
        for (at, agent, amount, settled, beyond) in rows {
            let Some(settled) = settled else {
                reserved = reserved.plus(usd(&amount)?);
                continue;
            };
            let cost = match beyond {
                Some(beyond) => usd(&settled)?.plus(usd(&beyond)?),
                None => usd(&settled)?,
            };
            spent = spent.plus(cost);
            let at = columns::time("at", at).map_err(unreadable)?;
            let day = at.to_zoned(zone.clone()).date();
            let place = days.entry(day).or_default();
            *place = place.plus(cost);
            let place = agents.entry(agent).or_default();
            *place = place.plus(cost);
        }
        let limit_usd = limit.map(|(limit,)| usd(&limit)).transpose()?;
        let mut named = Vec::new();
        for (agent, spent_usd) in agents {
            // Attempts of before budgets may be of runs that are not here any more.
            let Ok(name) = agent.parse::<AgentName>() else {
                continue;
            };
            let title: Option<(String,)> = sqlx::query_as(
                "SELECT title FROM runs WHERE agent = ?1 ORDER BY created_at DESC, id DESC LIMIT 1",
            )
            .bind(&agent)
            .fetch_optional(&mut *snapshot)
            .await?;
            named.push(AgentSpend {
                title: title.map_or(agent, |(title,)| title),
                agent: name,
                spent_usd,
            });
        }
        named.sort_by_key(|agent| (std::cmp::Reverse(agent.spent_usd), agent.agent.clone()));
        let committed = spent.plus(reserved);
        Ok(MonthSpend {
            today,
            since: month.since,
            until: month.until,
            spent_usd: spent,
            reserved_usd: reserved,
            limit_usd,
            left_usd: limit_usd.map(|limit| limit.minus(committed).max(Usd::ZERO)),
            days: days
                .into_iter()
                .map(|(day, spent_usd)| DaySpend { day, spent_usd })
                .collect(),
            agents: named,
        })
    }
}

/// The days of the month up to today, nothing spent on any.
fn days_of(today: Date) -> BTreeMap<Date, Usd> {
    let days = today.first_of_month().series(1.day());
    days.take_while(|day| *day <= today)
        .map(|day| (day, Usd::ZERO))
        .collect()
}
