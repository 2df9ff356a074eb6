//! Figures as people read them. Pure: the time of day and the zone come in as arguments.

mod amount;
mod time;

pub(crate) use amount::{budget, bytes, compact, count, window};
pub(crate) use time::{
    Local, clock, clock_seconds, date, day, moment, span, stopwatch, took, wait,
};
