//! Reading the package's TOML files: typed values, and everything that is wrong with a text, each
//! with its line, column, key and what was probably meant.

mod duration;
mod limits;
mod nearest;
mod parse;
mod reader;
mod schema;
mod values;

pub use duration::Span;
pub use nearest::nearest;
pub use parse::parse;
pub(super) use parse::syntax_findings;
pub use reader::{Reader, Section, Spot};
pub use schema::{json, schema};
pub use values::{Text, Wrong, describe};
