//! What an answer used, as the many places write it.

use rust_decimal::Decimal;
use serde_json::Value;
use slipway_contract::Usd;
use slipway_contract::run::Tokens;

/// What the parts of a usage are called.
pub(super) struct Names {
    input: &'static str,
    input_details: &'static str,
    output: &'static str,
    output_details: &'static str,
}

/// As Chat Completions calls them.
pub(super) const CHAT: Names = Names {
    input: "prompt_tokens",
    input_details: "prompt_tokens_details",
    output: "completion_tokens",
    output_details: "completion_tokens_details",
};

/// As Responses calls them.
pub(super) const RESPONSES: Names = Names {
    input: "input_tokens",
    input_details: "input_tokens_details",
    output: "output_tokens",
    output_details: "output_tokens_details",
};

/// The tokens that a usage says, or none when it does not say both numbers.
pub(super) fn tokens(usage: &Value, names: &Names) -> Option<Tokens> {
    let said = |name: &str| usage.get(name).and_then(Value::as_u64);
    let detail = |details: &str, name: &str| usage.get(details)?.get(name)?.as_u64();
    let input_tokens = said(names.input)?;
    let answered = said(names.output)?;
    let cached = detail(names.input_details, "cached_tokens")
        // DeepSeek's name, and Mistral's two.
        .or_else(|| said("prompt_cache_hit_tokens"))
        .or_else(|| said("num_cached_tokens"))
        .or_else(|| detail("prompt_token_details", "cached_tokens"));
    let written = detail(names.input_details, "cache_write_tokens");
    let reasoning = detail(names.output_details, "reasoning_tokens");
    // xAI counts the reasoning beside the answer; the total tells.
    let beside = reasoning.filter(|reasoning| {
        let all = input_tokens.checked_add(answered);
        let all = all.and_then(|all| all.checked_add(*reasoning));
        *reasoning > 0 && all.is_some() && said("total_tokens") == all
    });
    Some(Tokens {
        input_tokens,
        output_tokens: answered.saturating_add(beside.unwrap_or(0)),
        cached_tokens: cached.unwrap_or(0).min(input_tokens),
        cache_write_tokens: written.map(|written| written.min(input_tokens)),
        reasoning_tokens: reasoning,
    })
}

/// What a usage says that the call cost, in US dollars, by a key of one's own included.
pub(super) fn cost(usage: &Value) -> Option<Usd> {
    let charged = amount(usage.get("cost")?)?;
    if usage.get("is_byok").and_then(Value::as_bool) != Some(true) {
        return Some(charged);
    }
    // The service's own fee; the rest is billed to whom the key belongs.
    let details = usage.get("cost_details")?;
    Some(charged.plus(amount(details.get("upstream_inference_cost")?)?))
}

fn amount(value: &Value) -> Option<Usd> {
    let said = value.as_number()?.to_string();
    let number = Decimal::from_str_exact(&said).or_else(|_| Decimal::from_scientific(&said));
    let number = number.ok().filter(|number| !number.is_sign_negative())?;
    Some(Usd(number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(usage: &Value) -> Option<Tokens> {
        tokens(usage, &CHAT)
    }

    #[test]
    fn what_a_call_cost_is_read_exactly_or_not_at_all() {
        for (usage, expected) in [
            (json!({"cost": 0.00014975}), Some("0.00014975")),
            (json!({"cost": 1.2e-7}), Some("0.00000012")),
            (json!({"cost": 0}), Some("0")),
            (
                json!({"cost": 0.001, "is_byok": false, "cost_details": {"upstream_inference_cost": 0.02}}),
                Some("0.001"),
            ),
            (
                json!({"cost": 0.001, "is_byok": true, "cost_details": {"upstream_inference_cost": 0.02}}),
                Some("0.021"),
            ),
            (json!({"cost": 0.001, "is_byok": true}), None),
            (json!({"cost": -0.001}), None),
            (json!({"cost": 1e300}), None),
            (json!({"cost": "0.1"}), None),
            (json!({"cost": null}), None),
            (json!({}), None),
            (json!(null), None),
        ] {
            let expected = expected.map(|amount| amount.parse::<Usd>().unwrap());
            assert_eq!(cost(&usage), expected, "{usage}");
        }
    }

    #[test]
    fn every_places_usage_is_read() {
        let plain = Tokens {
            input_tokens: 339,
            output_tokens: 92,
            cached_tokens: 320,
            cache_write_tokens: None,
            reasoning_tokens: None,
        };
        let with = |more: Value| {
            let mut usage =
                json!({"prompt_tokens": 339, "completion_tokens": 92, "total_tokens": 431});
            usage
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            usage
        };
        for more in [
            json!({"prompt_tokens_details": {"cached_tokens": 320}}),
            json!({"prompt_cache_hit_tokens": 320, "prompt_cache_miss_tokens": 19}),
            json!({"num_cached_tokens": 320}),
            json!({"prompt_token_details": {"cached_tokens": 320}}),
        ] {
            assert_eq!(read(&with(more.clone())), Some(plain), "{more}");
        }
        let written =
            json!({"prompt_tokens_details": {"cached_tokens": 320, "cache_write_tokens": 12}});
        let expected = Tokens {
            cache_write_tokens: Some(12),
            ..plain
        };
        assert_eq!(read(&with(written)), Some(expected));
    }

    #[test]
    fn reasoning_is_part_of_the_answer_wherever_it_is_counted() {
        let within = json!({
            "prompt_tokens": 12, "completion_tokens": 229, "total_tokens": 241,
            "completion_tokens_details": {"reasoning_tokens": 228},
        });
        let mut beside = within.clone();
        beside["completion_tokens"] = json!(1);
        let mut without_total = within.clone();
        without_total["total_tokens"] = Value::Null;
        for usage in [within, beside, without_total] {
            let tokens = read(&usage).unwrap();
            assert_eq!(
                (tokens.output_tokens, tokens.reasoning_tokens),
                (229, Some(228)),
                "{usage}"
            );
        }
    }

    #[test]
    fn numbers_that_cannot_be_are_not_reckoned_with() {
        for usage in [
            json!(null),
            json!({"prompt_tokens": 3}),
            json!({"prompt_tokens": "3", "completion_tokens": 4}),
            json!({"prompt_tokens": -3, "completion_tokens": 4}),
        ] {
            assert_eq!(read(&usage), None, "{usage}");
        }
        let most = json!({
            "prompt_tokens": u64::MAX, "completion_tokens": u64::MAX, "total_tokens": 1,
            "prompt_tokens_details": {"cached_tokens": 7},
            "completion_tokens_details": {"reasoning_tokens": u64::MAX},
        });
        assert_eq!(read(&most).unwrap().output_tokens, u64::MAX);
        let more_than_all =
            json!({"prompt_tokens": 3, "completion_tokens": 4, "num_cached_tokens": 9});
        assert_eq!(read(&more_than_all).unwrap().cached_tokens, 3);
    }
}
