//! Figures as people read them. Pure: the time of day and the zone come in as arguments.

mod amount;
mod locale;
mod time;

pub(crate) use amount::{budget, bytes, compact, count, usd_period, usd_run, window};
pub(crate) use locale::{Locale, Pattern, Piece, set as set_locale};
pub(crate) use time::{
    Local, clock, clock_seconds, date, day, moment, month_name, span, stopwatch, today, took, wait,
};
