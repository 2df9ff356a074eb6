//! Making a reservation: whether it fits, and why not.

use jiff::tz::TimeZone;
use rusqlite::{Connection, params};
use slipway_agent::policy::period::Span;
use slipway_agent::ports::lease::LEASE;
use slipway_agent::ports::ledger::{
    Budget, Draw, LedgerError, Reserved, Scope, Shortfall, WorstCase,
};
use slipway_contract::{RunId, Timestamp, Usd};

use super::{Row, abandoned, find, usd};
use crate::budgets;
use crate::columns::of_usd;
use crate::spend::{self, Sums};
use crate::writer::WriteFailure;

/// One reservation being made.
pub(super) struct Desk<'a> {
    pub(super) connection: &'a Connection,
    pub(super) draw: &'a Draw,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
}

impl Desk<'_> {
    pub(super) fn reserve(&self, worst: WorstCase) -> Result<Reserved, LedgerError> {
        match self.attempt(worst) {
            // What nobody will ever settle is looked for where it would stand in the way.
            Err(LedgerError::OverBudget(_))
                if abandoned::of_runs_that_never_were(self.connection, self.now)? =>
            {
                self.attempt(worst)
            }
            other => other,
        }
    }

    fn attempt(&self, worst: WorstCase) -> Result<Reserved, LedgerError> {
        let budgets = budgets::applying(self.connection, self.draw)?;
        let (reserved, amount) = if budgets.is_empty() {
            (Reserved::Freely, worst.freely)
        } else {
            (Reserved::Within, worst.within)
        };
        let before = find(self.connection, self.draw.attempt)?;
        if before.as_ref().is_some_and(|row| !row.open) {
            return Ok(reserved);
        }
        let mut standings = Vec::with_capacity(budgets.len());
        for budget in budgets {
            standings.push(self.standing(budget, before.as_ref())?);
        }
        // The same attempt is reserved again after a crash, and may then need more than before.
        let larger = before.as_ref().map_or(amount, |row| row.amount.max(amount));
        let kept = if fits(&standings, larger) {
            larger
        } else if fits(&standings, amount) {
            amount
        } else {
            return Err(self.refused(standings, amount)?);
        };
        self.keep(before, kept)?;
        Ok(reserved)
    }

    /// How a budget stands without the attempt itself; what is outstanding is not looked for.
    fn standing(&self, budget: Budget, before: Option<&Row>) -> Result<Shortfall, WriteFailure> {
        let (mut sums, counts_before) = match &budget.scope {
            Scope::Run(run) | Scope::Shared(run) => {
                let is_own = *run == self.draw.attempt.run;
                let counts = before.is_some_and(|row| is_own || row.root == Some(*run));
                (of_run(self.connection, *run)?, counts)
            }
            Scope::Person(key) => {
                let span = Span::of(key.period, self.draw.at, self.zone);
                let counts = before.is_some_and(|row| {
                    key.agent
                        .as_ref()
                        .is_none_or(|agent| agent.as_str() == row.agent)
                        && (span.since.as_millisecond()..span.until.as_millisecond())
                            .contains(&row.at)
                });
                let agent = key.agent.as_ref().map_or("", |agent| agent.as_str());
                (spend::of(self.connection, agent, span)?, counts)
            }
        };
        if let (true, Some(row)) = (counts_before, before) {
            sums.reserved = sums.reserved.minus(row.amount);
        }
        Ok(Shortfall {
            budget,
            amount: Usd::ZERO,
            spent: sums.spent.plus(sums.beyond),
            reserved: sums.reserved,
            outstanding: Usd::ZERO,
        })
    }

    /// Why the amount does not fit, told for the budget that leaves least.
    fn refused(&self, standings: Vec<Shortfall>, amount: Usd) -> Result<LedgerError, WriteFailure> {
        let mut worst = None;
        for mut standing in standings {
            standing.amount = amount;
            standing.outstanding = self.outstanding(&standing.budget.scope)?;
            worst = Shortfall::worse(worst, standing);
        }
        let nothing = || WriteFailure::Failed("an amount was refused that fits".to_owned());
        Ok(LedgerError::OverBudget(Box::new(
            worst.ok_or_else(nothing)?,
        )))
    }

    /// What other runs that are driven now have under way. A run that is being made has no lease
    /// yet, and what a dead one left will not come free.
    fn outstanding(&self, scope: &Scope) -> Result<Usd, WriteFailure> {
        let now = self.now.as_millisecond();
        let lease = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        let (root, agent, span) = match scope {
            Scope::Run(root) | Scope::Shared(root) => {
                (Some(root.as_bytes().to_vec()), None, Span::ALWAYS)
            }
            Scope::Person(key) => {
                let agent = key.agent.as_ref().map(|agent| agent.as_str());
                (None, agent, Span::of(key.period, self.draw.at, self.zone))
            }
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT r.amount_usd FROM reservations AS r LEFT JOIN leases AS l ON l.run = r.run \
             WHERE r.settled_usd IS NULL AND r.unknown = 0 AND r.at >= ?1 AND r.at < ?2 \
             AND r.run <> ?3 AND (?4 IS NULL OR r.root = ?4) AND (?5 IS NULL OR r.agent = ?5) \
             AND CASE WHEN l.run IS NULL THEN r.at > ?6 - ?7 \
             ELSE l.owner IS NOT NULL AND l.expires_at > ?6 END",
        )?;
        let mut rows = statement.query(params![
            span.since.as_millisecond(),
            span.until.as_millisecond(),
            self.draw.attempt.run.as_bytes(),
            root,
            agent,
            now,
            lease,
        ])?;
        let mut sum = Usd::ZERO;
        while let Some(row) = rows.next()? {
            sum = sum.plus(usd(&row.get::<_, String>(0)?)?);
        }
        Ok(sum)
    }

    fn keep(&self, before: Option<Row>, amount: Usd) -> Result<(), WriteFailure> {
        let Draw {
            attempt,
            root,
            agent,
            at,
            ..
        } = self.draw;
        let at = at.as_millisecond();
        self.connection
            .prepare_cached(
                "INSERT INTO reservations (run, step, attempt, amount_usd, root, agent, at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (run, step, attempt) DO UPDATE \
                 SET amount_usd = excluded.amount_usd, root = excluded.root, \
                 agent = excluded.agent, at = excluded.at",
            )?
            .execute(params![
                attempt.run.as_bytes(),
                attempt.step.0,
                attempt.attempt,
                of_usd(amount),
                root.as_bytes(),
                agent.as_str(),
                at,
            ])?;
        if let Some(row) = before {
            let gone = Sums::of_reserved(Usd::ZERO.minus(row.amount));
            spend::add(self.connection, &row.agent, row.at, gone)?;
        }
        spend::add(
            self.connection,
            agent.as_str(),
            at,
            Sums::of_reserved(amount),
        )
    }
}

fn fits(standings: &[Shortfall], amount: Usd) -> bool {
    standings.iter().all(|standing| {
        let committed = standing.spent.plus(standing.reserved);
        committed.plus(amount) <= standing.budget.limit
    })
}

/// Everything settled and reserved for a run and what draws from its budget, added up exactly.
fn of_run(connection: &Connection, run: RunId) -> Result<Sums, WriteFailure> {
    let mut statement = connection.prepare_cached(
        "SELECT amount_usd, settled_usd, beyond_usd FROM reservations \
         WHERE run = ?1 UNION ALL \
         SELECT amount_usd, settled_usd, beyond_usd FROM reservations \
         WHERE root = ?1 AND root <> run",
    )?;
    let mut rows = statement.query([run.as_bytes()])?;
    let mut sums = Sums::default();
    while let Some(row) = rows.next()? {
        sums.take_row(row)?;
    }
    Ok(sums)
}
