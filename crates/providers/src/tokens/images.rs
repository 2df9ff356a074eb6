//! The tokens of an image, from above: by its size and by how the model's maker counts it. No rule
//! is finer than what the makers say, and where they and those who measured it differ, the higher
//! number counts.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::names::of_model;

/// How an image is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// By squares with so many pixels to a side, of which so many count at most; so many tokens
    /// for a hundred of them.
    Patches { side: u64, most: u64, percent: u64 },
    /// So many, and so many for each square of 512 pixels, of which at most eight are left when
    /// the image has been fitted into 2048 by 768 pixels.
    Tiles { base: u64, each: u64 },
    /// By squares that are two thirds of the shorter side, within bounds.
    Crops { each: u64 },
    /// Whatever its size.
    Flat(u64),
}

/// Which models are counted how; the first that fits counts.
///
/// - OpenAI: <https://developers.openai.com/api/docs/guides/images-vision>, where `auto` is the whole
///   size for GPT-5.6 (30,000 patches) and 10,000 patches for GPT-5.5; the factor of 1.2 is measured
///   in <https://community.openai.com/t/1377015>. Checked 2026-11-22.
/// - Anthropic: <https://platform.claude.com/docs/en/build-with-claude/vision>: squares of 28 pixels,
///   1,568 of them, and 4,784 from Opus 4.7 and the fifth generation on. Checked 2026-11-22.
/// - Google: <https://ai.google.dev/gemini-api/docs/media-resolution> (1,120 for an image of Gemini 3
///   where nothing is said) and <https://ai.google.dev/gemini-api/docs/image-understanding> (258 for
///   each crop before it). Checked 2026-11-22.
const RULES: &[(&[&str], Rule)] = &[
    (&["gpt-5.6*"], patches(32, 30_000, 120)),
    (&["gpt-5.5*"], patches(32, 10_000, 120)),
    (
        &["gpt-5.4-mini*", "gpt-5-mini*", "gpt-4.1-mini*"],
        patches(32, 1_536, 162),
    ),
    (
        &["gpt-5.4-nano*", "gpt-5-nano*", "gpt-4.1-nano*"],
        patches(32, 1_536, 246),
    ),
    (&["o4-mini*", "codex-mini*"], patches(32, 1_536, 172)),
    (
        &["gpt-5.4*", "gpt-5.3*", "gpt-5.2*"],
        patches(32, 2_500, 120),
    ),
    (
        &["gpt-4o-mini*"],
        Rule::Tiles {
            base: 2_833,
            each: 5_667,
        },
    ),
    (
        &[
            "gpt-5",
            "gpt-5-20*",
            "gpt-5.1*",
            "gpt-4o*",
            "gpt-4.1*",
            "gpt-4.5*",
            "gpt-4-*",
            "o1*",
            "o3*",
        ],
        Rule::Tiles {
            base: 85,
            each: 170,
        },
    ),
    (
        &[
            "claude-3*",
            "claude-opus-4-0*",
            "claude-opus-4-1*",
            "claude-opus-4-5*",
            "claude-opus-4-6*",
            "claude-opus-4-20*",
            "claude-opus-4",
            "claude-opus-4.1*",
            "claude-opus-4.5*",
            "claude-opus-4.6*",
            "claude-sonnet-4*",
            "claude-haiku-4*",
        ],
        patches(28, 1_568, 100),
    ),
    (&["claude-*"], patches(28, 4_784, 100)),
    (&["gemini-2*", "gemini-1*"], Rule::Crops { each: 258 }),
    (&["gemini-*"], Rule::Flat(1_120)),
];

/// A model of which nobody says how it counts: by the finest squares with the highest bound. No
/// service is known that counts an image that fits them higher, but for those that fill four tiles
/// of 1,601 tokens (<https://docs.together.ai/docs/vision-overview>, checked 2026-11-22).
const UNKNOWN: Rule = patches(28, 30_000, 120);
const UNKNOWN_LEAST: u64 = 6_404;

/// Bytes at the beginning of a file in which its size is looked for: a photograph may have its
/// colours and a small picture of itself before it.
const HEAD: usize = 768 << 10;

const fn patches(side: u64, most: u64, percent: u64) -> Rule {
    Rule::Patches {
        side,
        most,
        percent,
    }
}

/// The most tokens that this model counts for an image with these bytes, in Base64. What cannot be
/// read counts as the largest that there is.
pub(super) fn tokens(model: &str, base64: &str) -> u64 {
    let size = size(base64);
    match of_model(RULES, model) {
        Some(rule) => rule.tokens(size),
        None => UNKNOWN.tokens(size).max(UNKNOWN_LEAST),
    }
}

/// Width and height as the file's head says them.
fn size(base64: &str) -> Option<(u64, u64)> {
    let head = base64.len().min(HEAD / 3 * 4);
    let bytes = BASE64_STANDARD.decode(base64.get(..head)?).ok()?;
    let size = imagesize::blob_size(&bytes).ok()?;
    let side = |pixels: usize| u64::try_from(pixels).ok().filter(|pixels| *pixels > 0);
    Some((side(size.width)?, side(size.height)?))
}

