//! From text to TOML.

use slipway_contract::error::Finding;
use toml::Spanned;
use toml::de::DeTable;

use super::reader::Reader;

/// The tables and values of a text.
///
/// # Errors
/// Where the text is not TOML. What a broken text seems to say would only mislead.
pub fn parse<'s>(file: &str, source: &'s str) -> Result<Spanned<DeTable<'s>>, Vec<Finding>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        Ok(document)
    } else {
        Err(syntax_findings(file, source))
    }
}

/// Where a text is not TOML, and why.
pub(in crate::package) fn syntax_findings(file: &str, source: &str) -> Vec<Finding> {
    let mut reader = Reader::new(file, source, &[]);
    let (_, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let span = error.span().unwrap_or_default();
        let mut message = format!("is not TOML: {}", error.message());
        if let (true, Some(key)) = (message.ends_with("duplicate key"), source.get(span.clone())) {
            message = format!("{message} `{key}`");
        }
        reader.report(&span, "", &message);
    }
    reader.into_findings()
}
