//! What a token counter promises.

use std::sync::Arc;

use slipway_contract::message::Message;
use slipway_contract::model::ModelRef;

use super::model::request;
use crate::ports::prices::TokenCounter;

/// More text never counts less, a request counts at least its text, and no text counts nothing.
pub fn token_counter_contract(counter: &dyn TokenCounter, model: &ModelRef) {
    let text = "The quick brown fox jumps over the lazy dog. Zwölf Boxkämpfer, 十二拳击手. ";
    assert_eq!(counter.count_text(model, ""), 0);
    let mut last = 0;
    for times in 1..20 {
        let count = counter.count_text(model, &text.repeat(times));
        assert!(
            count > last,
            "{times} times the text counts {count} after {last}"
        );
        last = count;
    }
    let mut request = request();
    request.model = model.clone();
    let short = counter.count(&request);
    let instructions = text.repeat(10);
    let counted = counter.count_text(model, &instructions);
    request.instructions = Arc::from(instructions);
    request.messages.push(Message::User {
        text: text.repeat(10),
        attachments: Vec::new(),
    });
    let long = counter.count(&request);
    assert!(
        long >= short + counted,
        "{long} tokens leave out a text of {counted}"
    );
}
