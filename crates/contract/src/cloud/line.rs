//! Texts that people give, checked where they come in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLine {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// More characters than its field takes.
    #[error("it has {given} characters, and {most} are the most")]
    TooLong {
        /// What was given.
        given: usize,
        /// What is taken.
        most: usize,
    },
    /// A line break or another character that has no place in a line.
    #[error("it has a character that cannot be written: U+{0:04X}")]
    Control(u32),
    /// Not an address that mail can be sent to.
    #[error("it is not an e-mail address, such as anna@example.com")]
    NotAnAddress,
}

/// One line of at most `MOST` characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Line<const MOST: usize>(String);

impl<const MOST: usize> Line<MOST> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Whether a character changes how a line reads without being seen: controls, line and
/// paragraph separators, and the directional ones of Unicode TR 36.
fn hides(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

impl<const MOST: usize> FromStr for Line<MOST> {
    type Err = InvalidLine;

    fn from_str(text: &str) -> Result<Self, InvalidLine> {
        let given = text.chars().count();
        if given > MOST {
            return Err(InvalidLine::TooLong { given, most: MOST });
        }
        if text.chars().all(char::is_whitespace) {
            return Err(InvalidLine::Empty);
        }
        match text.chars().find(|each| hides(*each)) {
            Some(each) => Err(InvalidLine::Control(each.into())),
            None => Ok(Self(text.trim().to_owned())),
        }
    }
}

/// The same rule for the API's description: no character that [`hides`], and one that shows.
#[cfg(feature = "openapi")]
impl<const MOST: usize> utoipa::PartialSchema for Line<MOST> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        const NONE: &str =
            r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff";
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(1))
            .max_length(Some(MOST))
            .pattern(Some(format!(r"^[^{NONE}]*[^\s{NONE}][^{NONE}]*$")))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl<const MOST: usize> utoipa::ToSchema for Line<MOST> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Line{MOST}").into()
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for Line<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// An e-mail address: a mailbox of RFC 5321 without quotes, comments or a literal host, at most 254
/// characters, which is what mail servers take and what cannot carry a second header.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Email))]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// As the person wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As those know it again who know it already, and who do not cannot write to it: `a…@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first: String = self.0.chars().take(1).collect();
        let host = self.0.rsplit_once('@').map_or("", |(_, host)| host);
        format!("{first}…@{host}")
    }

    /// What two addresses of one mailbox share, by which accounts are told apart.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Email {}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = InvalidLine;

    fn from_str(text: &str) -> Result<Self, InvalidLine> {
        let line: Line<254> = text.parse()?;
        let (local, host) = line.0.rsplit_once('@').ok_or(InvalidLine::NotAnAddress)?;
        let is_atom = |text: &str| {
            !text.is_empty()
                && text.split('.').all(|part| {
                    !part.is_empty()
                        && part.chars().all(|each| {
                            each.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(each)
                        })
                })
        };
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|each| each.is_alphanumeric() || each == '-')
        };
        let is_host = host.split('.').all(is_label);
        if local.len() <= 64 && is_atom(local) && is_host {
            Ok(Self(line.0))
        } else {
            Err(InvalidLine::NotAnAddress)
        }
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_takes_is_an_address() {
        for good in [
            "anna@example.com",
            "a.b+c@mail.example.co.uk",
            "jörg@bücher.example",
            "x@localhost",
        ] {
            assert_eq!(good.parse::<Email>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "anna",
            "@example.com",
            "anna@",
            "a b@example.com",
            "a@b@c",
            ".a@example.com",
            "a..b@example.com",
            "anna@-x.example",
            "anna@example..com",
            "anna@[127.0.0.1]",
            "\"a\"@example.com",
            "anna@example.com\r\nBcc: eve@example.com",
            "anna@exam\u{202E}ple.com",
            "a\0@example.com",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn one_mailbox_has_one_key() {
        let one: Email = "Anna@Example.com".parse().unwrap();
        assert_eq!(one.key(), "anna@example.com");
        assert_eq!(one, "anna@example.com".parse().unwrap());
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!("  Anna  ".parse::<Line<8>>().unwrap().as_str(), "Anna");
        assert_eq!(" ".parse::<Line<8>>(), Err(InvalidLine::Empty));
        assert_eq!(
            "123456789".parse::<Line<8>>(),
            Err(InvalidLine::TooLong { given: 9, most: 8 })
        );
        assert_eq!("a\nb".parse::<Line<8>>(), Err(InvalidLine::Control(10)));
        assert_eq!("a\0b".parse::<Line<8>>(), Err(InvalidLine::Control(0)));
    }
}
