//! What an answer used, which is told in pieces: the input when the answer begins, the output when
//! it ends, each number anew wherever it is told.

use serde_json::Value;
use slipway_contract::run::Tokens;

/// The newest of each number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    /// Neither written to the cache nor read from it.
    fresh: Option<u64>,
    written: Option<u64>,
    read: Option<u64>,
    output: Option<u64>,
    thought: Option<u64>,
}

impl Usage {
    pub(super) fn take(&mut self, usage: &Value) {
        let number = |name: &str| usage.get(name).and_then(Value::as_u64);
        let thought = usage
            .get("output_tokens_details")
            .and_then(|details| details.get("thinking_tokens"))
            .and_then(Value::as_u64);
        for (kept, told) in [
            (&mut self.fresh, number("input_tokens")),
            (&mut self.written, number("cache_creation_input_tokens")),
            (&mut self.read, number("cache_read_input_tokens")),
            (&mut self.output, number("output_tokens")),
            (&mut self.thought, thought),
        ] {
            *kept = told.or(*kept);
        }
    }

    /// All of it, when both sides were told.
    pub(super) fn tokens(&self) -> Option<Tokens> {
        let (written, read) = (self.written.unwrap_or(0), self.read.unwrap_or(0));
        let output_tokens = self.output?;
        Some(Tokens {
            input_tokens: self.fresh?.saturating_add(written).saturating_add(read),
            output_tokens,
            cached_tokens: read,
            cache_write_tokens: self.written,
            reasoning_tokens: self.thought.map(|thought| thought.min(output_tokens)),
        })
    }
}
