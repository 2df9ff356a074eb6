//! What a log of the wire promises.

use slipway_contract::message::Media;
use slipway_contract::wire::{WireCut, WireFile};
use slipway_contract::{ContentHash, RunId, StepId, Timestamp};

use crate::ports::model::Exchanged;
use crate::ports::wire::{WireLog, WireRecord};

/// An attempt of a conversation that grows, with every kind of byte in it.
#[must_use]
pub fn sample(run: u8, step: u32, attempt: u32) -> WireRecord {
    let said: Vec<String> = (0..step)
        .map(|turn| format!(r#"{{"role":"user","content":"turn {turn}: größer \u0000"}}"#))
        .collect();
    let request = format!(r#"{{"messages":[{}],"stream":true}}"#, said.join(","));
    let mut answer: Vec<u8> = (0..=255).collect();
    answer.extend_from_slice(format!("data: {{\"step\":{step}}}\r\n\r\n").as_bytes());
    WireRecord {
        run: RunId::from_random([run; 10]),
        step: StepId(step),
        attempt,
        model: "openai/gpt-5-mini".parse().unwrap(),
        at: Timestamp::from_second(1_790_000_000 + i64::from(step)).unwrap(),
        took_ms: u64::from(step) * 10,
        exchanged: Exchanged {
            url: "https://api.example.com/v1/responses".into(),
            request_headers: vec![
                ("authorization".into(), "Bearer $OPENAI_API_KEY".into()),
                ("content-type".into(), "application/json".into()),
            ],
            request_bytes: request.len() as u64 + u64::from(step),
            request_body: request.into_bytes(),
            request_files: vec![WireFile {
                name: "chart.png".into(),
                media: Media::Png,
                bytes: 4_096,
                sha256: ContentHash::from_bytes([run; 32]),
                at: 12,
            }],
            status: (attempt > 1).then_some(200),
            response_headers: vec![("x-request-id".into(), "ü\n".into())],
            response_bytes: answer.len() as u64 + 1,
            response_body: answer,
            cut: step.is_multiple_of(2).then_some(WireCut::Lost),
        },
    }
}

/// What was kept of a run comes back as it was, in its order, and without what is of others;
/// `read` reads what was kept until then.
pub fn wire_log_contract(log: &dyn WireLog, read: impl Fn(RunId) -> Vec<WireRecord>) {
    assert!(log.is_on(), "a log that keeps nothing cannot be tested");
    let nobody = RunId::from_random([99; 10]);
    assert!(read(nobody).is_empty(), "nothing was kept yet");
    let mut kept = Vec::new();
    for step in 1..40 {
        for (run, attempt) in [(1, 1), (2, 1), (1, 2)] {
            let record = sample(run, step, attempt);
            log.keep(record.clone().into());
            kept.push(record);
        }
    }
    let mut empty = sample(1, 40, 1);
    empty.exchanged = Exchanged::default();
    log.keep(empty.clone().into());
    kept.push(empty);
    for run in [1, 2].map(|run| RunId::from_random([run; 10])) {
        let expected: Vec<_> = kept
            .iter()
            .filter(|record| record.run == run)
            .cloned()
            .collect();
        let found = read(run);
        assert_eq!(found.len(), expected.len(), "each attempt is kept once");
        for (found, expected) in found.iter().zip(&expected) {
            // Not `assert_eq`: what it would print nobody can read.
            let as_it_was = found == expected;
            let (step, attempt) = (expected.step, expected.attempt);
            assert!(as_it_was, "step {step}, attempt {attempt} is as it was");
        }
    }
    assert!(read(nobody).is_empty(), "nothing of others is read");
}
