//! Proof that who uses a code is who asked for it (RFC 7636), with SHA-256 alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;

use crate::seal::fingerprint;

/// How a challenge is made of its verifier.
pub const METHOD: &str = "S256";

/// SHA-256 of a verifier that the program keeps to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge([u8; 32]);

impl Challenge {
    /// As a program writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Whether it was made of this verifier, which has 43 to 128 characters (section 4.1).
    #[must_use]
    pub fn is_met_by(self, verifier: &Secret) -> bool {
        let verifier = verifier.expose();
        let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(is_sound)
            && fingerprint(verifier) == self.0
    }
}

impl std::fmt::Display for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_holds() {
        // RFC 7636, appendix B.
        let challenge = Challenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap();
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(challenge.is_met_by(&Secret::new(verifier.to_owned())));
        assert!(!challenge.is_met_by(&Secret::new(verifier.to_lowercase())));
        // What has the right fingerprint and is no verifier.
        let short = Challenge(fingerprint("short"));
        assert!(!short.is_met_by(&Secret::new("short".to_owned())));
        for bad in [
            "",
            verifier.get(1..).unwrap(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN",
        ] {
            assert_eq!(Challenge::parse(bad), None, "{bad}");
        }
    }
}
