//! What kind of thing a tool returned. Pure.

use serde_json::{Map, Value};

use super::diff::looks_like_diff;
use super::image::Picture;
use super::table::Table;

/// What kind of thing it is.
#[derive(Debug, PartialEq)]
pub(super) enum Kind<'a> {
    /// Rows with columns.
    Table(Table<'a>),
    /// Text, and what came beside it.
    Text(&'a str, Words, Option<Beside<'a>>),
    /// An image, by its bytes.
    Picture(Picture),
    /// Everything else.
    Data,
}

/// How text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// As it is.
    Plain,
    /// Markdown.
    Markdown,
    /// Lines that were taken away and put in.
    Diff,
}

/// The fields of a result beside the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beside<'a> {
    fields: &'a Map<String, Value>,
    shown: &'a str,
}

impl<'a> Beside<'a> {
    pub(super) fn iter(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let others = self.fields.iter();
        others.filter(move |(name, _)| *name != self.shown)
    }
}

/// Fields that may hold what a result is mainly about.
const MAIN_TEXT: [&str; 5] = ["text", "preview", "content", "body", "diff"];
const MAIN_LIST: [&str; 5] = ["files", "matches", "items", "results", "rows"];

/// The kind of a result, given the arguments of its call.
pub(super) fn kind<'a>(result: &'a Value, arguments: &Value) -> Kind<'a> {
    if let Some(picture) = Picture::of(result) {
        return Kind::Picture(picture);
    }
    match result {
        Value::String(text) => Kind::Text(text, words(text, path(arguments)), None),
        Value::Array(items) => Table::of_things(items).map_or(Kind::Data, Kind::Table),
        Value::Object(fields) => of_object(fields, arguments),
        _ => Kind::Data,
    }
}

fn of_object<'a>(fields: &'a Map<String, Value>, arguments: &Value) -> Kind<'a> {
    if let Some(table) = Table::of(fields) {
        return Kind::Table(table);
    }
    let text = MAIN_TEXT
        .iter()
        .find_map(|name| Some((*name, fields.get(*name)?.as_str()?)));
    if let Some((shown, text)) = text {
        let named = fields.get("path").and_then(Value::as_str);
        let is_markdown = fields
            .get("content_type")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind.starts_with("text/markdown"));
        let words = match words(text, named.or_else(|| path(arguments))) {
            Words::Plain if is_markdown => Words::Markdown,
            words => words,
        };
        return Kind::Text(text, words, Some(Beside { fields, shown }));
    }
    let list = MAIN_LIST
        .iter()
        .find_map(|name| fields.get(*name)?.as_array());
    list.and_then(|items| Table::of_things(items))
        .map_or(Kind::Data, Kind::Table)
}

fn path(arguments: &Value) -> Option<&str> {
    ["path", "file", "to", "output"]
        .iter()
        .find_map(|name| arguments.get(*name)?.as_str())
}

fn words(text: &str, path: Option<&str>) -> Words {
    let extension = path
        .and_then(|path| path.rsplit_once('.'))
        .map(|(_, extension)| extension);
    let is = |one: &str| extension.is_some_and(|extension| extension.eq_ignore_ascii_case(one));
    if is("diff") || is("patch") || looks_like_diff(text) {
        Words::Diff
    } else if is("md") || is("markdown") {
        Words::Markdown
    } else {
        Words::Plain
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_is_known() {
        let none = json!({});
        let of = |result: &Value, arguments: &Value| match kind(result, arguments) {
            Kind::Table(_) => "table".to_owned(),
            Kind::Text(_, words, _) => format!("{words:?}"),
            Kind::Picture(_) => "picture".to_owned(),
            Kind::Data => "data".to_owned(),
        };
        let table = json!({ "columns": ["a"], "rows": [[1]] });
        let files = json!({ "files": [{ "path": "a" }, { "path": "b" }], "total": 2 });
        let png = json!({ "type": "image", "mimeType": "image/png", "data": super::super::image::tests::PNG });
        for (result, arguments, expected) in [
            (&table, &none, "table"),
            (&files, &none, "table"),
            (&json!("# Title"), &none, "Plain"),
            (
                &json!("# Title"),
                &json!({ "path": "out/report.MD" }),
                "Markdown",
            ),
            (&json!({ "text": "# T", "path": "a.md" }), &none, "Markdown"),
            (&json!("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y"), &none, "Diff"),
            (&json!({ "a": [1, { "b": 2 }] }), &none, "data"),
            (&json!(4), &none, "data"),
            (&png, &none, "picture"),
        ] {
            assert_eq!(of(result, arguments), expected, "{result}");
        }
    }

    #[test]
    fn what_stands_beside_the_text_is_kept() {
        let result = json!({ "text": "a", "path": "a.txt", "lines": 1 });
        let Kind::Text(_, _, Some(beside)) = kind(&result, &json!({})) else {
            panic!("it is text");
        };
        let mut names: Vec<_> = beside.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["lines", "path"]);
    }
}
