//! What an answer of a person is bound to.

use serde_json::{Value, json};
use slipway_contract::ContentHash;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::tool::ToolDefinition;

use crate::canonical;

/// The hash that an approval of a call covers: the tool's name, description, schema, server and
/// effect, and the arguments.
#[must_use]
pub fn of_call(definition: &ToolDefinition, arguments: &Value) -> ContentHash {
    canonical::hash(&json!({ "tool": definition, "arguments": arguments }))
}

/// The hash of a tool's definition, which a rule that allows calls is bound to.
#[must_use]
pub fn of_definition(definition: &ToolDefinition) -> ContentHash {
    canonical::hash(&json!({ "tool": definition }))
}

/// The hash that a grant covers: the permissions, and the behaviour that asks for them.
#[must_use]
pub fn of_grant(permissions: &[Permission], behaviour: ContentHash) -> ContentHash {
    canonical::hash(&json!({ "permissions": permissions, "behaviour": behaviour }))
}

/// The hash that an answer about an unknown price covers: the model, and the budgets that cannot
/// be kept.
#[must_use]
pub fn of_price(model: &ModelRef, budgets: &[String]) -> ContentHash {
    canonical::hash(&json!({ "price_of": model, "budgets": budgets }))
}

#[cfg(test)]
mod tests {
    use slipway_contract::tool::{DeclaredEffect, Effect};

    use super::*;

    #[test]
    fn one_changed_byte_voids_an_approval() {
        let definition = ToolDefinition {
            name: "post".into(),
            description: "Posts a message".into(),
            schema: json!({"type": "object", "properties": {"text": {"type": "string"}}}),
            effect: DeclaredEffect::Always(Effect::Write),
            server: "built-in".into(),
        };
        let arguments = json!({"text": "hello"});
        let approved = of_call(&definition, &arguments);
        let changed = |change: &dyn Fn(&mut ToolDefinition)| {
            let mut other = definition.clone();
            change(&mut other);
            of_call(&other, &arguments)
        };
        for (what, hash) in [
            ("name", changed(&|d| d.name.push('x'))),
            ("description", changed(&|d| d.description.push('.'))),
            (
                "schema",
                changed(&|d| d.schema["properties"]["text"]["type"] = json!("object")),
            ),
            ("server", changed(&|d| d.server = "other".into())),
            (
                "effect",
                changed(&|d| d.effect = DeclaredEffect::Always(Effect::Read)),
            ),
            (
                "arguments",
                of_call(&definition, &json!({"text": "hello!"})),
            ),
        ] {
            assert_ne!(hash, approved, "a changed {what} must void the approval");
        }
        assert_eq!(of_call(&definition, &json!({"text": "hello"})), approved);
    }
}
