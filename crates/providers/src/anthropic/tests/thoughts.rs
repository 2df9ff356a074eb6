//! Thinking: asked for as each model takes it, kept whole, and sent back where it belongs.

use slipway_contract::model::ReasoningEffort as Effort;

use super::*;

const EFFORTS: [Option<Effort>; 5] = [
    None,
    Some(Effort::Off),
    Some(Effort::Low),
    Some(Effort::Medium),
    Some(Effort::High),
];

#[tokio::test]
async fn each_model_is_told_in_its_own_way_how_much_to_think() {
    let adaptive = json!({"type": "adaptive", "display": "summarized"});
    let budget = |tokens: u32| json!({"type": "enabled", "budget_tokens": tokens});
    let (nothing, off) = (Value::Null, json!({"type": "disabled"}));
    let between = json!({"type": "between_tools"});
    for (model, thinking, efforts) in [
        (
            ALWAYS,
            [&adaptive; 5],
            [None, Some("low"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            BETWEEN,
            [&adaptive, &between, &adaptive, &adaptive, &adaptive],
            [None, None, Some("low"), Some("medium"), Some("high")],
        ),
        (
            UNLESS,
            [&adaptive, &off, &adaptive, &adaptive, &adaptive],
            [None, None, Some("low"), Some("medium"), Some("high")],
        ),
        (
            ON_REQUEST,
            [&nothing, &nothing, &adaptive, &adaptive, &adaptive],
            [None, None, Some("low"), Some("medium"), Some("high")],
        ),
        (
            UNKNOWN,
            [&nothing, &nothing, &adaptive, &adaptive, &adaptive],
            [None, None, Some("low"), Some("medium"), Some("high")],
        ),
        (
            BUDGET,
            [
                &nothing,
                &nothing,
                &budget(2_048),
                &budget(8_192),
                &budget(24_576),
            ],
            [None; 5],
        ),
    ] {
        for ((asked, thinking), effort) in EFFORTS.into_iter().zip(thinking).zip(efforts) {
            let request = ModelRequest {
                reasoning: asked,
                ..request()
            };
            let body = body(model, &request).await;
            assert_eq!(body["thinking"], *thinking, "{model} {asked:?}");
            assert_eq!(
                body["output_config"]["effort"].as_str(),
                effort,
                "{model} {asked:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_budget_stays_below_the_answers_limit_or_is_not_given() {
    for (limit, budget) in [
        (20_000, Some(15_000)),
        (1_400, Some(1_050)),
        (1_300, None),
        (1, None),
    ] {
        let request = ModelRequest {
            reasoning: Some(Effort::High),
            max_output_tokens: Some(limit),
            ..request()
        };
        let body = body(BUDGET, &request).await;
        assert_eq!(body["max_tokens"], limit);
        assert_eq!(
            body["thinking"]["budget_tokens"].as_u64(),
            budget,
            "{limit}"
        );
    }
}

#[tokio::test]
async fn a_model_that_must_call_a_tool_does_not_think_first() {
    for (model, thinking) in [
        (UNLESS, json!({"type": "disabled"})),
        (ON_REQUEST, Value::Null),
        (BUDGET, Value::Null),
    ] {
        let request = ModelRequest {
            reasoning: Some(Effort::High),
            tool_choice: ToolChoice::Required,
            ..request()
        };
        assert_eq!(body(model, &request).await["thinking"], thinking, "{model}");
    }
}

#[tokio::test]
async fn thoughts_are_heard_and_kept_apart_from_the_answer() {
    for stream in WAYS {
        let server = script([Answer::text("42").reasoning("6 times 7", Some("signed=="))]);
        let (response, (heard, thoughts)) = ask(&server, stream, &request()).await;
        let response = response.unwrap();
        assert_eq!(
            (heard.as_str(), thoughts.as_str()),
            ("42", "6 times 7"),
            "stream {stream}"
        );
        let [Content::Reasoning { text, opaque }, rest] = &response.content[..] else {
            panic!("stream {stream}: {response:?}")
        };
        assert_eq!(
            (text.as_str(), rest),
            ("6 times 7", &said("42")),
            "stream {stream}"
        );
        let opaque = opaque.as_ref().unwrap();
        assert_eq!(opaque["protocol"], "anthropic");
        assert_eq!(
            opaque["block"],
            json!({"type": "thinking", "thinking": "6 times 7", "signature": "signed=="}),
            "stream {stream}"
        );
        let unsigned = answer(&script([Answer::text("42").reasoning("Hm", None)]), stream).await;
        let Content::Reasoning { opaque, .. } = &unsigned.content[0] else {
            panic!("stream {stream}: {unsigned:?}")
        };
        assert_eq!(
            *opaque, None,
            "stream {stream}: without a signature it cannot go back"
        );
    }
}

/// A first answer with two thoughts, one of them hidden, and a call.
fn thinking_answer() -> Reply {
    let events = [
        json!({"type": "message_start", "message": {"id": "msg_1", "content": [], "usage": {"input_tokens": 9}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": "", "later": 1}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "first"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "redacted_thinking", "data": "hidden=="}}),
        json!({"type": "content_block_stop", "index": 1}),
        json!({"type": "content_block_start", "index": 2, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "text_delta", "text": "I look."}}),
        json!({"type": "content_block_stop", "index": 2}),
        json!({"type": "content_block_start", "index": 3, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "thinking_delta", "thinking": "Into "}}),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "thinking_delta", "thinking": "a.txt."}}),
        json!({"type": "content_block_delta", "index": 3, "delta": {"type": "signature_delta", "signature": "second"}}),
        json!({"type": "content_block_stop", "index": 3}),
        json!({"type": "content_block_start", "index": 4, "content_block": {"type": "tool_use", "id": "toolu_a", "name": "read_file", "input": {}}}),
        json!({"type": "content_block_stop", "index": 4}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 30, "output_tokens_details": {"thinking_tokens": 20}}}),
        json!({"type": "message_stop"}),
    ];
    let body: String = events
        .iter()
        .map(|event| format!("data: {event}\n\n"))
        .collect();
    Reply::events(body)
}

/// A model's first answer, and the request that goes on from it.
async fn thought(model: &str) -> ModelRequest {
    let server = script([thinking_answer()]);
    let mut request = ModelRequest {
        reasoning: Some(Effort::Medium),
        ..request()
    };
    let response = client(&server, model, true)
        .call(&request, &Heard::default())
        .await;
    let response = response.unwrap();
    assert_eq!(response.usage.unwrap().reasoning_tokens, Some(20));
    request.messages.push(answered(1, response.content));
    request.messages.push(returned("toolu_a", "Hello", false));
    request
}

fn kinds(turn: &Value) -> Vec<&str> {
    let parts = turn["content"].as_array().unwrap();
    parts
        .iter()
        .map(|part| part["type"].as_str().unwrap())
        .collect()
}

const WHOLE: [&str; 5] = [
    "thinking",
    "redacted_thinking",
    "text",
    "thinking",
    "tool_use",
];
const WITHOUT: [&str; 2] = ["text", "tool_use"];

#[tokio::test]
async fn thoughts_go_back_signed_in_their_places() {
    for model in [ALWAYS, BETWEEN, UNLESS, ON_REQUEST, BUDGET, UNKNOWN] {
        let request = thought(model).await;
        let body = body(model, &request).await;
        let turn = &body["messages"][1];
        assert_eq!(kinds(turn), WHOLE, "{model}");
        assert_eq!(
            turn["content"][0],
            json!({"type": "thinking", "thinking": "", "signature": "first", "later": 1}),
            "{model}: as it came"
        );
        assert_eq!(
            turn["content"][1],
            json!({"type": "redacted_thinking", "data": "hidden=="})
        );
        assert_eq!(turn["content"][3]["thinking"], "Into a.txt.");
        assert!(body["thinking"].is_object(), "{model} goes on thinking");
    }
}

#[tokio::test]
async fn thoughts_below_a_beginning_that_changed_stay_behind() {
    for (model, expected) in [
        (ALWAYS, &WITHOUT[..]),
        (BETWEEN, &WITHOUT[..]),
        (UNLESS, &WITHOUT[..]),
        (UNKNOWN, &WITHOUT[..]),
        (ON_REQUEST, &WHOLE[..]),
        (BUDGET, &WHOLE[..]),
    ] {
        let same = thought(model).await;
        let mut instructions = same.clone();
        instructions.instructions = "Be brief.".into();
        let mut tools = same.clone();
        tools.tools = Arc::new([tool("read_file", &json!({"type": "object"}))]);
        let mut earlier = same.clone();
        earlier.messages[0] = user("[30 bytes were left out]");
        for changed in [instructions, tools, earlier] {
            let body = body(model, &changed).await;
            assert_eq!(kinds(&body["messages"][1]), expected, "{model}");
        }
        let mut later = same.clone();
        later.messages[2] = returned("toolu_a", "[5 bytes were left out]", false);
        let body = body(model, &later).await;
        assert_eq!(
            kinds(&body["messages"][1]),
            WHOLE,
            "{model}: what follows does not matter"
        );
    }
}

#[tokio::test]
async fn another_models_thoughts_and_those_that_led_nowhere_stay_behind() {
    let request = thought(ALWAYS).await;
    let body_of_other = body(BETWEEN, &request).await;
    assert_eq!(kinds(&body_of_other["messages"][1]), WITHOUT);

    let mut foreign = super::request();
    foreign.messages.extend([
        answered(
            1,
            vec![
                Content::Reasoning {
                    text: "Hm".to_owned(),
                    opaque: Some(json!({"type": "reasoning", "encrypted_content": "x"})),
                },
                Content::Reasoning {
                    text: String::new(),
                    opaque: Some(json!({"protocol": "gemini", "signature": "x"})),
                },
                said("Hello."),
            ],
        ),
        user("Hi."),
    ]);
    assert_eq!(
        kinds(&body(ALWAYS, &foreign).await["messages"][1]),
        ["text"]
    );

    let mut cut = request.clone();
    cut.messages.truncate(2);
    let Message::Assistant { content, .. } = &mut cut.messages[1] else {
        panic!("an answer")
    };
    content.truncate(4);
    cut.messages.push(user("Go on."));
    assert_eq!(kinds(&body(ALWAYS, &cut).await["messages"][1]), ["text"]);
}

#[tokio::test]
async fn a_model_with_a_budget_does_not_think_amid_calls_made_without_thoughts() {
    let mut request = ModelRequest {
        reasoning: Some(Effort::Medium),
        ..request()
    };
    request.messages.extend([
        answered(1, vec![called("toolu_a", "read_file", json!({}))]),
        returned("toolu_a", "Hello", false),
    ]);
    assert_eq!(body(BUDGET, &request).await["thinking"], Value::Null);
    request
        .messages
        .extend([answered(2, vec![said("Done.")]), user("And now?")]);
    assert_eq!(body(BUDGET, &request).await["thinking"]["type"], "enabled");
}
