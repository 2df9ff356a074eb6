//! A case that is proposed.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// A case that is proposed, as it would stand in a suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its name.
    pub name: String,
    /// Why it is worth having, in one sentence.
    pub why: String,
    /// Its `[[case]]`, TOML.
    pub toml: String,
}

impl Proposal {
    /// A case of this name that consists of this table.
    pub(super) fn of(name: String, why: String, mut case: Table) -> Self {
        case.insert("name", value(&name));
        let mut document = DocumentMut::new();
        document.insert("case", Item::ArrayOfTables(tables([case])));
        Self {
            name,
            why,
            toml: document.to_string(),
        }
    }
}

/// A list of tables, each under a head of its own.
pub(super) fn tables(all: impl IntoIterator<Item = Table>) -> ArrayOfTables {
    let mut list = ArrayOfTables::new();
    for table in all {
        list.push(table);
    }
    list
}

/// A table of these values.
pub(super) fn table<V: Into<Item>>(entries: impl IntoIterator<Item = (&'static str, V)>) -> Table {
    let mut table = Table::new();
    for (key, item) in entries {
        table.insert(key, item.into());
    }
    table
}

/// A list of texts.
pub(super) fn list<T: Into<toml_edit::Value>>(all: impl IntoIterator<Item = T>) -> Item {
    let mut array = toml_edit::Array::new();
    for one in all {
        array.push(one);
    }
    value(array)
}
