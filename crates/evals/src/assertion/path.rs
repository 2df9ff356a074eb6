//! JSONPath (RFC 9535), kept from taking for ever.

use std::fmt;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::suite::{Texts, Written, written};

/// The most characters of a path.
const MAX_CHARACTERS: usize = 500;
/// The most nodes that a query may look at, by an estimate from above.
const MAX_WORK: u128 = 20_000_000;

/// A query into JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    source: String,
    query: Query,
}

#[derive(Debug, Clone, PartialEq)]
enum Query {
    Ready(Box<JsonPath>, Shape),
    /// Variables stand in it, whose values nobody knows yet.
    Unfilled,
    /// With the variables' values it is no path; with what is wrong.
    Broken(String),
}

/// What a query's text says of the work that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Shape {
    /// `..`: each looks at all below.
    descents: u32,
    /// `,`: each may double what is looked at.
    commas: u32,
    /// `$` beyond the first: each looks at everything again.
    roots: u32,
    /// `match(…)` and `search(…)`: each may compile an expression for each node.
    expressions: bool,
    /// `*`, `?` and `:`: the query can find several nodes.
    several: bool,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FoundAt {
    /// This value, or the list of values of a query that can find several.
    Value(Value),
    /// Nothing.
    Nothing,
    /// The query would take too long on this value.
    TooMuch,
    /// There is no query, for this reason.
    NoPath(String),
}

impl Path {
    /// Reads a path. One in which variables stand is read when they are filled in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let has_variables = written(text).any(|part| matches!(part, Written::Variable(_)));
        let query = match has_variables && text.chars().count() <= MAX_CHARACTERS {
            true => Query::Unfilled,
            false => Query::parse(text)?,
        };
        Ok(Self {
            source: text.to_owned(),
            query,
        })
    }

    /// What is wrong with it, now that its variables are filled in.
    pub(crate) fn problem(&self) -> Option<&str> {
        match &self.query {
            Query::Broken(why) => Some(why),
            Query::Ready(..) | Query::Unfilled => None,
        }
    }

    /// What it finds in a value.
    pub(crate) fn find(&self, value: &Value) -> FoundAt {
        let (path, shape) = match &self.query {
            Query::Ready(path, shape) => (path, shape),
            Query::Broken(why) => return FoundAt::NoPath(why.clone()),
            Query::Unfilled => {
                return FoundAt::NoPath(format!("no value stands for a variable in {self}"));
            }
        };
        if shape.work(value) > MAX_WORK {
            return FoundAt::TooMuch;
        }
        let nodes = path.query(value).all();
        match (shape.finds_several(), nodes.as_slice()) {
            (_, []) => FoundAt::Nothing,
            (false, [one]) => FoundAt::Value((*one).clone()),
            _ => FoundAt::Value(Value::Array(nodes.into_iter().cloned().collect())),
        }
    }
}

impl Query {
    fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX_CHARACTERS {
            return Err(format!(
                "a JSONPath has at most {MAX_CHARACTERS} characters"
            ));
        }
        // The parser goes one call deeper for each of them.
        let open = text
            .chars()
            .filter(|c| matches!(c, '(' | '[' | '!' | '?'))
            .count();
        if open > 40 {
            return Err("the JSONPath is nested too deeply".to_owned());
        }
        let query = JsonPath::parse(text).map_err(|error| {
            format!("expected a JSONPath such as \"$.total\" (RFC 9535), found {text:?}: {error}")
        })?;
        Ok(Self::Ready(Box::new(query), Shape::of(text)))
    }
}

impl Texts for Path {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        if self.query != Query::Unfilled {
            return;
        }
        let mut filled = String::with_capacity(self.source.len());
        let mut quotes = Quotes::default();
        for part in written(&self.source) {
            match part {
                Written::Plain(plain) => {
                    plain.chars().for_each(|c| quotes.pass(c));
                    filled.push_str(plain);
                }
                Written::Variable(variable) => {
                    let mut value = variable.to_owned();
                    see(&mut value);
                    match quotes.open {
                        // A value within quotes is a text, whatever stands in it.
                        Some(quote) if value != variable => escape(&value, quote, &mut filled),
                        _ => filled.push_str(&value),
                    }
                }
            }
        }
        if filled != self.source {
            self.query = Query::parse(&filled).unwrap_or_else(Query::Broken);
            self.source = filled;
        }
    }
}

/// Writes a text so that it can stand between these quotes of a path (RFC 9535, 2.3.1.1).
fn escape(text: &str, quote: char, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
}

/// Which quotes are open after the characters that passed.
#[derive(Debug, Clone, Copy, Default)]
struct Quotes {
    open: Option<char>,
    is_escaped: bool,
}

