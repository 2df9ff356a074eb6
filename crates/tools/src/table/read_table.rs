//! `read_table`: what stands in tables, and what it adds up to.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::evaluate::evaluate;
use super::output::for_model;
use super::query::Query;
use super::schema::{MOST_ROWS, ROWS, properties, with_query};
use crate::arguments::parse;
use crate::blocking;
use crate::definition::built_in;

/// Large tables take their time.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(300);

/// The tool.
pub(crate) struct ReadTable {
    definition: ToolDefinition,
}

impl ReadTable {
    pub(crate) fn new() -> Self {
        Self {
            definition: definition(),
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    let limit = json!({"type": "integer", "minimum": 0, "maximum": MOST_ROWS, "description": "How many rows to return. Default 100."});
    built_in(
        "read_table",
        "Reads tables (CSV, TSV, JSON lines, JSON, XLSX), several files as one if wanted, and \
         answers questions about them exactly: join, computed columns, duplicates, filter, \
         groups with sums, order. Let it compute instead of adding up yourself. Every row has \
         its source row in `_row`, with several files the file in `_file`. Cells that cannot be \
         read are listed under `problems` with file and row, never dropped silently. The parts \
         of the query work in this order: sources, join, compute, find_duplicates, filter, \
         group_by with aggregate, sort, offset, limit, select. To write the result to a file \
         use save_table, for a report render_template; both take the same query.",
        DeclaredEffect::Always(Effect::Read),
        with_query(properties(), &[("limit", limit)], &["sources"]),
    )
}

#[async_trait]
impl Tool for ReadTable {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    fn timeout(&self) -> Duration {
        TIMEOUT
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let mut query: Query = parse(invocation.arguments)?;
        query.limit = Some(query.limit.unwrap_or(ROWS));
        blocking::run(move |stop| {
            let answer = evaluate(&invocation.grants, &query, MOST_ROWS, stop)?;
            Ok(for_model(&answer))
        })
        .await
    }
}
