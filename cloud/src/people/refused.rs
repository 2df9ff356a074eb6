//! Passwords that are refused because they are tried first: a list that comes with the program, and one
//! that its operator gives.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization as _;

/// How many bytes of a SHA-1 are kept: enough that one in a thousand million others is taken for it.
const BYTES: usize = 6;
type Short = [u8; BYTES];

/// The passwords of 8 and more characters in the list of `@zxcvbn-ts/language-common` 4.1 (MIT), which are
/// those found most often in what was stolen elsewhere: lower-case, NFKC, hashed, sorted.
static COMMON: &[u8] = include_bytes!("common-passwords.bin");

fn short(password: &str) -> Short {
    let plain: String = password.nfkc().collect::<String>().to_lowercase();
    let hash = Sha1::digest(plain.as_bytes());
    let mut short = [0; BYTES];
    short.copy_from_slice(&hash[..BYTES]);
    short
}

/// The passwords that nobody may take.
#[derive(Debug)]
pub struct Refused {
    common: &'static [Short],
    more: HashSet<Short>,
}

impl Refused {
    /// Those that come with the program.
    #[must_use]
    pub fn common() -> Self {
        Self {
            common: COMMON.as_chunks().0,
            more: HashSet::new(),
        }
    }

    /// With those of a file, one a line.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn with(mut self, file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file);
        let text = text.with_context(|| format!("the refused passwords in {}", file.display()))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        self.more.extend(lines.map(short));
        Ok(self)
    }

    /// Whether it is one of them, in any case.
    #[must_use]
    pub fn has(&self, password: &str) -> bool {
        let short = short(password);
        self.common.binary_search(&short).is_ok() || self.more.contains(&short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        let refused = Refused::common();
        assert_eq!(COMMON.len() % BYTES, 0);
        // ASVS 5, 6.2.4 asks for the 3,000 most common ones.
        assert!(refused.common.len() > 15_000);
        assert!(refused.common.is_sorted());
        for one in [
            "password1",
            "Qwertyuiop",
            "iloveyou",
            "trustno1",
            "12345678",
        ] {
            assert!(refused.has(one), "{one}");
        }
        assert!(!refused.has("a hull on its slope"));
    }

    #[test]
    fn an_operator_refuses_more() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "Harbour-2026\n\n  launch day \n").unwrap();
        let refused = Refused::common().with(file.path()).unwrap();
        assert!(refused.has("harbour-2026") && refused.has("Launch Day"));
        assert!(!refused.has(""));
        assert!(Refused::common().with(Path::new("/nowhere/list")).is_err());
    }
}
