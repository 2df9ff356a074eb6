//! Putting a value in the place of another, keeping of the old one whatever can stay.

use serde_json::{Map, Value as Json};
use toml_edit::{ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

use super::{Refusal, comments, list};

/// How tables are written here: under their own headers, or inline in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Tables,
    Inline,
}

/// Something that was found.
#[derive(Clone, Copy)]
pub(super) enum Place<'i> {
    Item(&'i Item),
    Table(&'i Table),
    Value(&'i Value),
}

pub(super) fn to_json(place: Place<'_>) -> Json {
    match place {
        Place::Item(Item::None) => Json::Null,
        Place::Item(Item::Value(value)) | Place::Value(value) => value_to_json(value),
        Place::Item(Item::Table(table)) | Place::Table(table) => table_to_json(table),
        Place::Item(Item::ArrayOfTables(tables)) => {
            Json::Array(tables.iter().map(|table| table_to_json(table)).collect())
        }
    }
}

fn table_to_json(table: &dyn TableLike) -> Json {
    let entries = table.iter();
    let entries = entries.map(|(key, item)| (key.to_owned(), to_json(Place::Item(item))));
    Json::Object(entries.collect())
}

pub(super) fn value_to_json(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::String(text.value().clone()),
        Value::Integer(number) => Json::from(*number.value()),
        Value::Float(number) => Json::from(*number.value()),
        Value::Boolean(value) => Json::Bool(*value.value()),
        Value::Datetime(time) => Json::String(time.value().to_string()),
        Value::Array(items) => Json::Array(items.iter().map(value_to_json).collect()),
        Value::InlineTable(table) => table_to_json(table),
    }
}

pub(super) fn item(item: &mut Item, new: &Json, style: Style) -> Result<(), Refusal> {
    match (item, new) {
        (Item::Value(old), _) => value(old, new),
        (Item::Table(old), Json::Object(_)) => {
            table(old, new, style)?;
            if old.is_empty() {
                // Only what was in it wrote it; now its own header has to.
                old.set_implicit(false);
                old.set_dotted(false);
            }
            Ok(())
        }
        (Item::ArrayOfTables(old), Json::Array(items)) if are_tables(items) => tables(old, items),
        (item, _) => {
            *item = new_item(new, style)?;
            Ok(())
        }
    }
}

/// Whether the text has no trace of this: an empty table with neither header nor braces.
pub(super) fn is_unwritten(item: &Item) -> bool {
    match item {
        Item::Table(table) => table.is_empty() && (table.is_implicit() || table.is_dotted()),
        Item::Value(Value::InlineTable(table)) => table.is_empty() && table.is_dotted(),
        _ => false,
    }
}

/// Gives a table exactly the entries of an object.
pub(super) fn table(old: &mut dyn TableLike, new: &Json, style: Style) -> Result<(), Refusal> {
    let Json::Object(new) = new else {
        return Err(Refusal::NoPlace);
    };
    let gone: Vec<String> = old
        .iter()
        .filter(|(key, _)| !new.contains_key(*key))
        .map(|(key, _)| key.to_owned())
        .collect();
    for key in gone {
        comments::remove_key(old, &key);
    }
    for (key, new) in new {
        entry(old, key, new, style)?;
    }
    Ok(())
}

/// Gives a key of a table this value.
pub(super) fn entry(
    table: &mut dyn TableLike,
    key: &str,
    new: &Json,
    style: Style,
) -> Result<(), Refusal> {
    match table.get_mut(key) {
        // An empty list has no headers to write, so what was under them goes.
        Some(Item::ArrayOfTables(_)) if new.as_array().is_some_and(Vec::is_empty) => {
            comments::remove_key(table, key);
        }
        Some(found) => return item(found, new, style),
        None => {}
    }
    table.insert(key, new_item(new, style)?);
    Ok(())
}

/// Gives a list of tables exactly these elements; those that stay equal keep their text.
fn tables(old: &mut ArrayOfTables, new: &[Json]) -> Result<(), Refusal> {
    let same_length = old.len() == new.len();
    // What stands above the whole list stays there, whichever table is the first.
    let above = old.get_mut(0).map(comments::take_detached);
    let mut left: Vec<Option<Table>> = old.iter().cloned().map(Some).collect();
    let mut made = Vec::new();
    for (index, new) in new.iter().enumerate() {
        let equal = |table: &Option<Table>| {
            table
                .as_ref()
                .is_some_and(|table| table_to_json(table) == *new)
        };
        let kept = left.iter().position(equal).or(same_length.then_some(index));
        let kept = kept.and_then(|at| left.get_mut(at)).and_then(Option::take);
        made.push(match kept {
            Some(mut kept) => {
                table(&mut kept, new, Style::Tables)?;
                kept
            }
            None => new_table(new)?,
        });
    }
    if let (Some(above), Some(first)) = (above, made.first_mut()) {
        comments::prepend_to(first.decor_mut(), &above);
    }
    let place = old.iter().filter_map(first_position).min();
    old.clear();
    for mut table in made {
        place_at(&mut table, place);
        old.push(table);
    }
    Ok(())
}

/// Where the first of a table and those below it is printed.
fn first_position(table: &Table) -> Option<isize> {
    let below = tables_below(table).filter_map(first_position).min();
    table.position().into_iter().chain(below).min()
}

fn tables_below(table: &Table) -> Box<dyn Iterator<Item = &Table> + '_> {
    Box::new(table.iter().flat_map(|(_, item)| {
        let lists = item.as_array_of_tables().into_iter().flatten();
        item.as_table().into_iter().chain(lists)
    }))
}

