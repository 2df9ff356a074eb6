//! Sums of what was spent and reserved in a span of time: the table `spend`.

use rusqlite::{Connection, OptionalExtension, params};
use slipway_agent::policy::period::Span;
use slipway_contract::{Timestamp, Usd};

use crate::columns::of_usd;
use crate::leases::LeaseRow;
use crate::owner::Owner;
use crate::reservations::usd;
use crate::writer::WriteFailure;

/// Sums of spans that ended so long ago are thrown away; should a clock go back, they are made
/// again.
const KEPT_MS: i64 = 40 * 24 * 60 * 60 * 1000;

/// What was spent, what is reserved, and what was billed beyond what was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) spent: Usd,
    pub(crate) reserved: Usd,
    pub(crate) beyond: Usd,
}

impl Sums {
    pub(crate) fn of_reserved(reserved: Usd) -> Self {
        Self {
            reserved,
            ..Self::default()
        }
    }

    /// Adds one attempt: what was reserved for it, settled, and billed beyond.
    pub(crate) fn take_row(&mut self, row: &rusqlite::Row<'_>) -> Result<(), WriteFailure> {
        let (settled, beyond): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
        match settled {
            Some(settled) => self.spent = self.spent.plus(usd(&settled)?),
            None => self.reserved = self.reserved.plus(usd(&row.get::<_, String>(0)?)?),
        }
        if let Some(beyond) = beyond {
            self.beyond = self.beyond.plus(usd(&beyond)?);
        }
        Ok(())
    }

    fn plus(self, other: Self) -> Self {
        Self {
            spent: self.spent.plus(other.spent),
            reserved: self.reserved.plus(other.reserved),
            beyond: self.beyond.plus(other.beyond),
        }
    }
}

type Columns = (String, String, String);

fn sums((spent, reserved, beyond): Columns) -> Result<Sums, WriteFailure> {
    Ok(Sums {
        spent: usd(&spent)?,
        reserved: usd(&reserved)?,
        beyond: usd(&beyond)?,
    })
}

/// The sums of an agent (the empty name stands for all) over a span; kept from now on.
pub(crate) fn of(connection: &Connection, agent: &str, span: Span) -> Result<Sums, WriteFailure> {
    let (since, until) = (span.since.as_millisecond(), span.until.as_millisecond());
    let kept: Option<Columns> = connection
        .prepare_cached(
            "SELECT spent_usd, reserved_usd, beyond_usd FROM spend \
             WHERE agent = ?1 AND since = ?2 AND until = ?3",
        )?
        .query_row(params![agent, since, until], |row| row.try_into())
        .optional()?;
    if let Some(columns) = kept {
        return sums(columns);
    }
    connection
        .prepare_cached("DELETE FROM spend WHERE until < ?1 - ?2")?
        .execute(params![since, KEPT_MS])?;
    let made = added_up(connection, agent, since, until)?;
    connection
        .prepare_cached(
            "INSERT INTO spend (agent, since, until, spent_usd, reserved_usd, beyond_usd) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            agent,
            since,
            until,
            of_usd(made.spent),
            of_usd(made.reserved),
            of_usd(made.beyond)
        ])?;
    Ok(made)
}

/// The sums as the attempts themselves say.
pub(crate) fn added_up(
    connection: &Connection,
    agent: &str,
    since: i64,
    until: i64,
) -> Result<Sums, WriteFailure> {
    let mut statement = connection.prepare_cached(
        "SELECT amount_usd, settled_usd, beyond_usd FROM reservations \
         WHERE at >= ?2 AND at < ?3 AND (?1 = '' OR agent = ?1)",
    )?;
    let mut rows = statement.query(params![agent, since, until])?;
    let mut sums = Sums::default();
    while let Some(row) = rows.next()? {
        sums.take_row(row)?;
    }
    Ok(sums)
}

/// Of what is reserved, the part of calls of which nobody heard what became of them: that is
/// journalled, or nobody drives their run any more. A run that is being made has no lease yet.
pub(crate) fn unheard_of(
    connection: &Connection,
    agent: &str,
    span: Span,
    (me, now): (&Owner, Timestamp),
) -> Result<Usd, WriteFailure> {
    let mut statement = connection.prepare_cached(
        "SELECT r.amount_usd, r.unknown, l.token, l.owner, l.expires_at \
         FROM reservations AS r LEFT JOIN leases AS l ON l.run = r.run \
         WHERE r.settled_usd IS NULL AND r.at >= ?2 AND r.at < ?3 AND (?1 = '' OR r.agent = ?1)",
    )?;
    let (since, until) = (span.since.as_millisecond(), span.until.as_millisecond());
    let mut rows = statement.query(params![agent, since, until])?;
    let mut sum = Usd::ZERO;
    while let Some(row) = rows.next()? {
        let is_left = match row.get::<_, Option<u64>>(2)? {
            None => false,
            Some(token) => LeaseRow::new(token, row.get(3)?, row.get(4)?)
                .held_by(me, now)
                .is_none(),
        };
        if is_left || row.get(1)? {
            sum = sum.plus(usd(&row.get::<_, String>(0)?)?);
        }
    }
    Ok(sum)
}

/// Adds to every kept sum that an attempt of this agent at this time falls in.
pub(crate) fn add(
    connection: &Connection,
    agent: &str,
    at: i64,
    change: Sums,
) -> Result<(), WriteFailure> {
    if change == Sums::default() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(
        "SELECT agent, since, until, spent_usd, reserved_usd, beyond_usd FROM spend \
         WHERE agent IN ('', ?1) AND since <= ?2 AND until > ?2",
    )?;
    let rows = statement.query_map(params![agent, at], |row| {
        let key: (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let columns: Columns = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok((key, columns))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    for ((agent, since, until), columns) in rows {
        let now = sums(columns)?.plus(change);
        connection
            .prepare_cached(
                "UPDATE spend SET spent_usd = ?4, reserved_usd = ?5, beyond_usd = ?6 \
                 WHERE agent = ?1 AND since = ?2 AND until = ?3",
            )?
            .execute(params![
                agent,
                since,
                until,
                of_usd(now.spent),
                of_usd(now.reserved),
                of_usd(now.beyond)
            ])?;
    }
    Ok(())
}
