//! Whose a comment is. One right above a key, or on its line, belongs to it and goes with it;
//! one that an empty line parts from it stands for itself and stays.

use toml_edit::{ArrayOfTables, Decor, Item, TableLike};

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
    let Some(table) = tables.get(index) else {
        return false;
    };
    let kept = detached(&prefix_of(table.decor())).to_owned();
    tables.remove(index);
    if let Some(next) = tables.get_mut(index) {
        let prefix = format!("{kept}{}", prefix_of(next.decor()));
        next.decor_mut().set_prefix(prefix);
    }
    true
}

fn prepend(table: &mut dyn TableLike, key: &str, comment: &str) {
    let decor: Option<&mut Decor> = match table.get_mut(key) {
        Some(Item::Table(table)) => Some(table.decor_mut()),
        Some(Item::ArrayOfTables(tables)) => tables.get_mut(0).map(|table| table.decor_mut()),
        _ => None,
    };
    if let Some(decor) = decor {
        decor.set_prefix(format!("{comment}{}", prefix_of(decor)));
    } else if let Some(mut key) = table.key_mut(key) {
        let prefix = format!("{comment}{}", prefix_of(key.leaf_decor()));
        key.leaf_decor_mut().set_prefix(prefix);
    }
}

fn prefix_of(decor: &Decor) -> String {
    let prefix = decor.prefix().and_then(|prefix| prefix.as_str());
    prefix.unwrap_or_default().to_owned()
}

/// The part of the text above a key that an empty line parts from it.
fn detached(above: &str) -> &str {
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