/// Tables are printed where they stood; those of one place are printed in the order of the tree,
/// which for the elements of a list and what is below them is the one that counts.
fn place_at(table: &mut Table, place: Option<isize>) {
    table.set_position(place);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(below) => place_at(below, place),
            Item::ArrayOfTables(tables) => {
                tables.iter_mut().for_each(|below| place_at(below, place));
            }
            _ => {}
        }
    }
}

/// Adds a table behind the others of a list.
pub(super) fn push(tables: &mut ArrayOfTables, new: &Json) -> Result<(), Refusal> {
    let made = new_table(new)?;
    // What is below the last of them may be printed far behind it, and would be the new one's.
    let place = tables.iter().filter_map(last_position).max();
    tables.push(made);
    if let Some(last) = tables
        .len()
        .checked_sub(1)
        .and_then(|at| tables.get_mut(at))
    {
        place_at(last, place);
    }
    Ok(())
}

fn last_position(table: &Table) -> Option<isize> {
    let below = tables_below(table).filter_map(last_position).max();
    table.position().into_iter().chain(below).max()
}

/// Replaces a value; the comments around it stay.
pub(super) fn value(old: &mut Value, new: &Json) -> Result<(), Refusal> {
    if value_to_json(old) == *new {
        return Ok(());
    }
    match (&mut *old, new) {
        (Value::Array(old), Json::Array(new)) => list::set(old, new),
        (Value::InlineTable(old), Json::Object(_)) => {
            table(old, new, Style::Inline)?;
            if old.is_empty() {
                old.set_dotted(false);
            }
            Ok(())
        }
        _ => {
            let decor = old.decor().clone();
            *old = new_value(new)?;
            *old.decor_mut() = decor;
            Ok(())
        }
    }
}

/// Whether a list can be written under `[[headers]]`; an empty one would not be written at all.
fn are_tables(items: &[Json]) -> bool {
    !items.is_empty() && items.iter().all(Json::is_object)
}

pub(super) fn new_item(new: &Json, style: Style) -> Result<Item, Refusal> {
    Ok(match (new, style) {
        (Json::Object(_), Style::Tables) => Item::Table(new_table(new)?),
        (Json::Array(items), Style::Tables) if are_tables(items) => {
            let tables: Result<Vec<Table>, Refusal> = items.iter().map(new_table).collect();
            Item::ArrayOfTables(tables?.into_iter().collect())
        }
        _ => Item::Value(new_value(new)?),
    })
}

pub(super) fn new_table(new: &Json) -> Result<Table, Refusal> {
    let Json::Object(entries) = new else {
        return Err(Refusal::NoPlace);
    };
    let mut table = Table::new();
    for (key, value) in entries {
        table.insert(key, new_item(value, Style::Tables)?);
    }
    // A header with nothing but further headers under it says nothing.
    table.set_implicit(!entries.is_empty() && table.iter().all(|(_, item)| item.is_table()));
    Ok(table)
}

pub(super) fn new_value(new: &Json) -> Result<Value, Refusal> {
    Ok(match new {
        Json::Null => return Err(Refusal::Unwritable("null")),
        Json::Bool(value) => Value::from(*value),
        Json::String(text) => Value::from(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::from(number),
            (None, Some(float)) if number.is_f64() => Value::from(float),
            _ => return Err(Refusal::Unwritable("an integer above 9223372036854775807")),
        },
        Json::Array(items) => {
            let items: Result<Vec<Value>, Refusal> = items.iter().map(new_value).collect();
            Value::Array(items?.into_iter().collect())
        }
        Json::Object(entries) => Value::InlineTable(inline(entries)?),
    })
}

fn inline(entries: &Map<String, Json>) -> Result<InlineTable, Refusal> {
    let entries = entries.iter();
    entries
        .map(|(key, value)| Ok((key.as_str(), new_value(value)?)))
        .collect()
}
