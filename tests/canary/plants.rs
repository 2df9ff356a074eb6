//! The secrets that are planted: of the shapes that real ones have, and each unlike any other.

/// What was planted so far.
#[derive(Default)]
pub(super) struct Plants {
    planted: Vec<(&'static str, String)>,
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SIGNS: &[u8] = b"abcXYZ019!#$%&'()*+,-./:;<=>?@[]^_`{|}~\\\"";

impl Plants {
    /// A new secret, of the next shape.
    pub(super) fn plant(&mut self, what: &'static str) -> String {
        let number = self.planted.len();
        let secret = match number % 10 {
            0 => format!("sk-proj-{}", random(number, 48, LETTERS)),
            1 => format!("AKIA{}", random(number, 36, LETTERS)),
            2 => format!("ghp_{}", random(number, 36, LETTERS)),
            3 => format!("{}==", random(number, 42, BASE64)),
            4 => random(number, 64, HEX),
            5 => format!("x{}x", random(number, 40, SIGNS)),
            6 => format!(
                "eyJ{}.eyJ{}.{}",
                random(number, 20, LETTERS),
                random(number + 500, 40, LETTERS),
                random(number + 900, 43, LETTERS)
            ),
            7 => format!(
                "xoxb-{}-{}",
                random(number, 12, b"0123456789"),
                random(number + 500, 24, LETTERS)
            ),
            8 => random(number, 250, LETTERS),
            _ => format!("AIza{}", random(number, 35, LETTERS)),
        };
        self.keep(what, secret)
    }

    /// A new secret that a URL can hold as it is.
    pub(super) fn plant_for_url(&mut self, what: &'static str) -> String {
        let secret = random(self.planted.len(), 32, LETTERS);
        self.keep(what, secret)
    }

    pub(super) fn planted(&self) -> Vec<(&'static str, String)> {
        self.planted.clone()
    }

    fn keep(&mut self, what: &'static str, secret: String) -> String {
        self.planted.push((what, secret.clone()));
        secret
    }
}

/// Letters that look drawn by lot and are the same in every run.
fn random(seed: usize, length: usize, letters: &[u8]) -> String {
    let mut state = seed as u64 + 0x5eed;
    (0..length)
        .map(|_| {
            // SplitMix64.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            char::from(letters[usize::try_from(z % letters.len() as u64).expect("small")])
        })
        .collect()
}
