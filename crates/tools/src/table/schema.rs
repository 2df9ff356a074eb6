//! The JSON Schema of a query, as models see it.

use serde_json::{Map, Value, json};

/// How many rows a result holds unless more are asked for.
pub(crate) const ROWS: usize = 100;
/// How many rows a result holds at most.
pub(crate) const MOST_ROWS: usize = 1_000;

/// What a query cannot be written without knowing.
const ESSENTIAL: [&str; 5] = [
    "/sources/items/properties/path",
    "/sources/items/properties/columns",
    "/join/items/properties/on",
    "/compute/items/properties/formula",
    "/find_duplicates",
];

/// The properties of a query in brief, for tools that are used along with `read_table`: models
/// read every schema at every turn.
pub(crate) fn brief() -> Value {
    let full = properties();
    let mut brief = undescribed(&full);
    for place in ESSENTIAL {
        if let (Some(brief), Some(full)) = (brief.pointer_mut(place), full.pointer(place)) {
            *brief = full.clone();
        }
    }
    brief
}

/// The same schema without what it says to its reader.
fn undescribed(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => object
            .iter()
            // A property may itself be named `description`; a text under that name is none.
            .filter(|(name, value)| *name != "description" || !value.is_string())
            .map(|(name, value)| (name.clone(), undescribed(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(undescribed).collect(),
        other => other.clone(),
    }
}

/// The properties of a query, for a tool's schema.
pub(crate) fn properties() -> Value {
    json!({
        "sources": {
            "type": "array",
            "minItems": 1,
            "description": "The files, read as one table. Files with other columns, separators or date formats are further sources.",
            "items": source()
        },
        "join": {
            "type": "array",
            "description": "Looks up, for each row, the one row of another table with the same key, such as the exchange rate of its currency.",
            "items": {
                "type": "object",
                "properties": {
                    "source": undescribed(&source()),
                    "on": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": {"type": "string"},
                        "description": "Columns (or formulas) of the rows so far, each with the column of the other table that it must equal: {\"currency\": \"code\", \"month(date)\": \"month\"}."
                    },
                    "columns": {"type": "array", "items": {"type": "string"}, "description": "The columns to take from the other table. Default: all but the keys."}
                },
                "required": ["source", "on"],
                "additionalProperties": false
            }
        },
        "compute": {
            "type": "array",
            "description": "Further columns, computed exactly in decimals, in this order.",
            "items": {
                "type": "object",
                "properties": {
                    "column": {"type": "string", "description": "The new column's name."},
                    "formula": {"type": "string", "description": "Such as `round(amount * rate, 2)`. Has + - * / ( ), numbers, 'text', columns ([in brackets] where the name is more than a word), round(x, places) (half away from zero), abs, min, max, coalesce(a, b) (the first that is not empty), year(date), month(date) (yyyy-mm); a date minus a date is a number of days."}
                },
                "required": ["column", "formula"],
                "additionalProperties": false
            }
        },
        "find_duplicates": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Rows that are alike in all of these columns are duplicates: in each but the first of them the new column `_duplicate_of` holds the file and row of the first (`file.csv:7`). Filter on `_duplicate_of` to list them (not_empty) or leave them out (empty)."
        },
        "filter": {
            "type": "array",
            "description": "Conditions that a row must all fulfil.",
            "items": {
                "type": "object",
                "properties": {
                    "column": {"type": "string"},
                    "op": {"type": "string", "enum": ["eq", "ne", "lt", "le", "gt", "ge", "contains", "in", "not_in", "empty", "not_empty", "unreadable"], "description": "`contains` is for text, without regard to case; `unreadable` finds cells that are not what their column is declared to hold."},
                    "value": {"description": "A text, number, true or false; dates as yyyy-mm-dd; a list for in and not_in; nothing for empty, not_empty and unreadable."}
                },
                "required": ["column", "op"],
                "additionalProperties": false
            }
        },
        "group_by": {"type": "array", "items": {"type": "string"}, "description": "One row for each value of these columns. Without it `aggregate` gives one row."},
        "aggregate": {
            "type": "array",
            "description": "The figures of each group.",
            "items": {
                "type": "object",
                "properties": {
                    "function": {"type": "string", "enum": ["sum", "count", "distinct", "min", "max", "mean"], "description": "`count` without a column counts rows, with one its cells that are not empty; `mean` is rounded to 10 places."},
                    "column": {"type": "string"},
                    "as": {"type": "string", "description": "The figure's name. Default such as `sum_amount`."}
                },
                "required": ["function"],
                "additionalProperties": false
            }
        },
        "sort": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"column": {"type": "string"}, "descending": {"type": "boolean"}},
                "required": ["column"],
                "additionalProperties": false
            }
        },
        "select": {"type": "array", "items": {"type": "string"}, "description": "The columns to return, in this order. Default: all."},
        "offset": {"type": "integer", "minimum": 0, "description": "How many rows to leave out first. Default 0."},
        "limit": {"type": "integer", "minimum": 0, "description": "How many rows to return."}
    })
}

fn source() -> Value {
    json!({
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "A .csv, .tsv, .jsonl, .json (a list of objects) or .xlsx file from the working folder, or a pattern such as `receipts/*` for all of them."},
            "sheet": {"type": "string", "description": "XLSX: the sheet. Default: the first one."},
            "header_row": {"type": "integer", "minimum": 0, "description": "The row with the columns' names, from 1; 0 when there is none (the columns are column_1, column_2 …). Default: the first row that is not empty."},
            "delimiter": {"type": "string", "description": "CSV: the separator between cells. Default: found out."},
            "encoding": {"type": "string", "description": "CSV: such as `windows-1252`. Default: found out."},
            "rename": {"type": "object", "additionalProperties": {"type": "string"}, "description": "New names for columns: {\"Betrag\": \"amount\"}. Everything else uses the new names."},
            "columns": {
                "type": "object",
                "description": "What columns hold, where it is not plain numbers (1234.50) and ISO dates: {\"amount\": {\"type\": \"number\", \"decimal\": \",\"}, \"date\": {\"type\": \"date\", \"formats\": [\"yyyy-mm-dd\", \"dd/mm/yyyy\"]}}. Cells that do not fit are reported with file and row.",
                "additionalProperties": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string", "enum": ["text", "number", "date"]},
                        "decimal": {"type": "string", "enum": [".", ","], "description": "number: the decimal separator. Default `.`."},
                        "formats": {"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "date: every format in which dates are written, of yyyy or yy, mm or mmm, dd. Default yyyy-mm-dd."}
                    },
                    "required": ["type"],
                    "additionalProperties": false
                }
            }
        },
        "required": ["path"],
        "additionalProperties": false
    })
}

/// The schema of a tool whose arguments are a query and these further ones.
pub(crate) fn with_query(
    mut properties: Value,
    further: &[(&str, Value)],
    required: &[&str],
) -> Value {
    for (name, schema) in further {
        properties[*name] = schema.clone();
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false
    })
}
