//! What the model and listings are told of the built-in tools.

use serde_json::Value;
use slipway_contract::tool::{DeclaredEffect, ToolDefinition, ToolSummary};

use crate::files::{
    NEEDS_READ, NEEDS_WRITE, edit_file, list_files, read_file, search_files, write_file,
};
use crate::table::{read_table, save_table};
use crate::template::render_template;
use crate::{calculator, clock, http_request};

/// A definition of a built-in tool.
pub(crate) fn built_in(
    name: &str,
    description: &str,
    effect: DeclaredEffect,
    schema: Value,
) -> ToolDefinition {
    ToolDefinition {
        name: name.into(),
        description: description.into(),
        schema,
        effect,
        server: "built-in".into(),
    }
}

/// Every built-in tool, in the order of listings, with what a package must ask for.
#[must_use]
pub fn definitions() -> Vec<ToolSummary> {
    let entry = |definition: ToolDefinition, needs: Option<&str>| ToolSummary {
        definition,
        needs: needs.map(str::to_owned),
    };
    vec![
        entry(calculator::definition(), None),
        entry(clock::definition(), None),
        entry(read_file::definition(), Some(NEEDS_READ)),
        entry(list_files::definition(), Some(NEEDS_READ)),
        entry(search_files::definition(), Some(NEEDS_READ)),
        entry(write_file::definition(), Some(NEEDS_WRITE)),
        entry(edit_file::definition(), Some(NEEDS_WRITE)),
        entry(read_table::definition(), Some(NEEDS_READ)),
        entry(save_table::definition(), Some(save_table::NEEDS)),
        entry(render_template::definition(), Some(render_template::NEEDS)),
        entry(http_request::definition(), Some(http_request::NEEDS)),
    ]
}
