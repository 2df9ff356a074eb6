//! What a suite says, as forms read it, and how they change it. Pure.

use serde_json::{Value, json};
use slipway_contract::draft::{ManifestChange, Step};

/// The way to a value of a suite.
pub(super) type At = Vec<Step>;

/// A part of a suite with what it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// The way to it.
    pub(super) at: At,
    /// What it says.
    pub(super) value: Value,
}

impl Part {
    /// A part of a suite, which may not be there yet.
    pub(super) fn of(suite: &Value, at: At) -> Self {
        let value = found(suite, &at).cloned().unwrap_or(Value::Null);
        Self { at, value }
    }

    /// What it says of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.value.get(key)
    }

    /// The way to one of its keys.
    pub(super) fn way(&self, key: &str) -> At {
        let mut at = self.at.clone();
        at.push(key.into());
        at
    }

    /// One of its keys as a part.
    pub(super) fn part(&self, key: &str) -> Self {
        Self {
            at: self.way(key),
            value: self.get(key).cloned().unwrap_or(Value::Null),
        }
    }

    /// The elements of a list of its.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        let list = self.get(key).and_then(Value::as_array);
        let element = |(place, value): (usize, &Value)| {
            let mut at = self.way(key);
            at.push(place.into());
            Self {
                at,
                value: value.clone(),
            }
        };
        list.into_iter()
            .flatten()
            .enumerate()
            .map(element)
            .collect()
    }

    /// Puts another value in the place of a key; none takes it away.
    pub(super) fn set(&self, key: &str, value: Option<Value>) -> ManifestChange {
        ManifestChange {
            at: self.way(key),
            value,
        }
    }

    /// Appends to a list, which is made where there is none.
    pub(super) fn append(&self, key: &str, value: Value) -> ManifestChange {
        match self.get(key).and_then(Value::as_array) {
            Some(list) if !list.is_empty() => {
                let mut at = self.way(key);
                at.push(list.len().into());
                ManifestChange::set(at, value)
            }
            _ => ManifestChange::set(self.way(key), json!([value])),
        }
    }
}

fn found<'v>(value: &'v Value, at: &[Step]) -> Option<&'v Value> {
    at.iter().try_fold(value, |value, step| match step {
        Step::Index(place) => value.get(place),
        Step::Key(key) => value.get(key),
    })
}

/// A case that is new: what it must say, to be filled in.
pub(super) fn new_case(cases: &[Value], name: &str) -> Value {
    let is_taken = |name: &str| {
        let same = |case: &Value| {
            let other = case.get("name").and_then(Value::as_str).unwrap_or_default();
            other.to_lowercase() == name.to_lowercase()
        };
        cases.iter().any(same)
    };
    let mut number = 1;
    let mut free = name.to_owned();
    while is_taken(&free) {
        number += 1;
        free = format!("{name} {number}");
    }
    json!({ "name": free, "input": "", "expect": [{ "no_error": true }] })
}

/// The way to a case.
pub(super) fn case_at(place: usize) -> At {
    vec!["case".into(), place.into()]
}

/// The lines on which cases begin, from 1.
pub(super) fn case_lines(text: &str) -> Vec<usize> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| line.trim_start().starts_with("[[case]]"))
        .map(|(line, _)| line + 1)
        .collect()
}

/// The key of a finding for a part: `case[2].expect[0].contains`.
pub(super) fn key_of(at: &[Step]) -> String {
    let mut key = String::new();
    for step in at {
        match step {
            Step::Index(place) => key.push_str(&format!("[{place}]")),
            Step::Key(name) => {
                if !key.is_empty() {
                    key.push('.');
                }
                key.push_str(name);
            }
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_made_where_there_is_none_and_appended_to_where_there_is() {
        let suite = json!({ "case": [{ "name": "a", "expect": [{ "no_error": true }] }] });
        let case = Part::of(&suite, case_at(0));
        let change = case.append("expect", json!({}));
        assert_eq!(key_of(&change.at), "case[0].expect[1]");
        let change = case.append("tags", json!("x"));
        assert_eq!(key_of(&change.at), "case[0].tags");
        assert_eq!(change.value, Some(json!(["x"])));
        let none = Part::of(&suite, case_at(7));
        assert_eq!(none.value, Value::Null);
    }

    #[test]
    fn a_new_case_has_a_name_of_its_own() {
        let cases = [
            json!({ "name": "new CASE" }),
            json!({ "name": "New case 2" }),
        ];
        let case = new_case(&cases, "New case");
        assert_eq!(case["name"], "New case 3");
    }

    #[test]
    fn cases_are_found_by_their_lines() {
        assert_eq!(
            case_lines("a = 1\n[[case]]\n[[case.expect]]\n [[case]] # b\n"),
            [2, 4]
        );
    }
}
