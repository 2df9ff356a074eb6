//! Where newer versions of Slipway are asked for.
//!
//! Whoever builds Slipway for others says so, when they build it: `SLIPWAY_UPDATE_URL` and `SLIPWAY_UPDATE_KEY`. A
//! build without them asks nobody.

/// Who is asked, and whose signature counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpdateSource {
    /// The address of the list of versions, as Tauri's updater reads it.
    pub url: &'static str,
    /// The public key of the signatures.
    pub key: &'static str,
}

impl UpdateSource {
    /// The host that is asked.
    #[must_use]
    pub fn host(&self) -> &'static str {
        let rest = self
            .url
            .split_once("://")
            .map_or(self.url, |(_, rest)| rest);
        rest.split(['/', ':', '?', '#']).next().unwrap_or(rest)
    }
}

/// Who is asked for newer versions; none where this build asks nobody.
#[must_use]
pub fn update_source() -> Option<UpdateSource> {
    source(
        option_env!("SLIPWAY_UPDATE_URL"),
        option_env!("SLIPWAY_UPDATE_KEY"),
    )
}

/// Both are said, and the address is one that nobody on the way can change.
fn source(url: Option<&'static str>, key: Option<&'static str>) -> Option<UpdateSource> {
    let (url, key) = (url?, key?);
    let is_usable = url.starts_with("https://") && !key.is_empty();
    is_usable.then_some(UpdateSource { url, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_without_a_key_or_over_an_open_line() {
        let url = Some("https://updates.example.org:8443/slipway/{{target}}.json");
        assert_eq!(
            source(url, Some("key")).unwrap().host(),
            "updates.example.org"
        );
        assert_eq!(source(url, None), None);
        assert_eq!(source(url, Some("")), None);
        assert_eq!(source(None, Some("key")), None);
        assert_eq!(
            source(Some("http://updates.example.org/"), Some("key")),
            None
        );
    }
}
