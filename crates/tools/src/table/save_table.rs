//! `save_table`: a table's answer as a file.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::Access;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::MOST_ROWS_OUT;
use super::evaluate::evaluate;
use super::output::{Target, describe, write};
use super::query::Query;
use super::read_table::TIMEOUT;
use super::schema::{brief, with_query};
use crate::arguments::parse;
use crate::blocking;
use crate::definition::built_in;
use crate::files::Backups;
use crate::files::change::{Author, Change};
use crate::files::place::Place;

/// What a package must ask for.
pub(crate) const NEEDS: &str = "A readable folder for the sources and a writable one for the result, under [permissions] files.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    to: String,
}

/// The tool.
pub(crate) struct SaveTable {
    definition: ToolDefinition,
    backups: Backups,
}

impl SaveTable {
    pub(crate) fn new(backups: Backups) -> Self {
        Self {
            definition: definition(),
            backups,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    let to = json!({"type": "string", "description": "The file to write, from the working folder: .csv, .tsv, .json or .jsonl."});
    built_in(
        "save_table",
        "Answers the same query as read_table and writes all rows of the result to a file, so \
         that no figure passes through your text. Replaces the file if there is one. When the \
         file is read again, `_file`, `_row` and `_duplicate_of` of then are `file`, `row` and \
         `duplicate_of`.",
        DeclaredEffect::Always(Effect::Idempotent),
        with_query(brief(), &[("to", to)], &["sources", "to"]),
    )
}

#[async_trait]
impl Tool for SaveTable {
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
        let (query, own) = Query::split(invocation.arguments, &["to"]);
        let Arguments { to } = parse(own)?;
        let query: Query = parse(query)?;
        let target = Target::of(&to)?;
        let author = Author {
            backups: self.backups.clone(),
            run: invocation.run,
            step: invocation.step,
        };
        blocking::run(move |stop| {
            // Before the work: a path that may not be written is told at once.
            let place = Place::new(&invocation.grants, &to, Access::Write)?;
            let answer = evaluate(&invocation.grants, &query, MOST_ROWS_OUT, stop)?;
            let content = write(&answer.table, target)?;
            let change = Change::begin(&place)?;
            stop.check()?;
            let written = change.finish(&content, &author)?;
            let mut told = json!({
                "path": place.shown,
                "file": written.word(),
                "bytes": content.len(),
                "columns": answer.table.columns,
            });
            describe(&mut told, &answer.table, answer.counts);
            Ok(told)
        })
        .await
    }
}
