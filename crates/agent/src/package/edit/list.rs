//! Lists in values, with a comment behind an element on its line kept with that element. TOML's
//! syntax tree has it in front of the next one, because it stands behind the comma.

use serde_json::Value as Json;
use toml_edit::{Array, Value};

use super::Refusal;
use super::merge::{new_value, value_to_json};

/// A list taken apart.
struct Parts {
    /// What stands behind the opening bracket, on its line.
    opening: String,
    elements: Vec<Element>,
    /// What stands before the closing bracket.
    closing: String,
}

struct Element {
    value: Value,
    /// The lines above it, and its indent.
    above: String,
    /// What follows it on its line, behind the comma.
    behind: String,
}

/// Gives a list exactly these elements; those that stay keep their text and comments.
pub(super) fn set(array: &mut Array, new: &[Json]) -> Result<(), Refusal> {
    let mut parts = take_apart(array);
    let same_length = parts.elements.len() == new.len();
    let indent = parts.indent();
    let mut left: Vec<Option<Element>> = parts.elements.drain(..).map(Some).collect();
    let same: Vec<Option<Element>> = new.iter().map(|new| take_equal(&mut left, new)).collect();
    for (index, (new, same)) in new.iter().zip(same).enumerate() {
        // In a list of the same length, what changed is what stood at the same place.
        let before = left.get_mut(index).filter(|_| same_length);
        let element = match (same, before.and_then(Option::take)) {
            (Some(same), _) => same,
            (None, Some(before)) => Element {
                value: new_value(new)?,
                ..before
            },
            (None, None) => Element::new(new_value(new)?, &indent),
        };
        parts.elements.push(element);
    }
    put_together(array, parts);
    Ok(())
}

fn take_equal(left: &mut [Option<Element>], new: &Json) -> Option<Element> {
    let equal = |element: &&mut Option<Element>| {
        let element = element.as_ref();
        element.is_some_and(|element| value_to_json(&element.value) == *new)
    };
    left.iter_mut().find(equal)?.take()
}

/// Adds an element at the end, on a line of its own where the others are.
pub(super) fn push(array: &mut Array, new: &Json) -> Result<(), Refusal> {
    let mut parts = take_apart(array);
    let indent = parts.indent();
    parts.elements.push(Element::new(new_value(new)?, &indent));
    put_together(array, parts);
    Ok(())
}

/// Removes an element, with the comment on its line and those above it.
pub(super) fn remove(array: &mut Array, index: usize) {
    let mut parts = take_apart(array);
    if index < parts.elements.len() {
        parts.elements.remove(index);
    }
    put_together(array, parts);
}

impl Element {
    fn new(value: Value, indent: &str) -> Self {
        Self {
            value,
            above: indent.to_owned(),
            behind: String::new(),
        }
    }
}

impl Parts {
    /// The line break and indent of the elements; empty in a list on one line.
    fn indent(&self) -> String {
        let last = self.elements.last().map(|element| element.above.as_str());
        let at = last.and_then(|above| Some(&above[above.rfind('\n')?..]));
        at.unwrap_or_default().to_owned()
    }
}

fn take_apart(array: &Array) -> Parts {
    let mut parts = Parts {
        opening: String::new(),
        elements: Vec::new(),
        closing: String::new(),
    };
    for value in array.iter() {
        let mut value = value.clone();
        let prefix = value.decor().prefix().and_then(|prefix| prefix.as_str());
        let (behind, above) = at_line_end(prefix.unwrap_or_default());
        let (behind, above) = (behind.to_owned(), above.to_owned());
        parts.behind_last().push_str(&behind);
        value.decor_mut().set_prefix("");
        parts.elements.push(Element {
            value,
            above,
            behind: String::new(),
        });
    }
    // Without a comma behind the last element, what follows it is its own.
    let suffix = parts.elements.last_mut().map(|last| {
        let suffix = last
            .value
            .decor()
            .suffix()
            .and_then(|suffix| suffix.as_str());
        let suffix = suffix.unwrap_or_default().to_owned();
        last.value.decor_mut().set_suffix("");
        suffix
    });
    let trailing = array.trailing().as_str().unwrap_or_default();
    let end = format!("{}{trailing}", suffix.unwrap_or_default());
    let (behind, closing) = at_line_end(&end);
    parts.behind_last().push_str(behind);
    parts.closing = closing.to_owned();
    parts
}

impl Parts {
    fn behind_last(&mut self) -> &mut String {
        match self.elements.last_mut() {
            Some(last) => &mut last.behind,
            None => &mut self.opening,
        }
    }
}

/// What stands on the line that is going on, and the rest; without a line break all is the rest.
fn at_line_end(text: &str) -> (&str, &str) {
    match text.find('\n') {
        Some(at) => text.split_at(at),
        None => ("", text),
    }
}

fn put_together(array: &mut Array, parts: Parts) {
    array.clear();
    let is_spread = parts.closing.contains('\n');
    let mut behind = parts.opening;
    for (index, mut element) in parts.elements.into_iter().enumerate() {
        if !element.above.contains('\n') && behind.is_empty() {
            element.above = if index == 0 { "" } else { " " }.to_owned();
        }
        let prefix = format!("{behind}{}", element.above);
        element.value.decor_mut().set_prefix(prefix);
        array.push_formatted(element.value);
        behind = element.behind;
    }
    array.set_trailing_comma(is_spread && !array.is_empty());
    array.set_trailing(format!("{behind}{}", parts.closing));
}
