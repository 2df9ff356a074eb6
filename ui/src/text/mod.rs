//! Every text of the window, so that the same thing is called the same everywhere, and so that it can be translated.

mod agents;
mod frame;
mod questions;
mod run;
mod runs;
mod trace;

pub(crate) use agents::*;
pub(crate) use frame::*;
pub(crate) use questions::*;
pub(crate) use run::*;
pub(crate) use runs::*;
pub(crate) use trace::*;

/// `1 row`, `43 rows`.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        crate::format::count(number),
        if number == 1 { one } else { many }
    )
}
