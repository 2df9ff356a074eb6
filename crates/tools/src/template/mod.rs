//! Reports: tables and values put into a template, so that figures go from file to file.

mod check;
mod engine;
mod filters;
pub(crate) mod render_template;
#[cfg(test)]
mod tests;
mod values;
