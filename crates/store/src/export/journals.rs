//! Checking runs: every journal must fold, and give the row that stands beside it.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use slipway_agent::event::Recorded;
use slipway_agent::machine::fold;
use slipway_agent::ports::journal::Head;
use slipway_contract::run::RunStatus;
use slipway_contract::{ContentHash, RunId};

use super::ExportError;
use super::check::Check;
use super::layout::Part;
use super::rows::JsonRow;
use crate::columns;
use crate::events::{INLINE_BYTES, event};

/// A line of `events.jsonl`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'l> {
    pub(super) seq: u64,
    pub(super) at: i64,
    pub(super) format: u32,
    /// The event as it was journalled, byte for byte.
    #[serde(borrow, default)]
    pub(super) event: Option<&'l RawValue>,
    /// Where a long event lies.
    #[serde(default)]
    pub(super) payload: Option<ContentHash>,
}

impl Check<'_> {
    /// Every journal must fold, and give the row that stands beside it.
    pub(super) fn runs(&mut self) -> Result<(), ExportError> {
        let runs: Vec<RunId> = self.runs.keys().copied().collect();
        for part in self.source.parts() {
            if let Part::Journal(run) = part
                && !self.runs.contains_key(run)
            {
                return Err(self.wrong(part, "there is no such run"));
            }
        }
        for run in runs {
            let part = Part::Journal(run);
            let events = self.journal(run)?;
            let state = fold(&events).map_err(|error| self.wrong(&part, error.to_string()))?;
            let spec = state.spec();
            let row = &self.runs[&run].row;
            let of_row = |column| row.get(column).and_then(Json::as_str).unwrap_or_default();
            let is_its = spec.is_some_and(|spec| {
                spec.agent.as_str() == of_row("agent")
                    && spec.version.to_string() == of_row("version")
            });
            let last = events.last().map(|event| event.seq);
            let is_whole = row.get("last_seq").and_then(Json::as_u64) == last;
            if !is_its || !is_whole || !self.agrees(row, &state.head())? {
                let part = Part::Run(run);
                return Err(self.wrong(&part, "its row is not what its journal says"));
            }
            self.counts.runs += 1;
        }
        Ok(())
    }

    /// A run's events, its parents' prefix first.
    fn journal(&mut self, run: RunId) -> Result<Vec<Recorded>, ExportError> {
        let mut chain = vec![(run, u64::MAX)];
        let mut next = run;
        while let Some((parent, fork)) = self.runs.get(&next).and_then(|run| run.parent) {
            if chain.iter().any(|(seen, _)| *seen == parent) || !self.runs.contains_key(&parent) {
                let part = Part::Run(next);
                return Err(self.wrong(&part, "the run that it continues is missing"));
            }
            chain.push((parent, fork));
            next = parent;
        }
        let mut events: Vec<Recorded> = Vec::new();
        for (index, (segment, upto)) in chain.iter().enumerate().rev() {
            // A later fork may be earlier than the one before it.
            let upto = chain[..=index]
                .iter()
                .map(|(_, fork)| *fork)
                .min()
                .unwrap_or(*upto);
            let first = events.len() as u64 + 1;
            let own = self.own_events(*segment, first)?;
            if index == 0 {
                self.counts.events += own.len() as u64;
            }
            events.extend(own.into_iter().filter(|event| event.seq <= upto));
            if index > 0 && events.last().map_or(0, |event| event.seq) < upto.min(chain[index].1) {
                let part = Part::Journal(*segment);
                return Err(self.wrong(&part, "it is shorter than the run that continues it says"));
            }
        }
        Ok(events)
    }

    fn own_events(&self, run: RunId, first: u64) -> Result<Vec<Recorded>, ExportError> {
        let part = Part::Journal(run);
        let text = self.source.text(&part)?;
        let mut events = Vec::new();
        for (number, (seq, line)) in (first..).zip(text.lines()).enumerate() {
            let wrong =
                |message: String| self.wrong(&part, format!("line {}: {message}", number + 1));
            let line: Line<'_> =
                serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
            if line.seq != seq {
                return Err(wrong(format!("event {seq} is missing")));
            }
            let long;
            let json = match (line.event, line.payload) {
                (Some(event), None) if event.get().len() <= INLINE_BYTES => event.get(),
                (None, Some(payload)) => {
                    long = self.source.text(&Part::Payload(payload))?;
                    long.as_str()
                }
                _ => {
                    return Err(wrong(
                        "it holds no event, or one in a wrong place".to_owned(),
                    ));
                }
            };
            events.push(Recorded {
                seq,
                at: columns::time("at", line.at).map_err(|error| wrong(error.to_string()))?,
                event: event(line.format, json).map_err(wrong)?,
            });
        }
        Ok(events)
    }

    fn agrees(&self, row: &JsonRow, head: &Head) -> Result<bool, ExportError> {
        let text = |column: &str| row.get(column).and_then(Json::as_str);
        let count = |column: &str| row.get(column).and_then(Json::as_u64);
        let output = match (text("end_output"), text("end_blob")) {
            (Some(json), _) => Some(json.to_owned()),
            (None, Some(payload)) => {
                let payload = columns::word("end_blob", payload)
                    .map_err(|error| ExportError::refused("runs", error.to_string()))?;
                Some(self.source.text(&Part::Payload(payload))?)
            }
            _ => None,
        };
        let output: Option<Json> = output
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|error| ExportError::refused("runs", error.to_string()))?;
        let end = head.end.as_ref();
        let usage = &head.usage;
        let cost = |text: Option<&str>| text.and_then(|text| columns::usd("cost_usd", text).ok());
        Ok(text("status") == Some(head.status.as_str())
            && text("parked").map(str::to_owned) == head.parked.as_ref().map(columns::of_word)
            && (head.status == RunStatus::Parked) == head.parked.is_some()
            && text("end_reason") == end.map(|end| end.reason.as_str())
            && text("end_message") == end.map(|end| end.message.as_str())
            && output == end.and_then(|end| end.output.clone())
            && count("input_tokens") == Some(usage.input_tokens)
            && count("output_tokens") == Some(usage.output_tokens)
            && count("model_calls") == Some(u64::from(usage.model_calls))
            && count("tool_calls") == Some(u64::from(usage.tool_calls))
            && cost(text("cost_usd")) == usage.cost_usd)
    }
}
