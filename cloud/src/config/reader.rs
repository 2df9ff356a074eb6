//! From the text of a setting to its value; what is wrong is noted, and read on.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use slipway_contract::Secret;
use url::Url;
use zeroize::Zeroizing;

use super::Source;
use super::listed::SETTINGS;

/// Settings that are being read.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) wrong: Vec<String>,
}

impl Reader<'_> {
    /// What was given, or what is usual; none where neither is.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let usual = SETTINGS
            .iter()
            .find(|setting| setting.name == name)
            .map_or("", |setting| setting.usual);
        self.source
            .get(name)
            .or(Some(usual))
            .filter(|text| !text.is_empty())
    }

    pub(super) fn refuse(&mut self, name: &str) {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        self.refuse_for(
            name,
            setting.map_or("something else", |setting| setting.takes),
        );
    }

    /// The same where less is taken than elsewhere.
    pub(super) fn refuse_for(&mut self, name: &str, takes: &str) {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        let given = match (
            setting.is_some_and(|setting| setting.secret),
            self.text(name),
        ) {
            (false, Some(given)) => format!("={given}"),
            _ => String::new(),
        };
        self.wrong.push(format!("{name}{given}: it takes {takes}"));
    }

    pub(super) fn number<T: FromStr + PartialOrd + Display + Copy>(
        &mut self,
        name: &str,
        within: RangeInclusive<T>,
    ) -> T {
        let number = self
            .text(name)
            .and_then(|text| text.parse().ok())
            .filter(|number| within.contains(number));
        number.unwrap_or_else(|| {
            self.refuse(name);
            *within.start()
        })
    }

    pub(super) fn one_of<T: Copy>(&mut self, name: &str, known: &[(&str, T)], else_: T) -> T {
        let given = self.text(name);
        let found = known.iter().find(|(word, _)| Some(*word) == given);
        found.map_or_else(
            || {
                self.refuse(name);
                else_
            },
            |(_, value)| *value,
        )
    }

    pub(super) fn address(&mut self, name: &str) -> Option<SocketAddr> {
        let text = self.text(name)?.to_owned();
        let address = text.parse().ok();
        if address.is_none() {
            self.refuse(name);
        }
        address
    }

    /// A URL of http or https, with a host, and with no user and no query.
    pub(super) fn url(&mut self, name: &str) -> Option<Url> {
        let text = self.text(name)?;
        let url = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        if url.is_none() {
            self.refuse(name);
        }
        url
    }

    /// 32 bytes in base64.
    pub(super) fn key(&mut self, name: &str) -> Option<Secret<[u8; 32]>> {
        let text = self.text(name)?;
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
        let key = <[u8; 32]>::try_from(bytes.as_slice()).ok();
        if key.is_none() {
            self.refuse(name);
        }
        key.map(Secret::new)
    }
}
