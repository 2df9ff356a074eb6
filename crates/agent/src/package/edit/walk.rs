//! Finding the way to a value.

use serde_json::Value as Json;
use toml_edit::{ArrayOfTables, Item, Table, TableLike, Value};

use super::merge::{self, Style};
use super::{Refusal, Step};
use super::{comments, list};

pub(super) fn find<'i>(item: &'i Item, path: &[Step]) -> Option<merge::Place<'i>> {
    let mut place = merge::Place::Item(item);
    for step in path {
        place = match (place, step) {
            (merge::Place::Item(item), Step::Key(key)) => {
                merge::Place::Item(item.as_table_like()?.get(key)?)
            }
            (merge::Place::Item(Item::ArrayOfTables(tables)), Step::Index(index)) => {
                merge::Place::Table(tables.get(*index)?)
            }
            (merge::Place::Item(Item::Value(value)), Step::Index(index)) => {
                merge::Place::Value(value.as_array()?.get(*index)?)
            }
            (merge::Place::Table(table), Step::Key(key)) => merge::Place::Item(table.get(key)?),
            (merge::Place::Value(value), Step::Key(key)) => {
                merge::Place::Item(TableLike::get(value.as_inline_table()?, key)?)
            }
            (merge::Place::Value(value), Step::Index(index)) => {
                merge::Place::Value(value.as_array()?.get(*index)?)
            }
            _ => return None,
        };
    }
    Some(place)
}

pub(super) fn set(item: &mut Item, path: &[Step], new: &Json) -> Result<(), Refusal> {
    let Some((step, rest)) = path.split_first() else {
        return merge::item(item, new, Style::Tables);
    };
    match (item, step) {
        (Item::Table(table), Step::Key(key)) => set_in_table(table, Style::Tables, key, rest, new),
        (Item::ArrayOfTables(tables), Step::Index(index)) => {
            set_in_tables(tables, *index, rest, new)
        }
        (Item::Value(value), _) => set_in_value(value, step, rest, new),
        _ => Err(Refusal::NoPlace),
    }
}

fn set_in_table(
    table: &mut dyn TableLike,
    style: Style,
    key: &str,
    rest: &[Step],
    new: &Json,
) -> Result<(), Refusal> {
    if rest.is_empty() {
        return merge::entry(table, key, new, style);
    }
    if let Some(found) = table.get_mut(key) {
        return set(found, rest, new);
    }
    let added = match rest {
        [Step::Key(inner), rest @ ..] => {
            let mut made = Table::new();
            // `[mcp.files]` needs no `[mcp]` above it.
            made.set_implicit(!rest.is_empty());
            set_in_table(&mut made, style, inner, rest, new)?;
            match style {
                Style::Tables => Item::Table(made),
                Style::Inline => Item::Value(Value::InlineTable(made.into_inline_table())),
            }
        }
        _ => return Err(Refusal::NoPlace),
    };
    table.insert(key, added);
    Ok(())
}

fn set_in_tables(
    tables: &mut ArrayOfTables,
    index: usize,
    rest: &[Step],
    new: &Json,
) -> Result<(), Refusal> {
    if index == tables.len() && rest.is_empty() {
        return merge::push(tables, new);
    }
    let table = tables.get_mut(index).ok_or(Refusal::NoPlace)?;
    match rest {
        [] => merge::table(table, new, Style::Tables),
        [Step::Key(key), rest @ ..] => set_in_table(table, Style::Tables, key, rest, new),
        [Step::Index(_), ..] => Err(Refusal::NoPlace),
    }
}

fn set_in_value(value: &mut Value, step: &Step, rest: &[Step], new: &Json) -> Result<(), Refusal> {
    match (value, step) {
        (Value::InlineTable(table), Step::Key(key)) => {
            set_in_table(table, Style::Inline, key, rest, new)
        }
        (Value::Array(array), Step::Index(index)) => {
            if *index == array.len() && rest.is_empty() {
                return list::push(array, new);
            }
            let element = array.get_mut(*index).ok_or(Refusal::NoPlace)?;
            match rest.split_first() {
                None => merge::value(element, new),
                Some((step, rest)) => set_in_value(element, step, rest, new),
            }
        }
        _ => Err(Refusal::NoPlace),
    }
}

pub(super) fn remove(item: &mut Item, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else {
        return false;
    };
    match (item, step) {
        (Item::Table(table), Step::Key(key)) => remove_in_table(table, key, rest),
        (Item::ArrayOfTables(tables), Step::Index(index)) => match rest {
            [] => comments::remove_table(tables, *index),
            [Step::Key(key), rest @ ..] => match tables.get_mut(*index) {
                Some(table) => remove_in_table(table, key, rest),
                None => false,
            },
            [Step::Index(_), ..] => false,
        },
        (Item::Value(value), _) => remove_in_value(value, step, rest),
        _ => false,
    }
}

fn remove_in_table(table: &mut dyn TableLike, key: &str, rest: &[Step]) -> bool {
    match (table.get_mut(key), rest) {
        (None, _) => false,
        (Some(Item::ArrayOfTables(tables)), [Step::Index(0)]) if tables.len() == 1 => {
            comments::remove_key(table, key);
            true
        }
        (Some(_), []) => {
            comments::remove_key(table, key);
            true
        }
        (Some(found), _) => {
            let is_removed = remove(found, rest);
            if is_removed && merge::is_unwritten(found) {
                comments::remove_key(table, key);
            }
            is_removed
        }
    }
}

fn remove_in_value(value: &mut Value, step: &Step, rest: &[Step]) -> bool {
    match (value, step) {
        (Value::InlineTable(table), Step::Key(key)) => remove_in_table(table, key, rest),
        (Value::Array(array), Step::Index(index)) => match (array.get_mut(*index), rest) {
            (None, _) => false,
            (Some(_), []) => {
                list::remove(array, *index);
                true
            }
            (Some(found), [step, rest @ ..]) => remove_in_value(found, step, rest),
        },
        _ => false,
    }
}
