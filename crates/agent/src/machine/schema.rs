//! Values checked against JSON Schemas.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

/// Compiled schemas that are kept: those of the tools and outputs in use.
const KEPT: usize = 256;

/// Problems that are told at once.
const TOLD: usize = 5;

/// What is wrong with a value: the place in it (empty for all of it) and why. At most five.
///
/// # Errors
/// The schema itself cannot be read.
pub(super) fn problems(schema: &Value, value: &Value) -> Result<Vec<(String, String)>, String> {
    let validator = compiled(schema)?;
    let problems = validator.iter_errors(value).take(TOLD);
    Ok(problems
        .map(|error| {
            let text = error.to_string().chars().take(300).collect();
            (error.instance_path().to_string(), text)
        })
        .collect())
}

/// Compiling takes many times longer than checking, and the same few schemas come back with each
/// call of a tool. What is kept depends on the schema alone, so the machine stays pure.
fn compiled(schema: &Value) -> Result<Arc<Validator>, String> {
    static COMPILED: Mutex<Option<HashMap<Value, Arc<Validator>>>> = Mutex::new(None);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let compiled = compiled.get_or_insert_default();
    if let Some(validator) = compiled.get(schema) {
        return Ok(Arc::clone(validator));
    }
    let validator = jsonschema::validator_for(schema).map_err(|error| error.to_string())?;
    let validator = Arc::new(validator);
    if compiled.len() >= KEPT {
        compiled.clear();
    }
    compiled.insert(schema.clone(), Arc::clone(&validator));
    Ok(validator)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_value_is_checked_against_its_own_schema() {
        for round in 0..2 {
            for number in 0..KEPT + 10 {
                let schema = json!({"maximum": number});
                assert_eq!(problems(&schema, &json!(number)).unwrap(), [], "{round}");
                let wrong = problems(&schema, &json!({"n": 1})).unwrap();
                assert!(wrong.is_empty(), "no number, so no maximum");
                let wrong = problems(&schema, &json!(number + 1)).unwrap();
                assert_eq!(wrong.len(), 1);
            }
        }
    }

    #[test]
    fn an_unusable_schema_is_said_each_time() {
        for _ in 0..2 {
            assert!(problems(&json!({"type": "strange"}), &json!(1)).is_err());
        }
    }
}