impl Quotes {
    fn pass(&mut self, c: char) {
        match self.open {
            Some(_) if self.is_escaped => self.is_escaped = false,
            Some(_) if c == '\\' => self.is_escaped = true,
            Some(end) if c == end => self.open = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => self.open = Some(c),
            None => {}
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut quotes = Quotes::default();
        let mut before = ' ';
        for c in text.chars() {
            if quotes.open.is_none() {
                match c {
                    '.' if before == '.' => shape.descents += 1,
                    ',' => shape.commas += 1,
                    '$' => shape.roots += 1,
                    '*' | '?' | ':' => shape.several = true,
                    _ => {}
                }
            }
            quotes.pass(c);
            before = c;
        }
        shape.roots = shape.roots.saturating_sub(1);
        shape.expressions = text.contains("match") || text.contains("search");
        shape
    }

    const fn finds_several(self) -> bool {
        self.several || self.descents > 0 || self.commas > 0
    }

    /// How many nodes a query looks at, at most.
    fn work(self, value: &Value) -> u128 {
        let (nodes, depth) = measure(value);
        let doubled = 1_u128 << self.commas.min(100);
        let again = depth.saturating_pow(self.descents.saturating_sub(1));
        let everything = nodes.saturating_pow(self.roots);
        let each = if self.expressions { 5_000 } else { 1 };
        nodes
            .saturating_mul(each)
            .saturating_mul(doubled)
            .saturating_mul(again)
            .saturating_mul(everything)
    }
}

fn measure(value: &Value) -> (u128, u128) {
    let below = |values: &mut dyn Iterator<Item = &Value>| {
        let (mut nodes, mut depth) = (1, 1);
        for value in values {
            let (more, deep) = measure(value);
            nodes += more;
            depth = depth.max(deep + 1);
        }
        (nodes, depth)
    };
    match value {
        Value::Array(items) => below(&mut items.iter()),
        Value::Object(map) => below(&mut map.values()),
        _ => (1, 1),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_to_one_place_finds_its_value_and_others_find_lists() {
        let value = json!({"total": 42, "rows": [{"a": 1}, {"a": 2}], "x,y": {"*": 3}});
        for (path, found) in [
            ("$.total", json!(42)),
            ("$.rows[1].a", json!(2)),
            ("$.rows[-1].a", json!(2)),
            ("$.rows[*].a", json!([1, 2])),
            ("$.rows[0:1].a", json!([1])),
            ("$..a", json!([1, 2])),
            ("$.rows[?@.a > 1].a", json!([2])),
            ("$['x,y']['*']", json!(3)),
        ] {
            let path = Path::parse(path).unwrap();
            assert_eq!(path.find(&value), FoundAt::Value(found), "{path}");
        }
        assert_eq!(
            Path::parse("$.nothing").unwrap().find(&value),
            FoundAt::Nothing
        );
    }

    #[test]
    fn what_is_no_path_is_refused_and_what_explodes_is_not_begun() {
        let nested = format!("$[?{}@.a{}]", "(".repeat(300), ")".repeat(150));
        let nots = format!("$[?{}@.a]", "!".repeat(400));
        let long = format!("$.{}", "a".repeat(600));
        for bad in ["", "total", "$.", "$[", "$.a b", &nested, &nots, &long] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = json!([deep, 1]);
        }
        for explosive in [
            format!("${}", "[0,0]".repeat(30)),
            format!("${}", "..*".repeat(20)),
        ] {
            let path = Path::parse(&explosive).unwrap();
            assert_eq!(path.find(&deep), FoundAt::TooMuch, "{explosive}");
        }
        let wide = json!(vec![1; 100_000]);
        let path = Path::parse("$[?$[?@ > 2]]").unwrap();
        assert_eq!(path.find(&wide), FoundAt::TooMuch);
    }

    fn filled(path: &str, value: &str) -> Path {
        let mut path = Path::parse(path).unwrap();
        path.each_text(&mut |text| *text = text.replace("{{x}}", value));
        path
    }

    #[test]
    fn variables_are_filled_in_and_cannot_leave_their_quotes() {
        let value = json!({"rows": [{"name": "O'Brien \\ \"x\"\n", "total": 1}, {"name": "b", "total": 2}], "']": 5});
        let at = "$.rows[?@.name == '{{x}}'].total";
        assert_eq!(
            filled(at, "O'Brien \\ \"x\"\n").find(&value),
            FoundAt::Value(json!([1]))
        );
        assert_eq!(
            filled(at, "' || '' == '").find(&value),
            FoundAt::Nothing,
            "a value is no part of the query"
        );
        assert_eq!(
            filled("$['{{x}}']", "']").find(&value),
            FoundAt::Value(json!(5))
        );
        assert_eq!(
            filled("$.rows[{{x}}].total", "-1").find(&value),
            FoundAt::Value(json!(2))
        );
        assert_eq!(
            filled("$.rows[{{x}}].total", "-1").to_string(),
            "$.rows[-1].total"
        );
    }

    #[test]
    fn a_value_that_makes_no_path_is_told() {
        for wrong in ["", "x y", "[", "]]", &"(".repeat(600), &"[0,0]".repeat(200)] {
            let path = filled("$.rows[{{x}}].total", wrong);
            assert!(path.problem().is_some(), "{wrong}");
            assert!(
                matches!(path.find(&json!({})), FoundAt::NoPath(_)),
                "{wrong}"
            );
        }
        let unfilled = Path::parse("$.{{y}}").unwrap();
        assert!(matches!(unfilled.find(&json!({})), FoundAt::NoPath(_)));
        assert!(Path::parse(&format!("$.{{{{x}}}}{}", "a".repeat(600))).is_err());
    }
}
