//! Whether JSON holds other JSON: what is wanted must be there, and more may be.

use serde_json::Value;

/// Where what came does not hold what is wanted: the place and what is wrong there; none when it
/// does. Objects may have more keys; lists have the same elements in the same order.
#[must_use]
pub fn difference(wanted: &Value, got: &Value) -> Option<String> {
    look(wanted, got, "")
}

/// Whether two values say the same; 1 and 1.0 do.
#[must_use]
pub fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            // Beyond 2^53 a float no longer tells integers apart.
            let exact = one.as_i128().zip(other.as_i128());
            exact.map_or_else(
                || one.as_f64() == other.as_f64(),
                |(one, other)| one == other,
            )
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| equal(one, other)))
        }
        _ => one == other,
    }
}

fn look(wanted: &Value, got: &Value, at: &str) -> Option<String> {
    let place = if at.is_empty() { "it" } else { at };
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => wanted.iter().find_map(|(key, wanted)| {
            let at = if at.is_empty() {
                format!("`{key}`")
            } else {
                format!("{at}.`{key}`")
            };
            match got.get(key) {
                Some(got) => look(wanted, got, &at),
                None => Some(format!("{at} is missing")),
            }
        }),
        (Value::Array(wanted), Value::Array(got)) => {
            if wanted.len() != got.len() {
                let (wanted, got) = (wanted.len(), got.len());
                return Some(format!("{place} has {got} elements instead of {wanted}"));
            }
            let mut pairs = wanted.iter().zip(got).enumerate();
            pairs.find_map(|(index, (wanted, got))| look(wanted, got, &format!("{at}[{index}]")))
        }
        _ if equal(wanted, got) => None,
        _ => {
            let shown = |value: &Value| super::verdict::cut(&value.to_string(), 200);
            Some(format!(
                "{place} is {} instead of {}",
                shown(got),
                shown(wanted)
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn more_may_be_there_but_not_less_or_other() {
        for (wanted, got) in [
            (json!({}), json!({"a": 1})),
            (json!({"a": 1}), json!({"a": 1.0, "b": 2})),
            (
                json!({"a": {"b": [1, {"c": "x"}]}}),
                json!({"a": {"b": [1, {"c": "x", "d": 0}], "e": 1}}),
            ),
            (json!("x"), json!("x")),
        ] {
            assert_eq!(difference(&wanted, &got), None, "{wanted} in {got}");
        }
        for (wanted, got, told) in [
            (json!({"a": 1}), json!({}), "`a` is missing"),
            (
                json!({"a": {"b": 1}}),
                json!({"a": {"b": "1"}}),
                "`a`.`b` is \"1\" instead of 1",
            ),
            (
                json!({"a": [1]}),
                json!({"a": [1, 2]}),
                "`a` has 2 elements instead of 1",
            ),
            (json!([1, 2]), json!([2, 1]), "[0] is 2 instead of 1"),
            (json!({"a": null}), json!({}), "`a` is missing"),
            (
                json!({"a": 1}),
                json!("x"),
                "it is \"x\" instead of {\"a\":1}",
            ),
        ] {
            assert_eq!(difference(&wanted, &got).as_deref(), Some(told));
        }
    }

    #[test]
    fn large_integers_are_not_confused() {
        assert!(!equal(
            &json!(9_007_199_254_740_993_u64),
            &json!(9_007_199_254_740_992_u64)
        ));
        assert!(equal(&json!({"a": [1]}), &json!({"a": [1.0]})));
    }
}
