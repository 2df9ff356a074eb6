//! Accepted proposals, put at the end of a suite.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, value};

use super::proposal::Proposal;
use super::review::unique;

/// Why proposals cannot be put into a suite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The suite is no TOML as it stands.
    #[error("the suite cannot be added to, since it is no valid TOML: {0}")]
    Suite(String),
    /// Its cases are no `[[case]]`.
    #[error("the suite cannot be added to, since its cases are not written as `[[case]]`")]
    Form,
    /// A proposal is no `[[case]]`.
    #[error("the proposal {0:?} is no `[[case]]`")]
    Proposal(String),
}

/// A suite's text with these proposals at its end. What stood there stays as it is, comments and
/// all; a name that is taken gets a number. An empty text becomes a suite.
///
/// # Errors
/// See [`AppendError`].
pub fn append(suite: &str, proposals: &[Proposal]) -> Result<String, AppendError> {
    let document: DocumentMut = suite
        .parse()
        .map_err(|error: toml_edit::TomlError| AppendError::Suite(error.message().to_owned()))?;
    let mut taken = match document.get("case") {
        None => BTreeSet::new(),
        Some(Item::ArrayOfTables(cases)) => cases
            .iter()
            .filter_map(|case| Some(case.get("name")?.as_str()?.to_lowercase()))
            .collect(),
        Some(_) => return Err(AppendError::Form),
    };
    let mut text = match suite.trim().is_empty() {
        true => "format = 1\n".to_owned(),
        false => suite.to_owned(),
    };
    let has_crlf = text.contains("\r\n");
    for proposal in proposals {
        let added = named_anew(proposal, &mut taken)
            .ok_or_else(|| AppendError::Proposal(proposal.name.clone()))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&added);
    }
    if has_crlf {
        text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    Ok(text)
}

fn named_anew(proposal: &Proposal, taken: &mut BTreeSet<String>) -> Option<String> {
    let mut document: DocumentMut = proposal.toml.parse().ok()?;
    if document.as_table().len() != 1 {
        return None;
    }
    let cases = document.get_mut("case")?.as_array_of_tables_mut()?;
    if cases.len() != 1 {
        return None;
    }
    let case = cases.get_mut(0)?;
    let before = case.get("name")?.as_str()?.to_owned();
    let name = unique(&before, taken);
    if name != before {
        case.insert("name", value(&name));
    }
    Some(document.to_string())
}
