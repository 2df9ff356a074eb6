//! What goes into the journal comes out of it.

use std::fs;

use futures::future::join_all;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use slipway_agent::event::{Event, Recorded};
use slipway_agent::machine::compaction::Compaction;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::journal::{Append, Fork, Journal};
use slipway_agent::ports::model::{Billing, ModelErrorKind};
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::{ParkReason, Tokens};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, StepId, Timestamp, Usd};

use crate::place::{Place, append, continued, run_with};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no other numbers", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        (60_000..70_000_usize).prop_map(|length| Value::from("\u{7}ä".repeat(length / 3))),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn amount() -> impl Strategy<Value = Option<Usd>> {
    prop::option::of(
        (0..u32::MAX, 0..9_u32)
            .prop_map(|(digits, scale)| Usd(rust_decimal::Decimal::new(i64::from(digits), scale))),
    )
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        any::<String>().prop_map(|text| Content::Text { text }),
        any::<String>().prop_map(|text| Content::Reasoning { text, opaque: None }),
        (
            any::<String>(),
            any::<String>(),
            value(),
            any::<Option<String>>()
        )
            .prop_map(|(call_id, tool, arguments, malformed)| Content::ToolCall(
                ToolCall {
                    call_id: CallId(call_id),
                    tool,
                    arguments,
                    malformed,
                }
            )),
    ]
}

fn responded() -> impl Strategy<Value = Event> {
    let stop = prop_oneof![
        Just(StopReason::End),
        Just(StopReason::ToolCalls),
        any::<String>().prop_map(StopReason::Unknown),
    ];
    let content = prop::collection::vec(content(), 0..4);
    (
        any::<u32>(),
        content,
        stop,
        any::<u64>(),
        amount(),
        any::<Option<String>>(),
    )
        .prop_map(|(step, content, stop, took_ms, cost_usd, request_id)| {
            Event::ModelResponded {
                step: StepId(step),
                attempt: 1,
                content,
                stop,
                usage: Tokens {
                    input_tokens: took_ms,
                    output_tokens: 0,
                    cached_tokens: 1,
                    cache_write_tokens: None,
                    reasoning_tokens: None,
                },
                usage_estimated: false,
                cost_from: slipway_contract::run::CostFrom::Price,
                cost_usd,
                first_token_ms: None,
                took_ms,
                request_id,
                verdicts: None,
            }
        })
}

fn event() -> impl Strategy<Value = Event> {
    let step = || any::<u32>().prop_map(StepId);
    let call_id = || any::<String>().prop_map(CallId);
    prop_oneof![
        Just(Event::Resumed),
        step().prop_map(|step| Event::WaitEnded { step }),
        responded(),
        (step(), any::<String>(), any::<Option<u64>>()).prop_map(|(step, message, retry_in_ms)| {
            Event::ModelFailed {
                step,
                attempt: 2,
                kind: ModelErrorKind::RateLimit,
                message,
                retry_in_ms,
                next: None,
                billing: Billing::Unknown,
                request_id: None,
            }
        }),
        (step(), call_id(), any::<String>(), value()).prop_map(
            |(step, call_id, tool, arguments)| {
                Event::ToolRequested {
                    step,
                    attempt: 1,
                    call_id,
                    tool,
                    arguments,
                    effect: Effect::Write,
                }
            }
        ),
        (1..5_u64, value()).prop_map(|(seq, value)| sample::returned(seq, value).event),
        (step(), call_id()).prop_map(|(step, call_id)| Event::ToolOutcomeUnknown { step, call_id }),
        prop::collection::vec(step(), 0..5).prop_map(|elided| Event::Compacted {
            compaction: Compaction {
                tokens_before: 10,
                tokens_after: 5,
                elided,
                dropped: Vec::new(),
            }
        }),
        (step(), any::<String>(), any::<[u8; 32]>()).prop_map(|(step, path, hash)| {
            let hash = ContentHash::from_bytes(hash);
            Event::ApprovalRequested(Approval {
                step,
                question: Question::Grant {
                    permissions: vec![Permission::ReadFiles { path }],
                    behaviour: hash,
                },
                binding: hash,
                expires_at: None,
            })
        }),
        (step(), any::<String>()).prop_map(|(step, reason)| Event::ApprovalResolved {
            step,
            binding: ContentHash::from_bytes([3; 32]),
            answer: Answer::Deny { reason },
            by: AnsweredBy::Person,
        }),
        Just(Event::Parked {
            reason: ParkReason::Approval
        }),
    ]
}

