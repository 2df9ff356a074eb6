//! Token counts before a request is made.

mod images;
mod names;
mod pdf;
mod vocabulary;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelRequest;
use slipway_agent::ports::prices::TokenCounter;
use slipway_contract::message::{Attachment, Content, Message};
use slipway_contract::model::ModelRef;

use crate::attempt::origin;
use crate::catalog::Catalog;

pub use vocabulary::Vocabulary;

/// What a message costs beside its text: its role and its borders.
const PER_MESSAGE: u64 = 8;

/// What a tool costs beside its name, description and schema.
const PER_TOOL: u64 = 16;

/// One token in so many is added to what was estimated.
const MARGIN: u64 = 10;

/// Below so many tokens the estimate serves: a vocabulary takes longer to unpack than such a
/// request takes to be sent, and nothing hangs on the difference.
const COUNTED_FROM: u64 = 4_000;

/// Counts tokens before a request is made: by the model's vocabulary where Slipway carries it and the
/// request is not short, and else from above without one.
///
/// Tokenizers of today's models split text into runs of letters, of at most three digits, of
/// signs and of spaces, and a common word is one token. This counts the runs by their kind and
/// length and adds a tenth. Measured against OpenAI's `o200k` vocabulary, the estimate is 10 % to
/// 30 % above the truth for figures and tables, up to twice the truth for prose, code and JSON, and
/// up to three times in alphabets beyond Latin. It falls short for text that means nothing:
/// by up to 10 % for Base64, up to 40 % for random letters.
///
/// An image counts by its size as the model's maker counts it, and a PDF by its pages; what cannot
/// be told of one counts as the most that it can be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Estimate;

impl TokenCounter for Estimate {
    fn count(&self, request: &ModelRequest) -> u64 {
        let estimated = whole(request, Words(None));
        match vocabulary(&request.model) {
            Some(by) if estimated >= COUNTED_FROM => whole(request, Words(Some(by))),
            _ => estimated,
        }
    }

    /// Where the estimate falls short, the truth is at most five thirds of it. Where texts are
    /// counted, what stands around them is not certain.
    fn at_most(&self, model: &ModelRef, counted: u64) -> u64 {
        let more = match vocabulary(model) {
            Some(_) if counted >= COUNTED_FROM => counted.div_ceil(10),
            _ => counted.saturating_mul(2).div_ceil(3),
        };
        counted.saturating_add(more)
    }

    fn count_text(&self, model: &ModelRef, content: &str) -> u64 {
        let estimated = Words(None).text(content);
        match vocabulary(model) {
            Some(by) if estimated >= COUNTED_FROM => by.count(content),
            _ => estimated,
        }
    }
}

fn vocabulary(model: &ModelRef) -> Option<Vocabulary> {
    Catalog::built_in().vocabulary(model)
}

fn whole(request: &ModelRequest, words: Words) -> u64 {
    let messages: u64 = request
        .messages
        .iter()
        .map(|one| message(one, &request.model, words))
        .sum();
    let tools: u64 = request
        .tools
        .iter()
        .map(|tool| {
            PER_TOOL
                + words.text(&tool.name)
                + words.text(&tool.description)
                + words.json(&tool.schema)
        })
        .sum();
    let schema = request
        .output_schema
        .as_ref()
        .map_or(0, |schema| words.json(schema));
    PER_MESSAGE + words.text(&request.instructions) + messages + tools + schema
}

/// How a text's tokens are found: by this vocabulary, or by estimate.
#[derive(Clone, Copy)]
struct Words(Option<Vocabulary>);

impl Words {
    fn text(self, content: &str) -> u64 {
        match self.0 {
            Some(vocabulary) => vocabulary.count(content),
            None => text(content),
        }
    }

    fn json(self, value: &Value) -> u64 {
        match self.0 {
            Some(vocabulary) => vocabulary.count(&value.to_string()),
            None => json(value),
        }
    }
}

fn message(message: &Message, model: &ModelRef, words: Words) -> u64 {
    PER_MESSAGE
        + match message {
            Message::User {
                text: said,
                attachments,
            } => {
                words.text(said)
                    + attachments
                        .iter()
                        .map(|file| attachment(file, model, words))
                        .sum::<u64>()
            }
            Message::Assistant { content, .. } => {
                content.iter().map(|one| part(one, model, words)).sum()
            }
            Message::Tool {
                call_id,
                text: result,
                ..
            } => words.text(&call_id.0) + words.text(result),
        }
}

fn attachment(file: &Attachment, model: &ModelRef, words: Words) -> u64 {
    let tokens = if file.media.is_image() {
        images::tokens(&model.model, &file.data)
    } else {
        pdf::tokens(&model.model, &file.data)
    };
    PER_MESSAGE + words.text(&file.name) + tokens
}

