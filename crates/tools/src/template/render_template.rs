//! `render_template`: a report from tables and values.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use minijinja::Value as Slot;
use minijinja::value::Serde;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::engine::{LARGEST_TEMPLATE, render};
use super::values::{Size, check_name, of_table};
use crate::arguments::{cut, meant, parse, told};
use crate::blocking::{self, Stop};
use crate::definition::built_in;
use crate::files::Backups;
use crate::files::change::{Author, Change};
use crate::files::place::Place;
use crate::files::read_file::text_of;
use crate::table::{MOST_ROWS_OUT, Query, describe, evaluate, query_properties};

/// What a package must ask for.
pub(crate) const NEEDS: &str = "A writable folder for the result, and a readable one for its tables and template, under [permissions] files.";
const PREVIEW: usize = 1_500;
const MOST_VALUES: usize = 2_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    template_path: Option<String>,
    #[serde(default)]
    values: Map<String, Value>,
    #[serde(default)]
    tables: BTreeMap<String, Query>,
    to: String,
}

/// The tool.
pub(crate) struct RenderTemplate {
    definition: ToolDefinition,
    backups: Backups,
}

impl RenderTemplate {
    pub(crate) fn new(backups: Backups) -> Self {
        Self {
            definition: definition(),
            backups,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "render_template",
        "Fills a template in with values and tables and writes the result to a file (Markdown, \
         HTML, text). The figures go from the tables into the file without passing through your \
         text. The template is Jinja: {{ name }}, {% for row in TABLE.rows %}…{% endfor %}, {% \
         if %}, {% set %}; a line with only a block leaves no empty line. A table has `rows` \
         (cells by column: row.amount), `first` (its first row: totals.first.total), `columns`, \
         `counts` (read, matched, returned), `problems` (file, row, column, value, problem), \
         `problems_total`, `notes`. Filters: money(2) (also group=\",\", decimal=\".\"), round, \
         sum(attribute), date(\"%d %B %Y\"), cell (escapes text for a Markdown table), default, \
         join, length, sort, groupby, selectattr, rejectattr, map, first, last, min, max, \
         unique, upper, lower, trim, replace, truncate. Templates do not compute: do that in \
         the table's query.",
        DeclaredEffect::Always(Effect::Idempotent),
        json!({
            "type": "object",
            "properties": {
                "template": {"type": "string", "description": "The template's text."},
                "template_path": {"type": "string", "description": "Instead of `template`: a file that holds it."},
                "values": {"type": "object", "description": "Values by name, such as a title. No figures: they belong to tables."},
                "tables": {
                    "type": "object",
                    "description": "Tables by name, each a query as for read_table; all rows unless it has a `limit`.",
                    "additionalProperties": {
                        "type": "object",
                        "properties": query_properties(),
                        "required": ["sources"],
                        "additionalProperties": false
                    }
                },
                "to": {"type": "string", "description": "The file to write, from the working folder. A name that ends in .html has its values escaped."}
            },
            "required": ["to"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for RenderTemplate {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(300)
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        let author = Author {
            backups: self.backups.clone(),
            run: invocation.run,
            step: invocation.step,
        };
        // A deep stack: templates nest as their author likes.
        blocking::run_deep(move |stop| run(&invocation.grants, &arguments, &author, stop)).await
    }
}

fn run(
    grants: &Grants,
    arguments: &Arguments,
    author: &Author,
    stop: &Stop,
) -> Result<Value, ToolError> {
    let place = Place::new(grants, &arguments.to, Access::Write)?;
    let template = template(grants, arguments)?;
    let mut summaries = Map::new();
    let slots = slots(grants, arguments, &mut summaries, stop)?;
    let to = arguments.to.to_ascii_lowercase();
    let html = [".html", ".htm", ".xhtml", ".xml", ".svg"]
        .iter()
        .any(|end| to.ends_with(end));
    let names: Vec<&str> = slots.keys().map(String::as_str).collect();
    let rendered =
        render(&template, &Slot::from(slots.clone()), html, stop).map_err(
            |error| match undefined(&template, &names) {
                Some(unknown) => unknown,
                None => error,
            },
        )?;
    let change = Change::begin(&place)?;
    stop.check()?;
    let written = change.finish(rendered.as_bytes(), author)?;
    let mut result = json!({
        "path": place.shown,
        "file": written.word(),
        "bytes": rendered.len(),
        "preview": cut(&rendered, PREVIEW),
    });
    if !summaries.is_empty() {
        result["tables"] = Value::Object(summaries);
    }
    Ok(result)
}

fn template(grants: &Grants, arguments: &Arguments) -> Result<String, ToolError> {
    match (&arguments.template, &arguments.template_path) {
        (Some(text), None) => Ok(text.clone()),
        (None, Some(path)) => {
            let text = text_of(&Place::new(grants, path, Access::Read)?)?;
            Ok(text.content)
        }
        _ => Err(told(format!(
            "Give either `template` (its text, up to {LARGEST_TEMPLATE} bytes) or `template_path` (a file)."
        ))),
    }
}

/// What the template can name: the values, and the tables that are read for it.
fn slots(
    grants: &Grants,
    arguments: &Arguments,
    summaries: &mut Map<String, Value>,
    stop: &Stop,
) -> Result<BTreeMap<String, Slot>, ToolError> {
    let mut slots = BTreeMap::new();
    let written = Value::Object(arguments.values.clone()).to_string().len();
    if written > MOST_VALUES {
        return Err(told(
            "`values` has more than 2 MB; put data into a file and read it as a table.",
        ));
    }
    for (name, value) in &arguments.values {
        check_name(name)?;
        slots.insert(name.clone(), Slot::from(Serde(value)));
    }
    let mut size = Size::default();
    for (name, query) in &arguments.tables {
        check_name(name)?;
        if slots.contains_key(name) {
            return Err(told(format!("Both `values` and `tables` have `{name}`.")));
        }
        let answer = evaluate(grants, query, MOST_ROWS_OUT, stop).map_err(|error| match error {
            ToolError::Model(what) => told(format!("The table `{name}`: {what}")),
            other @ (ToolError::Fatal(_) | ToolError::Unknown(_)) => other,
        })?;
        slots.insert(name.clone(), of_table(name, &answer, &mut size)?);
        let mut summary = json!({});
        describe(&mut summary, &answer.table, answer.counts);
        summaries.insert(name.clone(), summary);
    }
    Ok(slots)
}

/// The name that a template uses and that nobody gave, when that is what is wrong with it.
fn undefined(template: &str, names: &[&str]) -> Option<ToolError> {
    let environment = minijinja::Environment::new();
    let parsed = environment.template_from_str(template).ok()?;
    let mut unknown: Vec<String> = parsed
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| !names.contains(&name.as_str()) && name != "range")
        .collect();
    unknown.sort_unstable();
    let first = unknown.first()?;
    let meant = meant(first, names.iter().copied());
    let given = if names.is_empty() {
        "nothing".into()
    } else {
        names.join(", ")
    };
    Some(told(format!(
        "The template uses `{}`, which is neither among its values nor its tables (given: {given}){meant}",
        cut(first, 60)
    )))
}
