//! Whose a thought is. What a provider signs or encrypts is kept with its origin and goes back only
//! there: another provider, and mostly another model of the same one, refuses the whole request for
//! it or drops it. OpenAI cannot decrypt what another model encrypted (`invalid_encrypted_content`),
//! Gemini calls another model's signature corrupted, and each Claude reads its own thoughts and
//! those of a few others that no table here could keep up with. The words and the calls that a
//! thought led to go on without it.

use serde_json::{Value, json};
use slipway_contract::model::ModelRef;

use super::Endpoint;

/// A model of a provider, in a protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    protocol: &'static str,
    provider: &'a str,
    model: &'a str,
}

impl<'a> Origin<'a> {
    pub(crate) fn of(endpoint: &'a Endpoint, protocol: &'static str) -> Self {
        Self {
            protocol,
            provider: &endpoint.provider.id,
            model: &endpoint.model.model,
        }
    }

    /// What is kept, under its name, with this origin.
    pub(crate) fn mark(&self, name: &str, kept: Value) -> Value {
        let Self {
            protocol,
            provider,
            model,
        } = self;
        let mut mark = json!({"protocol": protocol, "provider": provider, "model": model});
        mark[name] = kept;
        mark
    }

    /// What is kept under this name, when it is from here.
    ///
    /// Journals of earlier versions hold OpenAI's items bare, and thoughts of Claude and Gemini
    /// without their provider or their model. Nobody can tell who gave those, so they stay here: a
    /// conversation without an old thought is answered, one with a foreign one may not be.
    pub(crate) fn own<'v>(&self, opaque: &'v Value, name: &str) -> Option<&'v Value> {
        let says = |field: &str, own: &str| {
            opaque
                .get(field)
                .and_then(Value::as_str)
                .is_some_and(|said| said == own)
        };
        let is_own = says("protocol", self.protocol)
            && says("provider", self.provider)
            && says("model", self.model);
        opaque.get(name).filter(|_| is_own)
    }
}

/// What of a thought goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Back<'a> {
    /// What is kept of it.
    pub(crate) kept: Option<&'a Value>,
    /// Its words, where they do not stand in what is kept.
    pub(crate) text: bool,
}

/// What of a thought goes back to this model, whatever its protocol is.
pub(crate) fn back_to<'a>(opaque: Option<&'a Value>, model: &ModelRef) -> Back<'a> {
    let Some(opaque) = opaque else {
        return Back::default();
    };
    let says = |field: &str| opaque.get(field).and_then(Value::as_str);
    if says("provider") != Some(&model.provider) {
        return Back::default();
    }
    let whole = ["item", "block", "details"];
    let whole = whole.iter().find_map(|name| opaque.get(*name));
    let kept = whole.or_else(|| opaque.get("signature"));
    match says("model") {
        // What is signed goes to its model alone, plain words to every model of their service.
        Some(other) if other != model.model => Back::default(),
        None if kept.is_some() => Back::default(),
        _ => Back {
            kept,
            text: whole.is_none(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Origin<'_> = Origin {
        protocol: "gemini",
        provider: "google",
        model: "gemini-3.5-flash",
    };

    #[test]
    fn what_is_marked_is_own_only_where_it_is_from() {
        let marked = HERE.mark("signature", json!("c2ln"));
        assert_eq!(HERE.own(&marked, "signature"), Some(&json!("c2ln")));
        assert_eq!(HERE.own(&marked, "block"), None);
        for elsewhere in [
            Origin {
                protocol: "anthropic",
                ..HERE
            },
            Origin {
                provider: "proxy",
                ..HERE
            },
            Origin {
                model: "gemini-3.5-pro",
                ..HERE
            },
        ] {
            assert_eq!(elsewhere.own(&marked, "signature"), None, "{elsewhere:?}");
        }
        for field in ["protocol", "provider", "model"] {
            let mut unsaid = marked.clone();
            unsaid.as_object_mut().unwrap().shift_remove(field);
            assert_eq!(HERE.own(&unsaid, "signature"), None, "without {field}");
        }
        assert_eq!(HERE.own(&json!("gemini"), "signature"), None);
    }
}
