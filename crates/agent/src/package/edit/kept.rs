//! What an edit must not lose: comments that stand for themselves, whatever it took away around
//! them, and the meaning of what it left alone.

use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, RawString, Table, Value};

use super::comments::detached;
use super::merge::{Place, to_json};

/// Makes the edited document one whose text reads as the document says. Comments that stood for
/// themselves and lost their place follow at its end. False when the text would say something
/// else, which no edit may do.
pub(super) fn settle(before: &DocumentMut, edited: &mut DocumentMut) -> bool {
    let wanted = to_json(Place::Item(edited.as_item()));
    let reads = |edited: &DocumentMut| -> Option<DocumentMut> {
        let again: DocumentMut = edited.to_string().parse().ok()?;
        (to_json(Place::Item(again.as_item())) == wanted).then_some(again)
    };
    let Some(again) = reads(edited) else {
        return false;
    };
    let mut there = comments(&again, Which::All);
    let mut lost = String::new();
    for comment in comments(before, Which::Detached) {
        match there.iter().position(|other| *other == comment) {
            Some(at) => {
                there.swap_remove(at);
            }
            None => {
                lost.push('\n');
                lost.push_str(&comment);
            }
        }
    }
    // What the text does not show is not there either.
    *edited = again;
    if !lost.is_empty() {
        let trailing = edited.trailing().as_str().unwrap_or_default();
        let lost = format!("{trailing}{lost}\n");
        edited.set_trailing(lost);
    }
    true
}

/// Which comments are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    /// Those that an empty line parts from what follows them.
    Detached,
}

/// The document's comments, each line by itself.
fn comments(document: &DocumentMut, which: Which) -> Vec<String> {
    let mut found = Found {
        which,
        lines: Vec::new(),
    };
    found.table(document.as_table());
    found.standing(document.trailing());
    found.lines
}

struct Found {
    which: Which,
    lines: Vec<String>,
}

impl Found {
    fn item(&mut self, item: &Item) {
        match item {
            Item::None => {}
            Item::Value(value) => self.value(value),
            Item::Table(table) => self.table(table),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| self.table(table)),
        }
    }

    fn table(&mut self, table: &Table) {
        self.decor(table.decor());
        for (key, item) in table {
            if let Some(key) = table.key(key) {
                self.decor(key.leaf_decor());
            }
            self.item(item);
        }
    }

    fn value(&mut self, value: &Value) {
        self.decor(value.decor());
        self.below(value);
    }

    fn below(&mut self, value: &Value) {
        match value {
            Value::Array(array) => self.array(array),
            Value::InlineTable(table) => self.inline(table),
            _ => {}
        }
    }

    fn array(&mut self, array: &Array) {
        array.iter().for_each(|value| self.element(value));
        self.behind_comma(Some(array.trailing()));
    }

    fn element(&mut self, value: &Value) {
        self.behind_comma(value.decor().prefix());
        if self.which == Which::All {
            self.raw(value.decor().suffix());
        }
        self.below(value);
    }

    /// The rest of a line behind a comma belongs to what stands before the comma.
    fn behind_comma(&mut self, text: Option<&RawString>) {
        let text = text.and_then(RawString::as_str).unwrap_or_default();
        match (self.which, text.split_once('\n')) {
            (Which::All, _) => self.add(text),
            (Which::Detached, Some((_, below))) => self.add(detached(below)),
            (Which::Detached, None) => {}
        }
    }

    fn inline(&mut self, table: &InlineTable) {
        for (key, value) in table {
            if let Some(key) = table.key(key) {
                self.behind_comma(key.leaf_decor().prefix());
            }
            self.value(value);
        }
        self.behind_comma(Some(table.trailing()));
    }

    fn decor(&mut self, decor: &Decor) {
        self.raw(decor.prefix());
        if self.which == Which::All {
            self.raw(decor.suffix());
        }
    }

    fn raw(&mut self, text: Option<&RawString>) {
        let text = text.and_then(RawString::as_str).unwrap_or_default();
        match self.which {
            Which::All => self.add(text),
            Which::Detached => self.add(detached(text)),
        }
    }

    /// Text after which nothing comes stands for itself, however it ends.
    fn standing(&mut self, text: &RawString) {
        self.add(text.as_str().unwrap_or_default());
    }

    fn add(&mut self, text: &str) {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| line.starts_with('#'));
        self.lines.extend(lines.map(str::to_owned));
    }
}
