//! Passwords: what is taken, and how it is kept and checked.
//!
//! Hashing is slow on purpose. It runs on [a few threads of its own](super::turns) behind a short queue, so that
//! many who sign in at once wait for each other and not the rest for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use slipway_contract::Secret;
use slipway_contract::cloud::ProblemCode;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::hash::{self, Cost};
use super::refused::Refused;
use super::turns::Turns;
use crate::chance::Chance;
use crate::failure::Failure;

/// The fewest characters (NIST SP 800-63B-4, section 3.1.1.2, for one factor among two).
pub const SHORTEST: usize = 8;
/// The words that everybody who guesses here tries (ASVS 5, 6.1.2), besides a person's own.
const CONTEXT: &[&str] = &["slipway"];
/// The most characters.
pub const LONGEST: usize = 128;
/// After how many seconds a full queue may be tried again.
const LATER: u32 = 2;

/// A password in the one form in which it is hashed: NFKC.
fn normalised(password: &str) -> Zeroizing<String> {
    // What is longer than any password that is taken need not be looked at.
    Zeroizing::new(password.chars().take(LONGEST * 4).nfkc().collect())
}

/// What a check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the one.
    pub is_right: bool,
    /// Whether it is kept with less work than is asked for today.
    pub is_old: bool,
}

/// How passwords are hashed and which are refused.
#[derive(Debug)]
pub struct Passwords {
    cost: Cost,
    refused: Refused,
    turns: Turns,
    /// Who may hash now or wait for it.
    places: Arc<Semaphore>,
    /// How many places there are.
    all: usize,
    runs: Arc<AtomicU64>,
}

impl Passwords {
    /// With this cost, at most so many at once and so many waiting, refusing these.
    #[must_use]
    pub fn new(cost: Cost, at_once: usize, waiting: usize, refused: Refused) -> Self {
        let at_once = at_once.max(1);
        Self {
            cost,
            refused,
            turns: Turns::new(at_once),
            places: Arc::new(Semaphore::new(at_once + waiting)),
            all: at_once + waiting,
            runs: Arc::default(),
        }
    }

    /// How often one was hashed since the start.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// How many are hashed now or wait for it.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.all.saturating_sub(self.places.available_permits())
    }

    /// Whether somebody with these names may take a password.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, password: &Secret, names: &[&str]) -> Result<(), Failure> {
        let plain = normalised(password.expose());
        let length = plain.chars().count();
        let wrong = |detail: &str| Failure::field("password", detail);
        if length < SHORTEST {
            return Err(wrong(
                "It needs at least 8 characters. A few words in a row are good.",
            ));
        }
        if length > LONGEST {
            return Err(wrong("It has more than 128 characters."));
        }
        if self.refused.has(&plain) {
            return Err(wrong(
                "It is among the passwords that are tried first. Take another one.",
            ));
        }
        if is_own(&plain, names) || is_own(&plain, CONTEXT) {
            return Err(wrong(
                "It is made of your name or address, or of Slipway's. Take another one.",
            ));
        }
        Ok(())
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let full = |_| {
            let detail = "Too many people sign in at this moment. Try again in a few seconds.";
            Failure::later(ProblemCode::Unavailable, detail, LATER)
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let runs = Arc::clone(&self.runs);
        // The place goes along: who goes away does not make room before the work is done.
        let counted = move || {
            let given = work();
            runs.fetch_add(1, Ordering::Relaxed);
            drop(place);
            given
        };
        self.turns.run(counted).await
    }

    /// How a password is kept.
    ///
    /// # Errors
    /// When too many are hashed at this moment.
    pub async fn hash(&self, chance: &dyn Chance, password: &Secret) -> Result<String, Failure> {
        let (plain, salt, cost) = (
            normalised(password.expose()),
            chance.bytes::<16>()?,
            self.cost,
        );
        let made = self
            .run(move || hash::make(cost, plain.as_bytes(), &salt))
            .await?;
        made.map_err(|error| Failure::Internal(format!("a password's hash: {error}")))
    }

    /// Checks a password. Where none is kept, or one from when less work was asked for, the same work is done, so
    /// that the time does not tell.
    ///
    /// # Errors
    /// When too many are hashed at this moment.
    pub async fn verify(&self, password: &Secret, kept: Option<&str>) -> Result<Verdict, Failure> {
        let (plain, kept, cost) = (
            normalised(password.expose()),
            kept.map(str::to_owned),
            self.cost,
        );
        self.run(move || {
            let checked = hash::check(cost, plain.as_bytes(), kept.as_deref());
            Verdict {
                is_right: checked.is_right,
                is_old: checked.is_old,
            }
        })
        .await
    }
}

