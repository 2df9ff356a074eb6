//! Whole numbers as JSON Schema has them: `9.0` is one, too (draft 2020-12, section 4.2.3 of the core).

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, de};

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<u64>> de::Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::custom(format!("{number} is too large")))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        // Exactly those that are the same in both.
        let is_whole = number.fract() == 0.0 && (0.0..=4_294_967_296.0).contains(&number);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and within bounds"
        )]
        let whole = is_whole.then_some(number as u64);
        let whole = whole.ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))?;
        self.visit_u64(whole)
    }
}

/// Reads one.
pub(super) fn one<'de, D: Deserializer<'de>, T: TryFrom<u64>>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Whole(PhantomData))
}

struct One<T>(T);

impl<'de, T: TryFrom<u64>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        one(from).map(Self)
    }
}

/// Reads one, or `null`.
pub(super) fn option<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<One<T>>::deserialize(from)?.map(|one| one.0))
}

#[cfg(test)]
mod tests {
    use super::super::key::{NewApiKey, RotateApiKey};

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let hours = |text: &str| {
            let read: Result<RotateApiKey, _> =
                serde_json::from_str(&format!("{{\"grace_hours\": {text}}}"));
            read.map(|read| read.grace_hours).ok()
        };
        for (text, read) in [
            ("9", Some(9)),
            ("9.0", Some(9)),
            ("0", Some(0)),
            ("2e1", Some(20)),
        ] {
            assert_eq!(hours(text), read, "{text}");
        }
        for text in [
            "9.5", "-1", "-0.5", "256", "1e300", "\"9\"", "null", "true", "[]",
        ] {
            assert_eq!(hours(text), None, "{text}");
        }
        let key = |days: &str| {
            let text = format!("{{\"name\": \"a\", \"scopes\": [] {days}}}");
            serde_json::from_str::<NewApiKey>(&text).unwrap().days
        };
        assert_eq!((key(""), key(", \"days\": null")), (None, None));
        assert_eq!(key(", \"days\": 7.0"), Some(7));
    }
}
