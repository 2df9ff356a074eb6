//! Thinking: how much of it is asked for, and thoughts that go back as they came.

use serde::Serialize;
use serde_json::{Value, json};
use slipway_contract::model::ReasoningEffort as Effort;

use super::traits::{ClaudeTraits, ThinkingMode as Mode};
use crate::attempt::origin::Origin;

/// What Slipway calls this protocol in what it keeps of an answer.
pub(super) const PROTOCOL: &str = "anthropic";

/// The names under which a thought and the hash of what stands before it are kept.
const BLOCK: &str = "block";
const PREFIX: &str = "prefix";

/// The fewest tokens that may be given for thinking.
const SMALLEST_BUDGET: u32 = 1_024;

/// What a request says of thinking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Config {
    Enabled {
        budget_tokens: u32,
    },
    Adaptive {
        /// Said, since newer models give their thoughts empty without it.
        display: &'static str,
    },
    Disabled,
    BetweenTools,
}

const ADAPTIVE: Config = Config::Adaptive {
    display: "summarized",
};

/// How a request wants the model to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Plan {
    pub(super) config: Option<Config>,
    pub(super) effort: Option<&'static str>,
}

impl Plan {
    /// What this model takes for that. `forced` says that it must call a tool, which most models
    /// do only without thinking; `interrupted` that it is amid tool calls which it made without
    /// thoughts that could go back.
    pub(super) fn new(
        traits: &ClaudeTraits,
        asked: Option<Effort>,
        forced: bool,
        interrupted: bool,
        limit: u32,
    ) -> Self {
        let wanted = asked.filter(|asked| *asked != Effort::Off);
        let effort = wanted.map(word);
        let config = match traits.thinking {
            Mode::Budget => {
                return Self {
                    config: wanted
                        .filter(|_| !forced && !interrupted)
                        .and_then(|wanted| budget(wanted, limit)),
                    effort: None,
                };
            }
            Mode::OnRequest => wanted.filter(|_| !forced).map(|_| ADAPTIVE),
            Mode::UnlessDisabled if forced || asked == Some(Effort::Off) => Some(Config::Disabled),
            Mode::UnlessBetweenTools if asked == Some(Effort::Off) => Some(Config::BetweenTools),
            Mode::Always if asked == Some(Effort::Off) => {
                return Self {
                    config: Some(ADAPTIVE),
                    effort: Some("low"),
                };
            }
            Mode::UnlessDisabled | Mode::UnlessBetweenTools | Mode::Always => Some(ADAPTIVE),
        };
        Self { config, effort }
    }

    /// Whether the model may think, which excludes a temperature.
    pub(super) const fn thinks(&self) -> bool {
        !matches!(self.config, None | Some(Config::Disabled))
    }
}

const fn word(effort: Effort) -> &'static str {
    match effort {
        Effort::Off | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
    }
}

/// Tokens for thinking, which leave a quarter of the limit to the answer; none where that is not
/// worth it.
fn budget(effort: Effort, limit: u32) -> Option<Config> {
    let wanted = match effort {
        Effort::Off => return None,
        Effort::Low => 2_048,
        Effort::Medium => 8_192,
        Effort::High => 24_576,
    };
    let budget_tokens = wanted.min(limit - limit.div_ceil(4));
    (budget_tokens >= SMALLEST_BUDGET).then_some(Config::Enabled { budget_tokens })
}

/// A thought under way.
#[derive(Debug)]
pub(super) struct Thought(Value);

impl Thought {
    /// Begins with this block, which a whole answer holds complete.
    pub(super) const fn begin(block: Value) -> Self {
        Self(block)
    }

    /// Adds to a field of the block.
    pub(super) fn add(&mut self, name: &str, piece: &str) {
        match self.0.get_mut(name) {
            Some(Value::String(text)) => text.push_str(piece),
            _ => self.0[name] = json!(piece),
        }
    }

    /// Its words, and what is kept of it to go back: the whole block, with the model and the
    /// beginning that it belongs to. Without a signature it could not go back.
    pub(super) fn end(self, origin: &Origin<'_>, seal: &str) -> (String, Option<Value>) {
        let Self(block) = self;
        let field = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
        let text = field("thinking").to_owned();
        let signed = !field("signature").is_empty() || !field("data").is_empty();
        let kept = signed.then(|| {
            let mut kept = origin.mark(BLOCK, block);
            kept[PREFIX] = json!(seal);
            kept
        });
        (text, kept)
    }
}

/// The block of a thought that this model gave. A model whose thoughts are bound to what stands
/// before them refuses the whole request when that has changed, as it has after a compaction.
pub(super) fn block<'a>(
    opaque: &'a Value,
    origin: &Origin<'_>,
    bound: bool,
    seal: &str,
) -> Option<&'a Value> {
    let fits = !bound || opaque.get(PREFIX).is_some_and(|prefix| prefix == seal);
    origin.own(opaque, BLOCK).filter(|_| fits)
}
