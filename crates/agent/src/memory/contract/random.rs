//! What a source of chance promises.

use crate::ports::random::Random;

/// No two draws are alike, every byte is filled, and fractions stay within their bounds.
pub fn random_contract(random: &dyn Random) {
    let draw = || {
        let mut bytes = [0_u8; 80];
        random.fill(&mut bytes);
        bytes
    };
    let (first, second) = (draw(), draw());
    assert_ne!(first, second, "two draws of 80 bytes are alike");
    for part in first.chunks(16) {
        assert_ne!(part, [0; 16], "16 bytes were not filled");
    }
    for _ in 0..1_000 {
        let fraction = random.fraction();
        assert!((0.0..1.0).contains(&fraction), "{fraction}");
    }
}
