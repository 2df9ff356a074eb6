//! Argon2id (RFC 9106) in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::seal::fingerprint_of;

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// How often it is gone through.
    pub passes: u32,
    /// How many lanes it has.
    pub lanes: u32,
}

impl Cost {
    /// The least that is taken: one of the settings that OWASP's password storage cheat sheet gives.
    pub const LEAST: Self = Self {
        memory_kib: 19_456,
        passes: 2,
        lanes: 1,
    };

    /// Whether it is as much as one of OWASP's settings, which trade memory for passes.
    #[must_use]
    pub fn is_enough(self) -> bool {
        let settings = [
            (47_104, 1),
            (19_456, 2),
            (12_288, 3),
            (9_216, 4),
            (7_168, 5),
        ];
        self.lanes >= 1
            && settings
                .iter()
                .any(|(memory, passes)| self.memory_kib >= *memory && self.passes >= *passes)
    }

    fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// Whether another one is more work.
    #[must_use]
    pub fn is_less_than(self, other: Self) -> bool {
        self.work() < other.work()
    }

    /// What is left of this one once so much work was done, if anything: with no more memory than this one has.
    fn beyond(self, done: u64) -> Option<Self> {
        let rest = self.work().checked_sub(done)?;
        let passes = rest.div_ceil(u64::from(self.memory_kib.max(1)));
        let memory = rest.checked_div(passes)?;
        Some(Self {
            // The least that Argon2 takes (RFC 9106, section 3.1).
            memory_kib: u32::try_from(memory).ok()?.max(8 * self.lanes),
            passes: u32::try_from(passes).ok()?,
            lanes: self.lanes,
        })
    }
}

/// What a check of a password found.
#[derive(Debug)]
pub(super) struct Checked {
    /// Whether it is the one.
    pub(super) is_right: bool,
    /// Whether it is kept with less work than is asked for today.
    pub(super) is_old: bool,
    /// How much was done for it.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "nobody else asks how much it was")
    )]
    work: u64,
}

/// Checks a password against what is kept. The work is that of today, so that the time does not tell that
/// nothing is kept, nor that it was made when less was asked for.
pub(super) fn check(cost: Cost, password: &[u8], kept: Option<&str>) -> Checked {
    let kept = kept.and_then(read);
    let is_right = kept.as_ref().is_some_and(|kept| kept.is_of(password));
    let done = kept.as_ref().map_or(0, |kept| kept.cost.work());
    let rest = cost.beyond(done);
    if let Some(rest) = rest {
        let _ = make(rest, password, &[0; 16]);
    }
    Checked {
        is_right,
        is_old: kept.is_some_and(|kept| kept.cost.is_less_than(cost)),
        work: done + rest.map_or(0, Cost::work),
    }
}

/// A hash as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

fn raw(cost: Cost, password: &[u8], salt: &[u8], length: usize) -> Result<Vec<u8>, argon2::Error> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(length))?;
    let mut hash = vec![0; length];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut hash)?;
    Ok(hash)
}

pub(super) fn make(cost: Cost, password: &[u8], salt: &[u8]) -> Result<String, argon2::Error> {
    let hash = raw(cost, password, salt, 32)?;
    let Cost {
        memory_kib,
        passes,
        lanes,
    } = cost;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    Ok(format!(
        "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}"
    ))
}

pub(super) fn read(text: &str) -> Option<Kept> {
    let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
    let (settings, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut settings = settings.split(',');
    let mut setting =
        |name: &str| -> Option<u32> { settings.next()?.strip_prefix(name)?.parse().ok() };
    let cost = Cost {
        memory_kib: setting("m=")?,
        passes: setting("t=")?,
        lanes: setting("p=")?,
    };
    let kept = Kept {
        cost,
        salt: STANDARD_NO_PAD.decode(salt).ok()?,
        hash: STANDARD_NO_PAD.decode(hash).ok()?,
    };
    (parts.next().is_none() && kept.hash.len() >= 16).then_some(kept)
}

impl Kept {
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        // Of fingerprints, so that the time that it takes tells nothing.
        raw(self.cost, password, &self.salt, self.hash.len())
            .is_ok_and(|hash| fingerprint_of(&hash) == fingerprint_of(&self.hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_others_write_it() {
        // Made by the reference implementation's `argon2` program: -id -t 2 -k 19456 -p 1.
        let made = make(Cost::LEAST, b"password", b"somesaltsomesalt").unwrap();
        assert!(
            made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"),
            "{made}"
        );
        let kept = read(&made).unwrap();
        assert_eq!(kept.cost, Cost::LEAST);
        assert!(kept.is_of(b"password") && !kept.is_of(b"Password"));
        for bad in [
            "",
            "$2b$12$abc",
            "$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_check_is_the_same_work_whatever_is_kept() {
        let cost = |memory_kib, passes| Cost {
            memory_kib,
            passes,
            lanes: 1,
        };
        let today = cost(64, 6);
        for (kept, is_old) in [
            (None, false),
            (Some(today), false),
            (Some(cost(64, 2)), true),
            (Some(cost(32, 3)), true),
            (Some(cost(192, 1)), true),
        ] {
            let made = kept.map(|cost| make(cost, b"password", &[1; 16]).unwrap());
            for (word, is_it) in [("password", kept.is_some()), ("passw0rd", false)] {
                let checked = check(today, word.as_bytes(), made.as_deref());
                assert_eq!(checked.work, today.work(), "{kept:?}");
                assert_eq!(
                    (checked.is_right, checked.is_old),
                    (is_it, is_old),
                    "{kept:?}"
                );
            }
        }
        // What was kept with more is not made less.
        let made = make(cost(64, 8), b"password", &[1; 16]).unwrap();
        assert_eq!(check(today, b"password", Some(&made)).work, 64 * 8);
    }

    #[test]
    fn too_little_work_is_known() {
        assert!(Cost::LEAST.is_enough());
        assert!(
            Cost {
                memory_kib: 47_104,
                passes: 1,
                lanes: 1
            }
            .is_enough()
        );
        assert!(
            !Cost {
                memory_kib: 19_455,
                passes: 2,
                lanes: 1
            }
            .is_enough()
        );
        assert!(
            !Cost {
                memory_kib: 19_456,
                passes: 1,
                lanes: 4
            }
            .is_enough()
        );
    }
}
