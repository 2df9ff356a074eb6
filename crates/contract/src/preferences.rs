//! How the person wants Slipway to be.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Usd;

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a value of a preference is.
trait Value: Copy + Sized {
    /// The values there are, in words for a person.
    const RULE: &'static str;
    fn read(text: &str) -> Option<Self>;
    fn written(self) -> String;
}

impl Value for bool {
    const RULE: &'static str = "on or off";

    fn read(text: &str) -> Option<Self> {
        match text {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        }
    }

    fn written(self) -> String {
        if self { "on" } else { "off" }.to_owned()
    }
}

impl Value for Theme {
    const RULE: &'static str = "system, light or dark";

    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }

    fn written(self) -> String {
        self.as_str().to_owned()
    }
}

/// A limit of money, or none.
impl Value for Option<Usd> {
    const RULE: &'static str = "an amount such as 0.50, or none";

    fn read(text: &str) -> Option<Self> {
        match text {
            "none" => Some(None),
            amount => amount.parse().ok().map(Some),
        }
    }

    fn written(self) -> String {
        self.map_or_else(|| "none".to_owned(), |limit| limit.to_string())
    }
}

/// Why something is no preference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPreference {
    /// There is none of this name.
    #[error("there is no setting {0:?}")]
    Unknown(String),
    /// It cannot have this value.
    #[error("the setting {name} cannot be {value:?}: it is {rule}")]
    Value {
        /// The preference.
        name: Preference,
        /// What was given.
        value: String,
        /// What it can be.
        rule: &'static str,
    },
}

macro_rules! preferences {
    ($($(#[$doc:meta])* $variant:ident, $field:ident: $kind:ty = $default:expr => $name:literal, $what:literal;)*) => {
        /// How the person wants Slipway to be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Preferences { $($(#[$doc])* pub $field: $kind,)* }

        impl Default for Preferences {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// One of the preferences.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Preference { $($(#[$doc])* $variant,)* }

        impl Preference {
            /// All of them, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it says, in words for a person.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }

            /// The values it can have, in words for a person.
            #[must_use]
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$variant => <$kind as Value>::RULE,)* }
            }
        }

        impl Preferences {
            /// One of them as text.
            #[must_use]
            pub fn get(&self, preference: Preference) -> String {
                match preference { $(Preference::$variant => self.$field.written(),)* }
            }

            /// Changes one of them.
            ///
            /// # Errors
            /// It cannot have this value.
            pub fn set(&mut self, preference: Preference, value: &str) -> Result<(), InvalidPreference> {
                let wrong = || InvalidPreference::Value {
                    name: preference,
                    value: value.chars().take(80).collect(),
                    rule: preference.rule(),
                };
                match preference {
                    $(Preference::$variant => self.$field = <$kind as Value>::read(value).ok_or_else(wrong)?,)*
                }
                Ok(())
            }
        }
    };
}

preferences! {
    /// The colours of the window.
    Theme, theme: Theme = Theme::System => "theme", "the colours of the window";
    /// The system says when a run needs the person.
    NotifyNeedsYou, notify_needs_you: bool = true => "notify.needs-you", "say when a run needs you";
    /// The system says when a run failed.
    NotifyFailed, notify_failed: bool = true => "notify.failed", "say when a run failed";
    /// The system says when a run is done.
    NotifyDone, notify_done: bool = true => "notify.done", "say when a run is done";
    /// The most that a run may cost whose agent sets no limit of its own.
    RunBudget, run_budget: Option<Usd> = None => "run-budget", "what a run may cost, unless its agent says it";
    /// The first start is shown while there is no agent.
    Welcome, welcome: bool = true => "welcome", "show the first start while there is no agent";
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Preference {
    type Err = InvalidPreference;

    fn from_str(text: &str) -> Result<Self, InvalidPreference> {
        let found = Self::ALL.iter().copied().find(|each| each.as_str() == text);
        found.ok_or_else(|| InvalidPreference::Unknown(text.chars().take(80).collect()))
    }
}

impl Serialize for Preference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Preference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_what_is_read() {
        let mut preferences = Preferences::default();
        for preference in Preference::ALL {
            let before = preferences.get(*preference);
            preferences.set(*preference, &before).unwrap();
            assert_eq!(preferences, Preferences::default(), "{preference}");
            assert_eq!(preference.as_str().parse(), Ok(*preference));
        }
        preferences.set(Preference::Theme, "dark").unwrap();
        preferences.set(Preference::NotifyDone, "off").unwrap();
        assert_eq!(preferences.theme, Theme::Dark);
        assert!(!preferences.notify_done && preferences.notify_failed);
        preferences.set(Preference::RunBudget, "0.50").unwrap();
        assert_eq!(preferences.run_budget, Some("0.5".parse().unwrap()));
        assert!(preferences.set(Preference::RunBudget, "-1").is_err());
        preferences.set(Preference::RunBudget, "none").unwrap();
        assert_eq!(preferences.run_budget, None);
    }

    #[test]
    fn a_wrong_value_changes_nothing_and_says_what_it_can_be() {
        let mut preferences = Preferences::default();
        let error = preferences.set(Preference::Theme, "pink").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the setting theme cannot be \"pink\": it is system, light or dark"
        );
        assert_eq!(preferences, Preferences::default());
        assert!("Theme".parse::<Preference>().is_err());
    }

    #[test]
    fn what_a_newer_version_added_is_left_out() {
        let read: Preferences =
            serde_json::from_str(r#"{"theme":"light","sounds":"loud"}"#).unwrap();
        assert_eq!(read.theme, Theme::Light);
        assert!(read.notify_needs_you);
    }
}
