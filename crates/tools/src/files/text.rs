//! Bytes as text.

use std::io::Read;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A file's text, and how it was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) content: String,
    pub(crate) encoding: &'static Encoding,
}

/// Why bytes are no text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Binary;

/// Reads bytes as text: as their byte order mark says, else as UTF-8, else as Windows-1252,
/// which every byte fits. Text holds no NUL.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Text, Binary> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (content, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if broken || content.contains('\0') {
            return Err(Binary);
        }
        let content = content.into_owned();
        return Ok(Text { content, encoding });
    }
    if bytes.contains(&0) {
        return Err(Binary);
    }
    match String::from_utf8(bytes) {
        Ok(content) => Ok(Text {
            content,
            encoding: UTF_8,
        }),
        Err(error) => {
            let bytes = error.into_bytes();
            // Compressed data without a NUL still has many control characters.
            let odd = bytes
                .iter()
                .filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
                .count();
            if odd * 100 > bytes.len() {
                return Err(Binary);
            }
            let (content, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            Ok(Text {
                content: content.into_owned(),
                encoding: WINDOWS_1252,
            })
        }
    }
}

/// Reads at most `most` bytes; none when there are more.
pub(crate) fn read_at_most(from: impl Read, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|read| read <= most);
    Ok(fits.then_some(bytes))
}

/// A number of bytes as people read it.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    for (unit, worth) in UNITS {
        if bytes >= worth {
            let tenths = bytes / (worth / 10);
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE};

    use super::*;

    #[test]
    fn text_is_read_as_it_was_written() {
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            std::iter::once(0xfeff)
                .chain(text.encode_utf16())
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        for (bytes, encoding) in [
            ("Größe".as_bytes().to_vec(), UTF_8),
            ("\u{feff}Größe".as_bytes().to_vec(), UTF_8),
            (utf16("Größe", false), UTF_16LE),
            (utf16("Größe", true), UTF_16BE),
            (b"Gr\xf6\xdfe".to_vec(), WINDOWS_1252),
        ] {
            let text = decode(bytes).expect("text");
            assert_eq!((text.content.as_str(), text.encoding), ("Größe", encoding));
        }
    }

    #[test]
    fn binary_data_is_no_text() {
        for bytes in [
            b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(),
            b"PK\x03\x04\x14\x00".to_vec(),
            (1..=255).collect(),
            b"\xff\xfea\0\0\0".to_vec(),
        ] {
            assert_eq!(decode(bytes.clone()), Err(Binary), "{bytes:?}");
        }
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(200_000_000), "200.0 MB");
    }
}
