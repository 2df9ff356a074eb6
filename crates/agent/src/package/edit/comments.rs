//! Whose a comment is. One right above a key, or on its line, belongs to it and goes with it;
//! one that an empty line parts from it stands for itself and stays.

use toml_edit::{ArrayOfTables, Decor, Item, Table, TableLike};

/// Removes a key, and keeps the comments above it that are not its own.
pub(super) fn remove_key(table: &mut dyn TableLike, key: &str) {
    let own = |table: &dyn TableLike| {
        let decor = match table.get(key)? {
            Item::Table(table) => table.decor(),
            Item::ArrayOfTables(tables) => tables.get(0)?.decor(),
            _ => table.key(key)?.leaf_decor(),
        };
        Some(prefix_of(decor))
    };
    let kept = detached(&own(table).unwrap_or_default()).to_owned();
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let at = keys.iter().position(|other| other == key);
    table.remove(key);
    if kept.trim().is_empty() {
        return;
    }
    let next = at.and_then(|at| keys.get(at + 1));
    if let Some(next) = next {
        prepend(table, next, &kept);
        return;
    }
    // The last of its table: the comment follows the key that is last now.
    let before = at.and_then(|at| keys.get(at.checked_sub(1)?));
    let value = before.and_then(|before| table.get_mut(before)?.as_value_mut());
    if let Some(value) = value {
        let suffix = value.decor().suffix().and_then(|suffix| suffix.as_str());
        let suffix = format!("{}\n{}", suffix.unwrap_or_default(), kept.trim_end());
        value.decor_mut().set_suffix(suffix);
    }
}

/// Removes a table of a list, and keeps the comments above it that are not its own.
pub(super) fn remove_table(tables: &mut ArrayOfTables, index: usize) -> bool {
    let Some(table) = tables.get_mut(index) else {
        return false;
    };
    let kept = take_detached(table);
    tables.remove(index);
    if let Some(next) = tables.get_mut(index) {
        prepend_to(next.decor_mut(), &kept);
    }
    true
}

/// Takes the comments above a table that are not its own.
pub(super) fn take_detached(table: &mut Table) -> String {
    let prefix = prefix_of(table.decor());
    let kept = detached(&prefix);
    table.decor_mut().set_prefix(&prefix[kept.len()..]);
    kept.to_owned()
}

/// Puts a text above what is there.
pub(super) fn prepend_to(decor: &mut Decor, text: &str) {
    let prefix = prefix_of(decor);
    // A table that was made anew has an empty line above it by default.
    let prefix = if text.ends_with('\n') && prefix.starts_with('\n') {
        &prefix[1..]
    } else {
        &prefix
    };
    decor.set_prefix(format!("{text}{prefix}"));
}

fn prepend(table: &mut dyn TableLike, key: &str, text: &str) {
    match table.get_mut(key) {
        Some(Item::Table(table)) => prepend_to(table.decor_mut(), text),
        Some(Item::ArrayOfTables(tables)) => {
            if let Some(first) = tables.get_mut(0) {
                prepend_to(first.decor_mut(), text);
            }
        }
        _ => {
            if let Some(mut key) = table.key_mut(key) {
                prepend_to(key.leaf_decor_mut(), text);
            }
        }
    }
}

fn prefix_of(decor: &Decor) -> String {
    let prefix = decor.prefix().and_then(|prefix| prefix.as_str());
    prefix.unwrap_or_default().to_owned()
}

/// The part of the text above a key that an empty line parts from it.
pub(super) fn detached(above: &str) -> &str {
    let mut end = 0;
    let mut at = 0;
    for line in above.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() && line.ends_with('\n') {
            end = at;
        }
    }
    &above[..end]
}