/// Whether little is left of a password without a name of its person.
fn is_own(password: &str, names: &[&str]) -> bool {
    let plain = |text: &str| -> String {
        text.to_lowercase()
            .nfkc()
            .filter(|each| each.is_alphanumeric())
            .collect()
    };
    let password = plain(password);
    let parts = names.iter().flat_map(|name| {
        let local = name.split('@').next().unwrap_or_default();
        [plain(name), plain(local)]
            .into_iter()
            .chain(name.split_whitespace().map(plain))
    });
    parts.filter(|part| part.chars().count() >= 3).any(|part| {
        let left = password.replace(&part, "").chars().count();
        password.contains(&part) && left < 5
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    fn passwords(at_once: usize, waiting: usize) -> Passwords {
        Passwords::new(Cost::LEAST, at_once, waiting, Refused::common())
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        let passwords = passwords(1, 0);
        let names = ["anna.lind@example.com", "Anna Lind"];
        for bad in [
            "seven77",
            "",
            "password1",
            "PASSWORD1",
            "qwertyuiop",
            "ｐａｓｓｗｏｒｄ１",
            "annalind",
            "Slipway2026!",
            "Anna.Lind1!",
            "lindanna",
            "anna.lind@example.com",
            "anna1234",
        ] {
            assert!(passwords.check(&secret(bad), &names).is_err(), "{bad}");
        }
        assert!(passwords.check(&secret(&"x".repeat(129)), &names).is_err());
        for good in [
            "correct horse battery",
            "        ",
            "ключ от квартиры",
            "🚢🚢🚢🚢🚢🚢🚢🚢",
            "annas blue boat",
        ] {
            assert!(passwords.check(&secret(good), &names).is_ok(), "{good}");
        }
        assert!(passwords.check(&secret(&"xy".repeat(64)), &names).is_ok());
    }

    #[tokio::test]
    async fn a_password_is_known_again_in_any_of_its_unicode_forms() {
        let passwords = passwords(1, 4);
        let kept = passwords
            .hash(&SystemChance, &secret("caf\u{e9} Ångström"))
            .await
            .unwrap();
        let right = passwords
            .verify(&secret("cafe\u{301} A\u{30a}ngstro\u{308}m"), Some(&kept))
            .await
            .unwrap();
        assert_eq!(
            right,
            Verdict {
                is_right: true,
                is_old: false
            }
        );
        assert!(
            !passwords
                .verify(&secret("cafe Angstrom"), Some(&kept))
                .await
                .unwrap()
                .is_right
        );
        let stronger = Passwords::new(
            Cost {
                passes: 3,
                ..Cost::LEAST
            },
            1,
            4,
            Refused::common(),
        );
        assert!(
            stronger
                .verify(&secret("café Ångström"), Some(&kept))
                .await
                .unwrap()
                .is_old
        );
    }

    #[tokio::test]
    async fn who_is_unknown_costs_the_same_work() {
        let passwords = passwords(1, 4);
        assert!(
            !passwords
                .verify(&secret("any"), None)
                .await
                .unwrap()
                .is_right
        );
        assert_eq!(passwords.runs(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_says_when_to_come_again() {
        let passwords = Arc::new(passwords(1, 1));
        let all = (0..12).map(|_| {
            let passwords = Arc::clone(&passwords);
            tokio::spawn(async move {
                passwords
                    .verify(&secret("any"), None)
                    .await
                    .map_err(Failure::refusal)
            })
        });
        let mut refused = 0;
        for one in all.collect::<Vec<_>>() {
            if let Err(refusal) = one.await.unwrap() {
                assert_eq!(
                    (refusal.code, refusal.retry_after),
                    (ProblemCode::Unavailable, Some(LATER))
                );
                refused += 1;
            }
        }
        assert_eq!((refused, passwords.runs()), (10, 2));
    }
}
