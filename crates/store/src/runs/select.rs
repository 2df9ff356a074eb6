//! Which runs: a filter as SQL.

use slipway_contract::history::{RunColumn, RunFilter, RunOrder};
use slipway_contract::run::RunState;
use slipway_contract::{RunId, Usd};
use sqlx::{QueryBuilder, Sqlite};

use super::texts;

/// Narrows a query over `runs`, which ends in a condition, to these runs. `cut_off` are the runs
/// that began, have not ended and that nobody drives: who drives a run is known to its lease alone.
/// Runs of tests are in no list.
pub(super) fn narrow(sql: &mut QueryBuilder<Sqlite>, filter: &RunFilter, cut_off: &[RunId]) {
    sql.push(" AND NOT EXISTS (SELECT 1 FROM attempt_runs WHERE attempt_runs.run = runs.id)");
    states(sql, &filter.states, cut_off);
    any_of(
        sql,
        "runs.agent",
        filter.agents.iter().map(|agent| agent.as_str()),
    );
    any_of(sql, "runs.model", filter.models.iter().map(String::as_str));
    // Equal amounts are equal numbers, however many zeros they are written with.
    let mut bound = |sign: &str, amount: Option<Usd>| {
        if let Some(amount) = amount {
            sql.push(format!(" AND CAST(runs.cost_usd AS REAL) {sign} CAST("))
                .push_bind(amount.to_string())
                .push(" AS REAL)");
        }
    };
    bound(">=", filter.min_cost_usd);
    bound("<=", filter.max_cost_usd);
    if let Some(since) = filter.since {
        sql.push(" AND runs.created_at >= ")
            .push_bind(since.as_millisecond());
    }
    if let Some(until) = filter.until {
        sql.push(" AND runs.created_at < ")
            .push_bind(until.as_millisecond());
    }
    match filter.text.as_deref().map(texts::words) {
        None => {}
        // Nothing holds a word that is none.
        Some(None) => {
            sql.push(" AND FALSE");
        }
        Some(Some(words)) => {
            sql.push(" AND runs.number IN (SELECT rowid FROM run_texts WHERE run_texts MATCH ")
                .push_bind(words)
                .push(")");
        }
    }
}

/// Whether a filter needs to know which runs were cut off.
pub(super) fn asks_who_drives(filter: &RunFilter) -> bool {
    let asks = |state: &RunState| {
        matches!(
            state,
            RunState::Queued | RunState::Running | RunState::CutOff
        )
    };
    filter.states.iter().any(asks)
}

fn states(sql: &mut QueryBuilder<Sqlite>, states: &[RunState], cut_off: &[RunId]) {
    if states.is_empty() {
        return;
    }
    let is_end = |state: &RunState| {
        matches!(
            state,
            RunState::Succeeded | RunState::Failed | RunState::Cancelled
        )
    };
    if !states.iter().any(is_end) {
        // They are few and have a lease, held or let go.
        sql.push(" AND runs.finished_at IS NULL AND runs.id IN (SELECT run FROM leases)");
    } else if states.iter().all(is_end) {
        sql.push(" AND runs.finished_at IS NOT NULL");
    }
    let ids = cut_off.iter().map(ToString::to_string).collect::<Vec<_>>();
    let ids = format!("[{}]", quoted(&ids));
    sql.push(" AND (FALSE");
    for state in states {
        let (word, driven) = match state {
            RunState::Queued => ("queued", Some(true)),
            RunState::Running => ("running", Some(true)),
            RunState::CutOff => ("", Some(false)),
            RunState::Parked => ("parked", None),
            RunState::Succeeded => ("succeeded", None),
            RunState::Failed => ("failed", None),
            RunState::Cancelled => ("cancelled", None),
        };
        sql.push(" OR (");
        if *state == RunState::CutOff {
            sql.push("TRUE");
        } else {
            sql.push("runs.status = ").push_bind(word);
        }
        if let Some(driven) = driven {
            sql.push(if driven {
                " AND runs.id NOT IN (SELECT unhex(value) FROM json_each("
            } else {
                " AND runs.id IN (SELECT unhex(value) FROM json_each("
            })
            .push_bind(ids.clone())
            .push("))");
        }
        sql.push(")");
    }
    sql.push(")");
}

fn quoted(ids: &[String]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    ids.join(",")
}

fn any_of<'a>(
    sql: &mut QueryBuilder<Sqlite>,
    column: &str,
    mut values: impl ExactSizeIterator<Item = &'a str>,
) {
    match (values.len(), values.next()) {
        (1, Some(only)) => {
            sql.push(format!(" AND {column} = "))
                .push_bind(only.to_owned());
        }
        (_, Some(first)) => {
            sql.push(format!(" AND {column} IN ("));
            let mut list = sql.separated(", ");
            list.push_bind(first.to_owned());
            for value in values {
                list.push_bind(value.to_owned());
            }
            sql.push(")");
        }
        (_, None) => {}
    }
}

/// Leaves only what comes after this run in the list; nothing where there is no such run.
pub(super) fn after(sql: &mut QueryBuilder<Sqlite>, order: RunOrder, run: RunId) {
    let place = place(order).join(", ");
    let sign = if order.ascending { '>' } else { '<' };
    sql.push(format!(
        " AND ({place}) {sign} (SELECT {place} FROM runs WHERE runs.id = "
    ))
    .push_bind(run.as_bytes().to_vec())
    .push(")");
}

/// Puts the runs in order.
pub(super) fn sort(sql: &mut QueryBuilder<Sqlite>, order: RunOrder) {
    let way = if order.ascending { " ASC" } else { " DESC" };
    let columns: Vec<String> = place(order)
        .into_iter()
        .map(|column| column + way)
        .collect();
    sql.push(" ORDER BY ").push(columns.join(", "));
}

/// The columns that a run's place in the list is made of; no two runs have the same.
fn place(order: RunOrder) -> Vec<String> {
    // What is not known comes last either way.
    let none = if order.ascending { "9e99" } else { "-1" };
    let first = match order.by {
        RunColumn::Started => None,
        RunColumn::Took => Some("runs.finished_at - runs.created_at"),
        RunColumn::Cost => Some("CAST(runs.cost_usd AS REAL)"),
        RunColumn::Tokens => Some("runs.input_tokens + runs.output_tokens"),
    };
    let first = first.map(|first| format!("ifnull({first}, {none})"));
    let rest = ["runs.created_at", "runs.id"].map(str::to_owned);
    first.into_iter().chain(rest).collect()
}
