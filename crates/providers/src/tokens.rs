//! Token counts before a request is made.

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelRequest;
use slipway_agent::ports::prices::TokenCounter;
use slipway_contract::message::{Attachment, Content, Message};
use slipway_contract::model::ModelRef;

/// What a message costs beside its text: its role and its borders.
const PER_MESSAGE: u64 = 8;

/// What a tool costs beside its name, description and schema.
const PER_TOOL: u64 = 16;

/// An image: about what the providers of today count for one of the largest size that they keep.
const PER_IMAGE: u64 = 1_600;

/// A PDF document: text and picture of a page, for each part of this many bytes that has begun.
/// Pages of a scan are larger, those of plain text often smaller.
const PER_PAGE: u64 = 3_000;
const PAGE_BYTES: u64 = 64 << 10;

/// One token in so many is added to what was counted.
const MARGIN: u64 = 10;

/// Counts tokens without a vocabulary, from above.
///
/// Tokenizers of today's models split text into runs of letters, of at most three digits, of
/// signs and of spaces, and a common word is one token. This counts the runs by their kind and
/// length and adds a tenth. Measured against OpenAI's `o200k` vocabulary, the estimate is 10 % to
/// 30 % above the truth for figures and tables, up to twice the truth for prose, code and JSON, and
/// up to three times in alphabets beyond Latin. It falls short for text that means nothing:
/// by up to 10 % for Base64, up to 40 % for random letters.
///
/// An image counts 1,600 tokens, whatever its size, and a PDF 3,000 for each 64 KiB: nobody can
/// tell without opening them, and the providers differ.
#[derive(Debug, Clone, Copy, Default)]
pub struct Estimate;

impl TokenCounter for Estimate {
    fn count(&self, request: &ModelRequest) -> u64 {
        let messages: u64 = request.messages.iter().map(message).sum();
        let tools: u64 = request
            .tools
            .iter()
            .map(|tool| PER_TOOL + text(&tool.name) + text(&tool.description) + json(&tool.schema))
            .sum();
        let schema = request.output_schema.as_ref().map_or(0, json);
        PER_MESSAGE + text(&request.instructions) + messages + tools + schema
    }

    /// Where the estimate falls short, the truth is at most five thirds of it.
    fn at_most(&self, counted: u64) -> u64 {
        counted.saturating_add(counted.saturating_mul(2).div_ceil(3))
    }

    fn count_text(&self, _model: &ModelRef, content: &str) -> u64 {
        text(content)
    }
}

fn message(message: &Message) -> u64 {
    PER_MESSAGE
        + match message {
            Message::User {
                text: said,
                attachments,
            } => text(said) + attachments.iter().map(attachment).sum::<u64>(),
            Message::Assistant { content, .. } => content.iter().map(part).sum(),
            Message::Tool {
                call_id,
                text: result,
                ..
            } => text(&call_id.0) + text(result),
        }
}

fn attachment(file: &Attachment) -> u64 {
    let tokens = if file.media.is_image() {
        PER_IMAGE
    } else {
        PER_PAGE * file.bytes().div_ceil(PAGE_BYTES).max(1)
    };
    PER_MESSAGE + text(&file.name) + tokens
}

fn part(part: &Content) -> u64 {
    match part {
        Content::Text { text: said } => text(said),
        // What goes back is the opaque part; its readable summary stays here.
        Content::Reasoning { opaque, .. } => opaque.as_ref().map_or(0, json),
        Content::ToolCall(call) => {
            PER_MESSAGE
                + text(&call.call_id.0)
                + text(&call.tool)
                + match &call.arguments {
                    Value::String(raw) => text(raw),
                    arguments => json(arguments),
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
    fn images_and_documents_count() {
        use slipway_contract::message::Media;
        let of = |media: Media, bytes: usize| {
            let file = Attachment {
                name: "a".to_owned(),
                media,
                data: "AAAA".repeat(bytes / 3).into(),
            };
            attachment(&file)
        };
        assert_eq!(of(Media::Png, 3), of(Media::Webp, 3 << 20));
        assert!((1_600..1_620).contains(&of(Media::Jpeg, 300_000)));
        assert!((3_000..3_020).contains(&of(Media::Pdf, 3)));
        assert!((240_000..240_020).contains(&of(Media::Pdf, 5 << 20)));
    }

    #[test]
    fn a_value_counts_as_the_text_that_it_is_sent_as() {
        let value = json!({"path": "receipts/März.csv", "rows": [1, 22, 333], "ok": true});
        assert_eq!(json(&value), text(&value.to_string()));
    }
}