fn part(part: &Content, model: &ModelRef, words: Words) -> u64 {
    match part {
        Content::Text { text: said } => words.text(said),
        Content::Reasoning {
            text: thought,
            opaque,
        } => {
            let back = origin::back_to(opaque.as_ref(), model);
            back.kept.map_or(0, |kept| words.json(kept))
                + if back.text { words.text(thought) } else { 0 }
        }
        Content::ToolCall(call) => {
            PER_MESSAGE
                + words.text(&call.call_id.0)
                + words.text(&call.tool)
                + match &call.arguments {
                    Value::String(raw) => words.text(raw),
                    arguments => words.json(arguments),
                }
        }
    }
}

/// Counts a value as it is written, without writing it anywhere.
fn json(value: &Value) -> u64 {
    struct Counting(Runs);
    impl std::io::Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.take(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counting = Counting(Runs::default());
    let written = value.serialize(&mut serde_json::Serializer::new(&mut counting));
    debug_assert!(written.is_ok(), "counting cannot fail");
    counting.0.tokens()
}

fn text(text: &str) -> u64 {
    let mut runs = Runs::default();
    runs.take(text.as_bytes());
    runs.tokens()
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Class {
    #[default]
    Start,
    /// Lower case, and the letters of alphabets beyond ASCII.
    Lower,
    Upper,
    Digit,
    Space,
    Sign,
    /// Chinese, Japanese, Korean and other characters of three bytes.
    Wide,
    /// Characters of four bytes, such as emoji.
    Picture,
}

#[derive(Default)]
struct Runs {
    class: Class,
    /// Bytes of the present run.
    length: u64,
    done: u64,
}

impl Runs {
    fn take(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let class = match byte {
                b'a'..=b'z' | 0xc0..=0xe0 => Class::Lower,
                b'A'..=b'Z' => Class::Upper,
                b'0'..=b'9' => Class::Digit,
                b' ' | b'\t' | b'\n' | b'\r' => Class::Space,
                // The rest of a character that has begun.
                0x80..=0xbf => self.class,
                0xe1..=0xef => Class::Wide,
                0xf0.. => Class::Picture,
                _ => Class::Sign,
            };
            let goes_on = class == self.class
                || (class == Class::Lower && self.class == Class::Upper && self.length == 1);
            if !goes_on {
                self.done += self.run(class);
                self.length = 0;
            }
            self.class = class;
            self.length += 1;
        }
    }

    /// The tokens of the present run, when this class follows it.
    fn run(&self, next: Class) -> u64 {
        let length = self.length;
        match self.class {
            Class::Start => 0,
            Class::Lower => length.div_ceil(4),
            Class::Upper | Class::Digit => length.div_ceil(3),
            // One space belongs to a word that follows it, but not to a number.
            Class::Space if length == 1 && next != Class::Digit => 0,
            Class::Space => 1 + length / 16,
            Class::Sign => (length * 3).div_ceil(4),
            Class::Wide => (length * 2).div_ceil(5),
            Class::Picture => length.div_ceil(2),
        }
    }

    /// The tokens of all runs, with the margin.
    fn tokens(&self) -> u64 {
        let tokens = self.done + self.run(Class::Start);
        tokens + tokens.div_ceil(MARGIN)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use slipway_contract::message::ToolCall;
    use slipway_contract::{CallId, StepId};

    use super::*;

    /// Texts with their tokens in OpenAI's o200k vocabulary, counted by its own tokenizer.
    const COUNTED: [(u64, &str); 10] = [
        (
            14,
            "The agency published a detailed report on the energy spending of households yesterday.",
        ),
        (
            43,
            "date,vendor,net,vat\n2026-03-14,Hotel Adler,412.50,78.38\n2026-11-02,Shell Station,61.20,11.63",
        ),
        (
            27,
            r#"{"rows":[{"category":"travel","sum":"1204.55","count":17}],"total":"1204.55"}"#,
        ),
        (
            16,
            r#"fn main() { println!("{}", xs.iter().sum::<i64>()); }"#,
        ),
        (
            12,
            "Für außergewöhnliche Belastungen müssen Belege vorgelegt werden.",
        ),
        (11, "L'agence nationale a publié hier un rapport détaillé."),
        (14, "Правительство опубликовало подробный отчёт о расходах."),
        (15, "政府昨天发布了一份关于家庭能源支出变化的详细报告。"),
        (17, "1 2 3 4 5 6 7 8 9"),
        (7, "👍🏽🎉🚀"),
    ];

    #[test]
    fn ordinary_text_is_counted_from_above_and_not_wildly() {
        for (truth, sample) in COUNTED {
            let estimate = text(sample);
            assert!(
                estimate >= truth,
                "{estimate} < {truth} tokens of {sample:?}"
            );
            assert!(
                estimate * 2 <= truth * 5,
                "{estimate} for {truth} tokens of {sample:?}"
            );
        }
    }

    #[test]
    fn the_estimate_keeps_a_counters_promises() {
        let model = "openai/gpt-5-mini".parse().unwrap();
        slipway_agent::memory::contract::prices::token_counter_contract(&Estimate, &model);
    }

    #[test]
    fn the_whole_request_counts() {
        let base = ModelRequest {
            model: "openai/gpt-5-mini".parse().unwrap(),
            instructions: "Be brief.".into(),
            messages: vec![Message::User {
                text: "Hi".into(),
                attachments: Vec::new(),
            }],
            tools: Arc::new([]),
            output_schema: None,
            temperature: None,
            max_output_tokens: None,
            reasoning: None,
            tool_choice: slipway_contract::model::ToolChoice::Auto,
        };
        let small = Estimate.count(&base);
        let call = ToolCall {
            call_id: CallId("call_1".into()),
            tool: "read_file".into(),
            arguments: json!({"path": "a.txt"}),
            malformed: None,
        };
        let mut messages = base.messages.clone();
        messages.push(Message::Assistant {
            step: StepId(1),
            content: vec![
                Content::Reasoning {
                    text: "never sent back".repeat(1000),
                    opaque: None,
                },
                Content::ToolCall(call),
            ],
        });
        messages.push(Message::Tool {
            step: StepId(2),
            call_id: CallId("call_1".into()),
            tool: "read_file".into(),
            text: "word ".repeat(1000),
            is_error: false,
        });
        let large = Estimate.count(&ModelRequest {
            messages,
            output_schema: Some(json!({"type": "object"})),
            ..base
        });
        assert!(large > small + 1000, "{small} and then {large}");
        assert!(large < small + 3000, "{small} and then {large}");
    }

    #[test]
    fn a_long_text_is_counted_where_the_vocabulary_is_known_and_the_margin_says_so() {
        let known = "openai/gpt-5-mini".parse().unwrap();
        let unknown = "mistral/mistral-large-2512".parse().unwrap();
        let long = "The agency published a report yesterday. ".repeat(2_000);
        let (counted, estimated) = (
            Estimate.count_text(&known, &long),
            Estimate.count_text(&unknown, &long),
        );
        assert_eq!(counted, Vocabulary::O200k.count(&long));
        assert!(counted < estimated, "{counted} and {estimated}");
        assert_eq!(Estimate.at_most(&known, 10_000), 11_000);
        assert_eq!(Estimate.at_most(&unknown, 9_000), 15_000);
        assert_eq!(
            Estimate.at_most(&known, 900),
            1_500,
            "a short request is estimated as any other"
        );
    }

    #[test]
    fn images_and_documents_count() {
        use slipway_contract::message::Media;
        let of = |media: Media, data: &str| {
            let file = Attachment {
                name: "a".to_owned(),
                media,
                data: data.into(),
            };
            attachment(
                &file,
                &"anthropic/claude-opus-5".parse().unwrap(),
                Words(None),
            )
        };
        assert!((4_784..4_800).contains(&of(Media::Jpeg, "AAAA")));
        assert!((4_568..4_590).contains(&of(Media::Pdf, "AAAA")));
        let twelve = data_encoding::BASE64.encode("<< /Type /Page >>".repeat(12).as_bytes());
        let pages = 12 * 4_568;
        assert!((pages..pages + 20).contains(&of(Media::Pdf, &twelve)));
    }

    #[test]
    fn a_thought_counts_where_it_goes_and_as_it_goes_there() {
        let thought = "six times seven ".repeat(100);
        let of = |kept: Value, model: &str| {
            let reasoning = Content::Reasoning {
                text: thought.clone(),
                opaque: Some(kept),
            };
            part(&reasoning, &model.parse().unwrap(), Words(None))
        };
        let kept = |protocol: &str, name: &str, value: Value| json!({"protocol": protocol, "provider": "p", "model": "m", name: value});
        let words = text(&thought);
        let item = json!({"type": "reasoning", "summary": [{"text": thought}], "encrypted_content": "gAAA"});
        let block = json!({"type": "thinking", "thinking": thought, "signature": "c2ln"});
        for (opaque, expected) in [
            (kept("responses", "item", item.clone()), json(&item)),
            (kept("anthropic", "block", block.clone()), json(&block)),
            (
                kept("chat", "details", json!([block])),
                json(&json!([block])),
            ),
            (
                kept("gemini", "signature", json!("c2ln")),
                json(&json!("c2ln")) + words,
            ),
        ] {
            assert_eq!(of(opaque.clone(), "p/m"), expected, "{opaque}");
            for elsewhere in ["p/other", "other/m"] {
                assert_eq!(of(opaque.clone(), elsewhere), 0, "{opaque} at {elsewhere}");
            }
        }
        // Plain text goes back to every model of its service.
        let plain = json!({"protocol": "chat", "provider": "p"});
        assert_eq!(of(plain.clone(), "p/other"), words);
        assert_eq!(of(plain, "other/m"), 0);
        // As earlier versions kept it.
        assert_eq!(of(item, "p/m"), 0);
    }

    #[test]
    fn a_value_counts_as_the_text_that_it_is_sent_as() {
        let value = json!({"path": "receipts/März.csv", "rows": [1, 22, 333], "ok": true});
        assert_eq!(json(&value), text(&value.to_string()));
    }
}
