//! The short code that somebody types to let a program in (RFC 8628, section 6.1).

use std::fmt;

use crate::chance::Chance;
use crate::failure::Failure;
use crate::server::Server;

/// Letters that are not taken for one another and spell no word: 20, so that eight are 34 bits.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// How many a code has.
const COUNT: usize = 8;
/// From here on a byte would make the first letters likelier than the others.
const EVEN: u8 = 240;

/// A code that a person reads on one device and types on another.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode([u8; COUNT]);

impl UserCode {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn draw(chance: &dyn Chance) -> Result<Self, Failure> {
        let mut letters = [0; COUNT];
        for letter in &mut letters {
            *letter = loop {
                let [byte] = chance.bytes()?;
                if byte < EVEN {
                    break LETTERS[usize::from(byte) % LETTERS.len()];
                }
            };
        }
        Ok(Self(letters))
    }

    /// As somebody typed it, in either case, with or without what stands between its halves.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let plain: Vec<u8> = text
            .chars()
            .filter(|each| !each.is_whitespace() && *each != '-')
            .map(|each| u8::try_from(each).map(|byte| byte.to_ascii_uppercase()))
            .collect::<Result<_, _>>()
            .ok()?;
        let letters: [u8; COUNT] = plain.try_into().ok()?;
        let is_code = letters.iter().all(|letter| LETTERS.contains(letter));
        is_code.then_some(Self(letters))
    }

    /// What it is known by in the database.
    #[must_use]
    pub fn mark(&self, server: &Server) -> [u8; 32] {
        server.sealer.derive("user code", &self.0)
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.iter().enumerate() {
            if at == COUNT / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = UserCode::draw(&SystemChance).unwrap();
        let text = code.to_string();
        assert_eq!((text.len(), text.as_bytes()[4]), (9, b'-'));
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            format!(" {} ", text.replace('-', " ")),
        ] {
            assert_eq!(UserCode::typed(&typed), Some(code.clone()), "{typed}");
        }
        for wrong in [
            "",
            "BCDF",
            "BCDF-GHJA",
            "BCDF-GHJK-L",
            "BCDF-GHJ1",
            "ＢCDF-GHJK",
        ] {
            assert_eq!(UserCode::typed(wrong), None, "{wrong}");
        }
    }
}
