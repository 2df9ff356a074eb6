//! The table: a row for each scenario, with the cells that a protocol cannot have.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::StopReason;

use super::place::Way::{Streamed, Whole};
use super::place::Wire::{self, Anthropic, Chat, Free, Gemini, Held, Responses};
use super::place::{Place, Way};
use super::{answers, damage, failures, going_on, requests, stops, waits};
use crate::registry::Protocol;

/// A scenario.
struct Row {
    name: &'static str,
    /// Why this cell cannot be.
    absent: fn(Wire, Way) -> Option<&'static str>,
}

impl Row {
    /// The cells that are run.
    fn cells(&self) -> impl Iterator<Item = Place> + '_ {
        all().filter(|place| (self.absent)(place.wire, place.way).is_none())
    }
}

fn all() -> impl Iterator<Item = Place> {
    let wires = Wire::ALL.into_iter();
    wires.flat_map(|wire| [Streamed, Whole].map(|way| Place::new(wire, way)))
}

/// Runs a row in each of its cells, and names those that fail.
macro_rules! table {
    ($($name:ident: $check:path $(, but $wires:pat => $why:literal)*;)+) => {
        const ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            absent: |wire, way| match (wire, way) {
                $($wires => Some($why),)*
                _ => None,
            },
        }),+];

        $(#[tokio::test]
        async fn $name() {
            let row = ROWS.iter().find(|row| row.name == stringify!($name)).unwrap();
            let mut failed = Vec::new();
            for place in row.cells() {
                let cell = AssertUnwindSafe($check(place)).catch_unwind().await;
                if cell.is_err() {
                    failed.push(format!("{:?} {:?}", place.wire, place.way));
                }
            }
            assert!(failed.is_empty(), "{}: {}", row.name, failed.join(", "));
        })+
    };
}

table! {
    text: answers::said;
    text_without_tools: answers::said_without_tools;
    pieces_make_up_the_answer: answers::pieces;
    pieces_of_reasoning: answers::reasoning;
    two_parallel_tools: answers::two_calls;
    names_of_tools_come_back: answers::names;
    duplicate_call_ids: answers::same_ids,
        but (Held | Free, _) => "calls in words have no ids of the model's";
    missing_call_ids: answers::no_ids;
    arguments_that_are_no_json: answers::no_json;
    cache_read: answers::cache_read;
    cache_written: answers::cache_written,
        but (Responses, _) => "Responses does not tell what was written to the cache",
        but (Gemini, _) => "Gemini does not tell what was written to the cache";
    usage_to_the_token: answers::counted;
    usage_that_is_not_told: answers::not_counted;
    request_id: answers::request_id;
    structured_output: requests::structured_output;
    image: requests::image;
    pdf: requests::pdf,
        but (Held | Free, _) => "no server of this machine takes documents";
    what_cannot_be_shown: requests::unshowable,
        but (Chat | Responses | Anthropic, _) => "these models take every kind of file that there is";
    tool_choice: requests::tool_choice;
    tool_results: going_on::results;
    tool_error: going_on::tool_error;
    reasoning_goes_back: going_on::reasoning,
        but (Held | Free, _) => "no template gives a model its old thoughts back";
    reasoning_of_others_stays: going_on::foreign_reasoning;
    stop_end: stops::end;
    stop_tool_calls: stops::tool_calls;
    stop_length: stops::length;
    stop_filtered: stops::filtered,
        but (Anthropic, _) => "Anthropic calls what it withholds a refusal";
    stop_refused: stops::refused,
        but (Gemini, _) => "Gemini has no words of refusal apart from its answer's";
    stop_unknown: stops::unknown;
    error_authentication: failures::authentication;
    error_quota: failures::quota;
    error_rate_limit: failures::rate_limit;
    error_retry_after: failures::retry_after;
    error_overloaded: failures::overloaded;
    error_context_too_long: failures::context_too_long;
    error_refused: failures::refused;
    error_unsupported: failures::unsupported;
    error_not_found: failures::not_found;
    error_timeout_told: failures::timed_out_there;
    error_amid_a_success: failures::amid;
    error_after_the_end: failures::after_the_end,
        but (_, Whole) => "nothing follows what comes at once";
    web_page_of_a_proxy: failures::web_page;
    nobody_answers: failures::nobody_there;
    network_closed_early: damage::closed_early;
    answer_ended_early: damage::ended_early;
    malformed_no_json: damage::no_json;
    malformed_empty: damage::empty;
    malformed_other_json: damage::foreign_json;
    malformed_no_utf8: damage::no_utf8;
    answer_too_long: damage::without_end;
    split_in_a_character: damage::split;
    gzip: damage::gzip;
    lines_end_in_crlf: damage::crlf,
        but (_, Whole) => "line ends are white space in JSON";
    lines_end_in_cr: damage::cr,
        but (_, Whole) => "line ends are white space in JSON";
    byte_order_mark: damage::mark;
    keep_alives: damage::keep_alive;
    timeout_silence: waits::silent;
    timeout_never_ends: waits::never_ends;
    cancelled_in_the_middle: waits::cancelled;
}

