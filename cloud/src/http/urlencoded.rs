//! Texts of names and values, as forms and queries carry them (`application/x-www-form-urlencoded`).

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

/// Whether a body is such a text.
#[must_use]
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// Names and values, in their order. None holds U+0000 or what is not UTF-8.
#[derive(Debug, Clone)]
pub struct Fields(Vec<(String, String)>);

/// Such a text holds what no field takes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("it holds characters that no field takes")]
pub struct Unreadable;

impl Fields {
    /// Takes a text apart.
    ///
    /// # Errors
    /// When it holds U+0000 or is not UTF-8.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        // What is not UTF-8 is read as U+FFFD.
        let is_readable = |text: &str| !text.contains(['\0', '\u{FFFD}']);
        let mut fields = Vec::new();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            if !is_readable(&name) || !is_readable(&value) {
                return Err(Unreadable);
            }
            fields.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(fields))
    }

    /// A name that is there twice.
    #[must_use]
    pub fn twice(&self) -> Option<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|two| two[0] == two[1]);
        twice.map(|two| two[0])
    }

    /// The one value of this name; none where there are several.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        let value = values.next()?;
        values.next().is_none().then_some(&*value.1)
    }

    /// Takes the first value of this name out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(given, _)| given == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Without those that are there and empty.
    #[must_use]
    pub fn without_empty(mut self) -> Self {
        self.0.retain(|(_, value)| !value.is_empty());
        self
    }

    /// All of them as one type.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        let text = serde_urlencoded::to_string(&self.0).map_err(|error| error.to_string())?;
        serde_urlencoded::from_str(&text).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_there_twice_has_no_one_value() {
        let fields = Fields::parse(b"b=1&a=%C3%A9+&b=1&c=").unwrap();
        assert_eq!(fields.twice(), Some("b"));
        assert_eq!((fields.one("a"), fields.one("b")), (Some("é "), None));
        assert_eq!(fields.one("c"), Some(""));
        assert_eq!(fields.without_empty().one("c"), None);
        for unreadable in [&b"a=%00"[..], b"a%00=b", b"a=%ff", b"\xff=a"] {
            assert!(Fields::parse(unreadable).is_err(), "{unreadable:?}");
        }
    }
}
