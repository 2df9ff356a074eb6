//! Slipway itself, and the licences of what ships with it.

use std::sync::LazyLock;

use serde::Deserialize;
use slipway_contract::about::{About, ShippedPackage};
use slipway_contract::{ErrorCode, Problem};

/// Written by `cargo xtask licences`; `cargo xtask lint` holds it against what ships.
const LIST: &str = include_str!("../licences.json");

#[derive(Deserialize)]
struct List {
    packages: Vec<ShippedPackage>,
    texts: Vec<String>,
}

static READ: LazyLock<Result<List, String>> =
    LazyLock::new(|| serde_json::from_str(LIST).map_err(|error| error.to_string()));

fn list() -> Result<&'static List, Problem> {
    READ.as_ref().map_err(|error| {
        Problem::new(
            ErrorCode::Internal,
            format!("the list of licences cannot be read: {error}"),
        )
    })
}

/// Slipway's version and the packages that ship with it.
///
/// # Errors
/// The list that was built in cannot be read.
pub fn about() -> Result<About, Problem> {
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        packages: list()?.packages.clone(),
    })
}

/// The text of a licence, by the number with which packages name it.
///
/// # Errors
/// There is none of this number.
pub fn licence_text(number: u32) -> Result<String, Problem> {
    let place = usize::try_from(number).ok();
    let text = place.and_then(|place| list().ok()?.texts.get(place));
    text.cloned().ok_or_else(|| {
        Problem::new(
            ErrorCode::NotFound,
            format!("there is no text of a licence with the number {number}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_a_package_names_is_there() {
        let about = about().unwrap();
        assert!(about.packages.iter().any(|package| package.name == "yew"));
        for package in &about.packages {
            assert!(!package.licence.is_empty(), "{}", package.name);
            for text in &package.texts {
                assert!(!licence_text(*text).unwrap().is_empty(), "{}", package.name);
            }
        }
        assert_eq!(
            licence_text(u32::MAX).unwrap_err().code,
            ErrorCode::NotFound
        );
    }
}
