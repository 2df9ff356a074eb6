//! Figures for readers.

use std::time::Duration;

/// One line of the table.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) measured: f64,
    pub(crate) floor: f64,
    pub(crate) unit: &'a str,
    pub(crate) goal: String,
}

impl Line<'_> {
    pub(crate) fn heading() {
        println!(
            "{:<38} {:>12} {:>12} {:>7}  goal",
            "", "measured", "floor", "ratio"
        );
    }

    pub(crate) fn print(&self) {
        let Self {
            name,
            measured,
            floor,
            unit,
            goal,
        } = self;
        let ratio = if *floor > 0.0 {
            format!("{:.2}", measured / floor)
        } else {
            "–".to_owned()
        };
        println!("{name:<38} {measured:>9.3} {unit:<3}{floor:>9.3} {unit:<3}{ratio:>6}  {goal}");
    }
}

pub(crate) fn median(durations: &mut [Duration]) -> Duration {
    durations.sort_unstable();
    durations[durations.len() / 2]
}
