//! `{{name}}` in texts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::name::is_variable;

/// What stands for each variable.
pub type Variables = BTreeMap<String, String>;

/// The most bytes of a text after its variables were filled in.
const MAX_FILLED: usize = 1 << 20;

/// Something with texts in which variables may stand.
pub(crate) trait Texts {
    /// Shows each of its texts.
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String));
}

impl Texts for String {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        see(self);
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        for one in self {
            one.each_text(see);
        }
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        if let Some(one) = self {
            one.each_text(see);
        }
    }
}

impl Texts for Value {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        match self {
            Self::String(text) => see(text),
            Self::Array(items) => items.iter_mut().for_each(|item| item.each_text(see)),
            Self::Object(map) => map.values_mut().for_each(|value| value.each_text(see)),
            _ => {}
        }
    }
}

/// Puts the variables' values where their names stand. What stands in a value is not filled again,
/// so that nothing can grow without end.
pub(crate) fn fill(what: &mut impl Texts, variables: &Variables) {
    what.each_text(&mut |text| {
        if text.contains("{{") {
            *text = filled(text, variables);
        }
    });
}

/// A part of a text, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written<'t> {
    /// What is no variable.
    Plain(&'t str),
    /// A variable, braces and all.
    Variable(&'t str),
}

/// The parts of a text, in their order.
pub(crate) fn written(text: &str) -> impl Iterator<Item = Written<'_>> {
    pieces(text).map(|piece| match piece {
        Piece::Plain(plain) => Written::Plain(plain),
        Piece::Variable { whole, .. } => Written::Variable(whole),
    })
}

/// The names of the variables that stand in a text.
pub(crate) fn names(text: &str) -> Vec<&str> {
    pieces(text)
        .filter_map(|piece| match piece {
            Piece::Variable { name, .. } => Some(name),
            Piece::Plain(_) => None,
        })
        .collect()
}

fn filled(text: &str, variables: &Variables) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        let part = match piece {
            Piece::Plain(plain) => plain,
            Piece::Variable { name, whole } => variables.get(name).map_or(whole, String::as_str),
        };
        let left = MAX_FILLED.saturating_sub(out.len());
        out.push_str(&part[..part.floor_char_boundary(left)]);
    }
    out
}

enum Piece<'t> {
    Plain(&'t str),
    Variable { name: &'t str, whole: &'t str },
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(piece) = variable(rest) {
            let Piece::Variable { whole, .. } = &piece else {
                return None;
            };
            rest = &rest[whole.len()..];
            return Some(piece);
        }
        // The next place where one may begin; the first two bytes are none.
        let skip = rest.char_indices().nth(1).map_or(rest.len(), |(at, _)| at);
        let end = rest[skip..].find("{{").map_or(rest.len(), |at| at + skip);
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Plain(plain))
    })
}

fn variable(text: &str) -> Option<Piece<'_>> {
    let inner = text.strip_prefix("{{")?;
    // A name with the spaces around it is short; looking further would take quadratic time.
    let window = &inner[..inner.floor_char_boundary(80)];
    let end = window.find("}}")?;
    let name = window[..end].trim_matches(' ');
    is_variable(name).then(|| Piece::Variable {
        name,
        whole: &text[..end + 4],
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn variables() -> Variables {
        let pairs = [("name", "Ada"), ("again", "{{name}}"), ("total", "42")];
        pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    #[test]
    fn names_in_double_braces_are_filled_once() {
        for (text, want) in [
            ("Hello {{name}}!", "Hello Ada!"),
            ("{{ name }}{{name}}", "AdaAda"),
            ("{{again}}", "{{name}}"),
            ("{{other}} {{", "{{other}} {{"),
            ("{{{name}}}", "{Ada}"),
            ("{{na me}} {name} é{{name}}é", "{{na me}} {name} éAdaé"),
            ("", ""),
        ] {
            let mut text = text.to_owned();
            fill(&mut text, &variables());
            assert_eq!(text, want);
        }
        let mut value = json!({"a": ["{{total}}", 1], "b": {"c": "x{{name}}"}});
        fill(&mut value, &variables());
        assert_eq!(value, json!({"a": ["42", 1], "b": {"c": "xAda"}}));
    }

    #[test]
    fn filling_cannot_grow_without_end_and_takes_linear_time() {
        let mut text = "{{a}}".repeat(100_000);
        let large = Variables::from([("a".to_owned(), "é".repeat(100_000))]);
        fill(&mut text, &large);
        assert!(text.len() <= MAX_FILLED && text.len() > MAX_FILLED - 2);
        assert!(names(&"{{".repeat(1_000_000)).is_empty());
        assert_eq!(names("{{a}} {{ b }} {{1}}"), ["a", "b"]);
    }
}
