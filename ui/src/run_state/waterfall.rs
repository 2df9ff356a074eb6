//! When each step was under way, on one axis of the time in which anything was: what waited for a person, or stood still
//! after a crash, takes no room.

use std::collections::HashMap;

use slipway_contract::{StepId, Timestamp};

use super::{Entry, ModelPhase, Trace, millis_between};

/// Parts of the axis.
pub(crate) const PARTS: i64 = 10_000;

/// Where a step lies on the axis, in [`PARTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bar {
    /// It begins here.
    pub(crate) from: i64,
    /// It ends here.
    pub(crate) to: i64,
    /// Its first token came here.
    pub(crate) first_token: Option<i64>,
}

/// A stretch of busy time, in milliseconds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Axis {
    /// It begins here.
    pub(crate) from: i64,
    /// It ends here.
    pub(crate) to: i64,
}

/// When a step was under way, in milliseconds of busy time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    axis: Axis,
    first_token: Option<i64>,
}

/// When each step of a trace was under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Waterfall {
    stretches: HashMap<StepId, Stretch>,
    busy_ms: i64,
}

impl Waterfall {
    /// The steps until now.
    pub(crate) fn of(trace: &Trace, now: Timestamp) -> Self {
        let steps = trace.entries().iter().filter_map(|entry| {
            let spell = trace.spell(entry.step()?)?;
            let to = spell.to.unwrap_or(now).max(spell.from);
            Some((entry, spell.from, to))
        });
        let steps: Vec<_> = steps.collect();
        let mut spans: Vec<_> = steps.iter().map(|(_, from, to)| (*from, *to)).collect();
        spans.sort_unstable();
        let busy = Busy::of(&spans);
        let stretches = steps.into_iter().filter_map(|(entry, from, to)| {
            let first_token = first_token_ms(entry).and_then(|wait| {
                let at = Timestamp::from_millisecond(to.as_millisecond() - wait).ok()?;
                Some(busy.until(at))
            });
            let axis = Axis {
                from: busy.until(from),
                to: busy.until(to),
            };
            Some((entry.step()?, Stretch { axis, first_token }))
        });
        Self {
            stretches: stretches.collect(),
            busy_ms: busy.length,
        }
    }

    /// All of the time in which anything was under way.
    pub(crate) fn whole(&self) -> Axis {
        Axis {
            from: 0,
            to: self.busy_ms,
        }
    }

    /// The time of these steps alone: of ten thousand each would be a hair on the whole.
    pub(crate) fn around(&self, steps: impl Iterator<Item = StepId>) -> Axis {
        let found = steps.filter_map(|step| self.stretches.get(&step));
        found
            .map(|stretch| stretch.axis)
            .reduce(|one, other| Axis {
                from: one.from.min(other.from),
                to: one.to.max(other.to),
            })
            .unwrap_or_else(|| self.whole())
    }

    /// The bar of a step on an axis.
    pub(crate) fn bar(&self, step: StepId, axis: Axis) -> Option<Bar> {
        let stretch = self.stretches.get(&step)?;
        let part = |at: i64| match axis.to - axis.from {
            length if length <= 0 => 0,
            length => ((at - axis.from).saturating_mul(PARTS) / length).clamp(0, PARTS),
        };
        Some(Bar {
            from: part(stretch.axis.from),
            to: part(stretch.axis.to),
            first_token: stretch.first_token.map(part),
        })
    }
}

/// How long before its end an answer's first token came: the last attempt's figures are measured, its begin is not kept.
fn first_token_ms(entry: &Entry) -> Option<i64> {
    let Entry::Model(model) = entry else {
        return None;
    };
    match model.phase {
        ModelPhase::Answered {
            first_token_ms: Some(first),
            took_ms,
            ..
        } => i64::try_from(took_ms.saturating_sub(first)).ok(),
        _ => None,
    }
}

/// Spans of time in which something was under way, none touching another.
struct Busy {
    /// Begin, end, and how much was busy before.
    spans: Vec<(Timestamp, Timestamp, i64)>,
    length: i64,
}

impl Busy {
    fn of(sorted: &[(Timestamp, Timestamp)]) -> Self {
        let mut busy = Self {
            spans: Vec::new(),
            length: 0,
        };
        for (from, to) in sorted {
            match busy.spans.last_mut() {
                Some((_, end, _)) if from <= end => {
                    if to > end {
                        busy.length += millis_between(*end, *to);
                        *end = *to;
                    }
                }
                _ => {
                    busy.spans.push((*from, *to, busy.length));
                    busy.length += millis_between(*from, *to);
                }
            }
        }
        busy
    }

    /// How much was busy until then.
    fn until(&self, at: Timestamp) -> i64 {
        let after = self.spans.partition_point(|(from, ..)| *from <= at);
        let Some((from, to, before)) = after.checked_sub(1).and_then(|last| self.spans.get(last))
        else {
            return 0;
        };
        before + millis_between(*from, at.min(*to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn what_stood_still_takes_no_room() {
        let spans = [(at(0), at(100)), (at(50), at(80)), (at(10_000), at(10_300))];
        let busy = Busy::of(&spans);
        assert_eq!(busy.length, 400);
        for (moment, expected) in [
            (-5, 0),
            (0, 0),
            (60, 60),
            (100, 100),
            (5_000, 100),
            (10_000, 100),
            (10_200, 300),
            (99_999, 400),
        ] {
            assert_eq!(busy.until(at(moment)), expected, "at {moment}");
        }
    }

    #[test]
    fn nothing_and_no_time_at_all_are_fine() {
        assert_eq!(Busy::of(&[]).until(at(1)), 0);
        assert_eq!(Busy::of(&[(at(1), at(1))]).length, 0);
        assert_eq!(
            Waterfall::of(&Trace::default(), at(1)),
            Waterfall::default()
        );
    }
}
