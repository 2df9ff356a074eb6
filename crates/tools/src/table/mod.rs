//! Tables: read, asked, joined, computed in decimals, and written.

mod dates;
mod evaluate;
mod filter;
mod formula;
mod group;
mod join;
mod number;
mod output;
mod query;
mod read;
pub(crate) mod read_table;
mod rows;
pub(crate) mod save_table;
mod schema;
#[cfg(test)]
mod tests;
mod typing;

pub(crate) use evaluate::{Answer, evaluate};
pub(crate) use output::{describe, problem};
pub(crate) use query::Query;
pub(crate) use schema::brief as query_properties;
pub(crate) use slipway_tables::{Cell, iso_date, iso_moment};

/// How many rows go to a file or a template at most.
pub(crate) const MOST_ROWS_OUT: usize = 2_000_000;