fn batches() -> impl Strategy<Value = Vec<Vec<Recorded>>> {
    let time = -1_000_000_000_000..4_000_000_000_000_i64;
    let batch = prop::collection::vec((time, event()), 1..5);
    prop::collection::vec(batch, 1..8).prop_map(|batches| {
        let mut seq = 0;
        let mut recorded = |(time, event)| {
            seq += 1;
            let at = Timestamp::from_millisecond(time).unwrap();
            Recorded { seq, at, event }
        };
        let batches = batches.into_iter();
        batches
            .map(|batch| batch.into_iter().map(&mut recorded).collect())
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_appended_in_any_batches_is_read(batches in batches(), split in 0..8_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new();
            let store = place.open().await;
            let expected: Vec<_> = batches.iter().flatten().cloned().collect();
            let split = split.min(batches.len());
            let (parents, own) = batches.split_at(split);
            let parent = continued(&store, 1, None, Vec::new()).await;
            for events in parents {
                store.append(Append { events: events.clone(), ..append(parent, 1, 0) }).await.unwrap();
            }
            let seq = parents.iter().flatten().count() as u64;
            let fork = Some(Fork { run: parent.run, seq });
            let child = continued(&store, 2, fork, Vec::new()).await;
            for events in own {
                store.append(Append { events: events.clone(), ..append(child, 1, 0) }).await.unwrap();
            }
            prop_assert_eq!(&store.read(child.run).await.unwrap(), &expected);
            store.close().await;
            let again = place.open().await;
            prop_assert_eq!(&again.read(child.run).await.unwrap(), &expected);
            Ok::<_, TestCaseError>(())
        })?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn appends_of_many_runs_all_land() {
    const RUNS: u64 = 64;
    let place = Place::new();
    let store = place.open().await;
    let drive = |number| {
        let store = store.clone();
        tokio::spawn(async move {
            let lease = run_with(&store, number, 1).await;
            for seq in 2..=25 {
                store.append(append(lease, seq, 1)).await.unwrap();
            }
        })
    };
    for run in join_all((0..RUNS).map(drive)).await {
        run.unwrap();
    }
    for number in 0..RUNS {
        let read = store.read(sample::run_id(number)).await.unwrap();
        assert_eq!(read, sample::events(1, 25));
    }
    place.assert_intact();
}

#[tokio::test]
async fn a_refused_append_does_not_fail_its_neighbours() {
    let place = Place::new();
    let store = place.open().await;
    let leases = join_all((0..30).map(|number| run_with(&store, number, 1))).await;
    let appends = leases.iter().enumerate().map(|(number, lease)| {
        let first = if number % 3 == 0 { 5 } else { 2 };
        store.append(append(*lease, first, 2))
    });
    for (number, result) in join_all(appends).await.into_iter().enumerate() {
        assert_eq!(result.is_err(), number % 3 == 0, "run {number}: {result:?}");
    }
    for (number, lease) in leases.iter().enumerate() {
        let count = store.read(lease.run).await.unwrap().len();
        assert_eq!(count, if number % 3 == 0 { 1 } else { 3 });
    }
}

#[tokio::test]
async fn a_long_payload_lies_beside_the_database() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let long = sample::returned(2, json!("x".repeat(200_000)));
    let again = sample::returned(3, json!("x".repeat(200_000)));
    let events = vec![
        long,
        Recorded {
            event: again.event.clone(),
            ..again
        },
    ];
    let appended = Append {
        events: events.clone(),
        ..append(lease, 2, 0)
    };
    store.append(appended).await.unwrap();
    assert_eq!(store.read(lease.run).await.unwrap()[1..], events);
    let inline: i64 = place
        .sql()
        .query_row("SELECT max(length(body)) FROM events", [], |row| row.get(0))
        .unwrap();
    assert!(inline <= 64 * 1024, "{inline} bytes lie in a row");
    let folders = fs::read_dir(place.path().with_file_name("blobs")).unwrap();
    let files: u64 = folders
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().metadata().unwrap().len())
        .inspect(|size| assert!(*size >= 200_000, "{size} bytes were written in part"))
        .count() as u64;
    assert_eq!(files, 2, "each payload is kept once");
}
