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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    use async_trait::async_trait;
    use serde_json::json;
    use slipway_agent::ports::clock::Clock;
    use slipway_contract::Timestamp;

    use super::*;
    use crate::{Backups, Deps, built_in as tools};

    struct Stopped;

    #[async_trait]
    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
        async fn sleep(&self, _: Duration) {}
    }

    #[test]
    fn listings_and_tools_are_the_same() {
        let deps = Deps {
            clock: Arc::new(Stopped),
            backups: Backups::new("/nowhere"),
            http: slipway_net::Guarded::default(),
        };
        let listed: Vec<ToolDefinition> = definitions()
            .into_iter()
            .map(|summary| summary.definition)
            .collect();
        let called: Vec<ToolDefinition> = tools(&deps)
            .iter()
            .map(|tool| tool.definition().clone())
            .collect();
        assert_eq!(listed, called);
        let names: BTreeSet<&str> = listed
            .iter()
            .map(|definition| definition.name.as_str())
            .collect();
        assert_eq!(names.len(), listed.len());
    }

    #[test]
    fn schemas_are_valid_and_refuse_what_the_tools_refuse() {
        for ToolSummary { definition, .. } in definitions() {
            let name = &definition.name;
            let validator = jsonschema::draft202012::new(&definition.schema).expect(name);
            assert!(
                !validator.is_valid(&json!({"unknown_argument": 1})),
                "{name}"
            );
            let told = serde_json::to_string(&definition).unwrap().len();
            assert!(
                told < 8_000,
                "{name}: a model reads these {told} bytes at every turn"
            );
        }
    }

    #[test]
    fn schemas_take_what_the_tools_take() {
        let source = json!([{"path": "in/*", "sheet": "A", "header_row": 1, "delimiter": ";", "encoding": "utf-8",
            "rename": {"a": "b"}, "columns": {"x": {"type": "number", "decimal": ","}, "y": {"type": "date", "formats": ["dd/mm/yyyy"]}, "z": {"type": "text"}}}]);
        let query = json!({
            "sources": source,
            "join": [{"source": {"path": "r.csv"}, "on": {"month(date)": "month"}, "columns": ["rate"]}],
            "compute": [{"column": "c", "formula": "a * 2"}],
            "find_duplicates": ["a"],
            "filter": [{"column": "a", "op": "in", "value": ["x", 1, true]}, {"column": "b", "op": "empty"}],
            "group_by": ["a"],
            "aggregate": [{"function": "sum", "column": "a", "as": "s"}, {"function": "count"}],
            "sort": [{"column": "s", "descending": true}],
            "select": ["s"],
            "offset": 1,
            "limit": 10
        });
        let with = |key: &str, value: Value| {
            let mut query = query.clone();
            query[key] = value;
            query
        };
        for (name, arguments) in [
            ("read_table", query.clone()),
            ("save_table", with("to", json!("out/a.csv"))),
            (
                "render_template",
                json!({"template": "x", "values": {"a": 1}, "tables": {"t": query}, "to": "out/a.md"}),
            ),
            (
                "http_request",
                json!({"url": "https://a.example/", "method": "POST", "headers": {"a": "b"}, "json": [1], "timeout_seconds": 5}),
            ),
            ("clock", json!({"zone": "UTC"})),
            (
                "list_files",
                json!({"path": ".", "pattern": "*.md", "recursive": false, "limit": 3}),
            ),
        ] {
            let summary = definitions()
                .into_iter()
                .find(|tool| tool.definition.name == name)
                .unwrap();
            let validator = jsonschema::draft202012::new(&summary.definition.schema).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&arguments)
                .map(|error| error.to_string())
                .collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
        serde_json::from_value::<crate::table::Query>(query).expect("the same query");
    }
}
