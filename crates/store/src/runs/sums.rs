//! What runs come to: how many, and their cost.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use slipway_contract::history::{DaySum, RunFilter, RunSum, RunTotals};
use slipway_contract::{Timestamp, Usd};
use sqlx::{QueryBuilder, Sqlite};

use super::select;
use crate::{Store, StoreError, columns};

/// `created_at`, `cost_usd`.
type Row = (i64, Option<String>);

impl Store {
    /// How many runs a filter leaves, and what they come to: in all, and day by day.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn run_totals(&self, filter: &RunFilter) -> Result<RunTotals, StoreError> {
        self.know_words(filter).await?;
        let mut sql = self.sums(filter).await?;
        let rows: Vec<Row> = sql.build_query_as().fetch_all(self.pool()).await?;
        totals(rows, self.zone())
    }

    /// The query of the sums, newest run first. Runs that ended are read from their index alone,
    /// and those that have not are found by their leases.
    pub(super) async fn sums(
        &self,
        filter: &RunFilter,
    ) -> Result<QueryBuilder<Sqlite>, StoreError> {
        let cut_off = self.cut_off_if_asked(filter).await?;
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT runs.created_at AS at, runs.cost_usd FROM runs WHERE runs.finished_at IS NOT NULL",
        );
        select::narrow(&mut sql, filter, &cut_off);
        sql.push(
            " UNION ALL SELECT runs.created_at AS at, runs.cost_usd FROM leases \
             JOIN runs ON runs.id = leases.run WHERE runs.finished_at IS NULL",
        );
        select::narrow(&mut sql, filter, &cut_off);
        sql.push(" ORDER BY at DESC");
        Ok(sql)
    }

    /// How many runs ended at this time or later.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn ended_since(&self, time: Timestamp) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM runs WHERE finished_at IS NOT NULL AND finished_at >= ?1",
        )
        .bind(time.as_millisecond())
        .fetch_one(self.pool())
        .await?;
        Ok(count.unsigned_abs())
    }
}

fn totals(rows: Vec<Row>, zone: &TimeZone) -> Result<RunTotals, StoreError> {
    let mut totals = RunTotals::default();
    // Which day it is, is worked out once a day and not once a run.
    let mut today: Option<(Date, std::ops::Range<i64>)> = None;
    for (at, cost) in rows {
        let cost = cost.map(|cost| columns::usd("cost_usd", &cost)).transpose();
        let cost = cost.map_err(|error| error.of("table runs"))?;
        let day = match &today {
            Some((day, span)) if span.contains(&at) => *day,
            _ => {
                let found = day_of(at, zone).map_err(|error| error.of("table runs"))?;
                let day = found.0;
                today = Some(found);
                day
            }
        };
        add(&mut totals.all, cost);
        match totals.days.last_mut() {
            Some(last) if last.day == day => add(&mut last.sum, cost),
            _ => {
                let mut sum = RunSum::default();
                add(&mut sum, cost);
                totals.days.push(DaySum { day, sum });
            }
        }
    }
    Ok(totals)
}

fn add(sum: &mut RunSum, cost: Option<Usd>) {
    sum.runs += 1;
    match cost {
        Some(cost) => sum.cost_usd = sum.cost_usd.plus(cost),
        None => sum.unknown += 1,
    }
}

/// The day of an instant, and its milliseconds.
fn day_of(at: i64, zone: &TimeZone) -> Result<(Date, std::ops::Range<i64>), columns::Unreadable> {
    use slipway_agent::policy::period::Span;
    let instant = columns::time("created_at", at)?;
    let span = Span::of(slipway_contract::budget::Period::Day, instant, zone);
    let day = instant.to_zoned(zone.clone()).date();
    Ok((
        day,
        span.since.as_millisecond()..span.until.as_millisecond(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_add_up_by_day_of_the_person() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let rows = vec![
            (at("2026-11-22T23:30:00Z"), Some("0.10".to_owned())),
            (at("2026-11-22T22:30:00Z"), None),
            (at("2026-11-22T10:00:00Z"), Some("0.2".to_owned())),
        ];
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let totals = totals(rows, &zone).unwrap();
        let cost = |text: &str| text.parse::<Usd>().unwrap();
        assert_eq!((totals.all.runs, totals.all.unknown), (3, 1));
        assert_eq!(totals.all.cost_usd, cost("0.3"));
        let days: Vec<(String, u64, Usd)> = totals
            .days
            .iter()
            .map(|day| (day.day.to_string(), day.sum.runs, day.sum.cost_usd))
            .collect();
        assert_eq!(
            days,
            [
                ("2026-11-23".to_owned(), 1, cost("0.1")),
                ("2026-11-22".to_owned(), 2, cost("0.2")),
            ],
            "half past eleven in UTC is the next day an hour further east"
        );
    }
}
