//! Figures as people read them. Pure: the time of day and the zone come in as arguments.

mod amount;
mod locale;
mod time;

pub(crate) use amount::{
    budget, bytes, compact, cost, cost_short, count, usd_at_least, usd_period, usd_run, window,
};
pub(crate) use locale::{Locale, Pattern, Piece, set as set_locale};
pub(crate) use time::{
    Local, clock, clock_seconds, date, day, length, moment, month_name, span, span_left, stamp,
    stopwatch, today, took, wait,
};
