//! JSONPath (RFC 9535), kept from taking for ever.

use std::fmt;

use serde_json::Value;
use serde_json_path::JsonPath;

/// The most characters of a path.
const MAX_CHARACTERS: usize = 500;
/// The most nodes that a query may look at, by an estimate from above.
const MAX_WORK: u128 = 20_000_000;

/// A query into JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    source: String,
    query: JsonPath,
    shape: Shape,
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
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
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
        Ok(Self {
            source: text.to_owned(),
            query,
            shape: Shape::of(text),
        })
    }

    /// What it finds in a value.
    pub(crate) fn find(&self, value: &Value) -> FoundAt {
        if self.shape.work(value) > MAX_WORK {
            return FoundAt::TooMuch;
        }
        let nodes = self.query.query(value).all();
        match (self.shape.finds_several(), nodes.as_slice()) {
            (_, []) => FoundAt::Nothing,
            (false, [one]) => FoundAt::Value((*one).clone()),
            _ => FoundAt::Value(Value::Array(nodes.into_iter().cloned().collect())),
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
        let mut quote = None;
        let mut before = ' ';
        let mut escaped = false;
        for c in text.chars() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if c == '\\' => escaped = true,
                Some(end) if c == end => quote = None,
                Some(_) => {}
                None => match c {
                    '\'' | '"' => quote = Some(c),
                    '.' if before == '.' => shape.descents += 1,
                    ',' => shape.commas += 1,
                    '$' => shape.roots += 1,
                    '*' | '?' | ':' => shape.several = true,
                    _ => {}
                },
            }
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
}