impl Rule {
    fn tokens(self, size: Option<(u64, u64)>) -> u64 {
        let squares = |side: u64| {
            size.map(|(width, height)| width.div_ceil(side).saturating_mul(height.div_ceil(side)))
        };
        match self {
            Self::Patches {
                side,
                most,
                percent,
            } => {
                let patches = squares(side).map_or(most, |patches| patches.min(most));
                (patches * percent).div_ceil(100)
            }
            Self::Tiles { base, each } => {
                let tiles = squares(512).map_or(8, |tiles| tiles.min(8));
                base + tiles * each
            }
            Self::Crops { each } => {
                let shorter = size.map_or(u64::MAX, |(width, height)| width.min(height));
                let side = (shorter.saturating_mul(2) / 3).clamp(256, 768);
                // The largest that is taken is about 8,000 pixels wide and high.
                squares(side).map_or(121, |crops| crops.min(121)) * each
            }
            Self::Flat(tokens) => tokens,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> String {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
        BASE64_STANDARD.encode(bytes)
    }

    /// A picture with so many bytes of something else before its size.
    fn jpeg(width: u16, height: u16, before: usize) -> String {
        let mut bytes = b"\xff\xd8".to_vec();
        let mut left = before;
        while left > 0 {
            let piece = left.min(60_000);
            bytes.extend(b"\xff\xe1");
            bytes.extend(u16::try_from(piece + 2).unwrap().to_be_bytes());
            bytes.resize(bytes.len() + piece, b'x');
            left -= piece;
        }
        bytes.extend(b"\xff\xc0\0\x11\x08");
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.resize(bytes.len() + 40, 0);
        BASE64_STANDARD.encode(bytes)
    }

    #[test]
    fn each_maker_counts_in_its_own_way() {
        for (model, width, height, expected) in [
            // As OpenAI's guide counts them.
            ("gpt-4.1-mini", 1_024, 1_024, 1_659),
            ("o4-mini", 1_024, 1_024, 1_762),
            ("gpt-4o", 1_024, 1_024, 765),
            ("gpt-4o", 512, 512, 255),
            ("gpt-4o", 8_000, 8_000, 85 + 8 * 170),
            ("gpt-4o-mini", 64, 64, 8_500),
            ("gpt-5.4", 8_000, 8_000, 3_000),
            // 125 by 79 patches, of which 11,930 tokens were measured with their words.
            ("gpt-5.6-terra", 4_000, 2_500, 11_850),
            ("gpt-5.6-terra", 60_000, 60_000, 36_000),
            // As Anthropic's guide counts them.
            ("claude-sonnet-4-6", 200, 200, 64),
            ("claude-sonnet-4-6", 1_092, 1_092, 1_521),
            ("claude-sonnet-4-6", 3_000, 2_000, 1_568),
            ("claude-opus-5-5", 2_576, 1_449, 4_784),
            ("claude-opus-5-5", 8_000, 8_000, 4_784),
            ("claude-opus-4.8", 8_000, 8_000, 4_784),
            // As Google's guides count them.
            ("gemini-3.5-flash", 10, 10, 1_120),
            ("gemini-2.5-flash", 300, 300, 4 * 258),
            ("gemini-2.5-flash", 960, 540, 6 * 258),
            ("gemini-2.5-flash", 3_000, 2_000, 12 * 258),
            // And where nobody says how.
            ("qwen3-vl", 100, 100, 6_404),
            ("qwen3-vl", 4_000, 4_000, 24_539),
        ] {
            assert_eq!(
                tokens(model, &png(width, height)),
                expected,
                "{model} {width}x{height}"
            );
        }
    }

    #[test]
    fn the_size_is_found_in_every_kind_of_image() {
        let gif = BASE64_STANDARD.encode(b"GIF89a\x40\x01\xf0\0\xf7\0\0");
        let vp8x =
            BASE64_STANDARD.encode(b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0");
        for (image, expected) in [
            (png(320, 240), Some((320, 240))),
            (jpeg(320, 240, 0), Some((320, 240))),
            (jpeg(320, 240, 300_000), Some((320, 240))),
            (jpeg(320, 240, 900_000), None),
            (gif, Some((320, 240))),
            (vp8x, Some((320, 240))),
            (png(0, 240), None),
            (png(320, 240)[..20].to_owned(), None),
            (BASE64_STANDARD.encode("no image at all"), None),
            (BASE64_STANDARD.encode(b"\xff\xd8\xff\xe1\0\0"), None),
            ("no Base64!".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(size(&image), expected, "{}", &image[..image.len().min(40)]);
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_the_largest() {
        for (model, expected) in [
            ("gpt-5.6-luna", 36_000),
            ("gpt-4o", 1_445),
            ("claude-opus-5", 4_784),
            ("gemini-2.5-pro", 31_218),
            ("anything", 36_000),
        ] {
            assert_eq!(tokens(model, "////"), expected, "{model}");
            assert!(
                tokens(model, &png(u32::MAX, u32::MAX)) <= expected,
                "{model}"
            );
        }
    }
}