/// Cells that are run, and cells that cannot be.
const RUN: usize = 664;
const NAMED: usize = 44;

#[test]
fn no_cell_is_missing() {
    let wires = Wire::ALL.len() * 2;
    let run: usize = ROWS.iter().map(|row| row.cells().count()).sum();
    let named = ROWS.len() * wires - run;
    assert_eq!((run, named), (RUN, NAMED), "of {} rows", ROWS.len());
    for row in ROWS {
        assert!(row.cells().count() > 0, "{} is run nowhere", row.name);
        let reasons = all().filter_map(|place| (row.absent)(place.wire, place.way));
        for reason in reasons {
            assert!(reason.split(' ').count() > 3, "{}: {reason:?}", row.name);
        }
    }
}

#[test]
fn every_protocol_has_its_column() {
    for protocol in [
        Protocol::Chat,
        Protocol::Responses,
        Protocol::Anthropic,
        Protocol::Gemini,
    ] {
        assert!(Wire::ALL.contains(&Wire::of(protocol)), "{protocol:?}");
    }
}

/// A new kind has to name its row.
const fn row_of_kind(kind: ModelErrorKind) -> Option<&'static str> {
    Some(match kind {
        ModelErrorKind::Authentication => "error_authentication",
        ModelErrorKind::Quota => "error_quota",
        ModelErrorKind::RateLimit => "error_rate_limit",
        ModelErrorKind::Overloaded => "error_overloaded",
        ModelErrorKind::ContextTooLong => "error_context_too_long",
        ModelErrorKind::Refused => "error_refused",
        ModelErrorKind::Unsupported => "error_unsupported",
        ModelErrorKind::NotFound => "error_not_found",
        ModelErrorKind::Network => "network_closed_early",
        ModelErrorKind::Timeout => "timeout_never_ends",
        ModelErrorKind::Malformed => "malformed_no_json",
        ModelErrorKind::AnswerTooLong => "answer_too_long",
        // No provider is asked.
        ModelErrorKind::RecordingMismatch => return None,
    })
}

const fn row_of_stop(stop: &StopReason) -> &'static str {
    match stop {
        StopReason::End => "stop_end",
        StopReason::ToolCalls => "stop_tool_calls",
        StopReason::Length => "stop_length",
        StopReason::Filtered => "stop_filtered",
        StopReason::Refused => "stop_refused",
        StopReason::Unknown(_) => "stop_unknown",
    }
}

#[test]
fn every_kind_of_error_and_every_stop_reason_has_a_row() {
    let kinds = [
        ModelErrorKind::Authentication,
        ModelErrorKind::Quota,
        ModelErrorKind::RateLimit,
        ModelErrorKind::Overloaded,
        ModelErrorKind::ContextTooLong,
        ModelErrorKind::Refused,
        ModelErrorKind::Unsupported,
        ModelErrorKind::NotFound,
        ModelErrorKind::Network,
        ModelErrorKind::Timeout,
        ModelErrorKind::Malformed,
        ModelErrorKind::AnswerTooLong,
        ModelErrorKind::RecordingMismatch,
    ];
    let stops = [
        StopReason::End,
        StopReason::ToolCalls,
        StopReason::Length,
        StopReason::Filtered,
        StopReason::Refused,
        StopReason::Unknown(String::new()),
    ];
    let wanted = kinds.into_iter().filter_map(row_of_kind);
    for wanted in wanted.chain(stops.iter().map(row_of_stop)) {
        assert!(ROWS.iter().any(|row| row.name == wanted), "{wanted}");
    }
}
