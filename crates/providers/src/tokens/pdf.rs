//! The tokens of a PDF document, from above: by its pages.

use std::io::Read;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::names::of_model;

/// The most tokens for a page: its text and a picture of it.
///
/// - Anthropic: 1,500 to 3,000 for the text, and the picture as any image of up to 1,568
///   (<https://platform.claude.com/docs/en/build-with-claude/pdf-support>); measured, 2,350 to 2,480
///   for dense pages. Checked 2026-11-22.
/// - Google: 560 for a page of Gemini 3 where nothing is said, 1,120 at most, 258 before it; its text
///   is free (<https://ai.google.dev/gemini-api/docs/media-resolution>). Checked 2026-11-22.
/// - OpenAI and whoever passes it on: text and picture as well
///   (<https://developers.openai.com/api/docs/guides/pdf-files>), the picture as one of GPT-5.4.
///   Checked 2026-11-22.
const PER_PAGE: &[(&[&str], u64)] = &[(&["claude-*"], 4_568), (&["gemini-*"], 1_120)];
const PER_PAGE_ELSEWHERE: u64 = 6_000;

/// The most pages that any provider takes, which is Google.
const MOST_PAGES: u64 = 1_000;

/// The fewest bytes that a page takes in a file, where pages cannot be counted.
const SMALLEST_PAGE: u64 = 256;

/// Bytes of packed objects that are unpacked to count pages in them.
const MOST_UNPACKED: u64 = 64 << 20;

/// How far behind its kind a stream's bytes begin.
const LONGEST_DICTIONARY: usize = 4_096;

/// The most tokens that this model counts for a document with these bytes, in Base64.
pub(super) fn tokens(model: &str, base64: &str) -> u64 {
    let per_page = of_model(PER_PAGE, model).unwrap_or(PER_PAGE_ELSEWHERE);
    pages(base64) * per_page
}

/// The most pages that a document can have.
fn pages(base64: &str) -> u64 {
    let counted = BASE64_STANDARD.decode(base64).ok();
    let counted = counted.and_then(|bytes| counted_pages(&bytes));
    let bytes = u64::try_from(base64.len() / 4 * 3).unwrap_or(u64::MAX);
    let pages = counted.unwrap_or_else(|| bytes.div_ceil(SMALLEST_PAGE));
    pages.clamp(1, MOST_PAGES)
}

/// The pages, as far as their objects can be found: in the open, or packed with others into a
/// stream. Those of earlier versions of the document count too. None when there may be others.
fn counted_pages(bytes: &[u8]) -> Option<u64> {
    // The streams of an encrypted document cannot be unpacked.
    if memmem::find(bytes, b"/Encrypt").is_some() {
        return None;
    }
    let mut pages = kinds(bytes, b"Page").count() as u64;
    let mut left = MOST_UNPACKED;
    for at in kinds(bytes, b"ObjStm") {
        let unpacked = unpacked(bytes.get(at..)?, left)?;
        left = left.checked_sub(unpacked.len() as u64)?;
        pages += kinds(&unpacked, b"Page").count() as u64;
    }
    (pages > 0).then_some(pages)
}

/// Where objects of this kind say so: behind `/Type`, white space and the kind's name.
fn kinds<'a>(bytes: &'a [u8], kind: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(bytes, b"/Type").filter_map(move |at| {
        let rest = bytes.get(at + 5..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b"/")?.strip_prefix(kind)?;
        let ends = rest.first().is_none_or(|next| !is_regular(*next));
        ends.then_some(bytes.len() - rest.len())
    })
}

/// Whether a name goes on with this byte.
const fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | 0x0c
            | b'\r'
            | b' '
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

/// The bytes of the stream whose dictionary goes on here; none when they cannot be unpacked, or are
/// more than so many.
fn unpacked(rest: &[u8], most: u64) -> Option<Vec<u8>> {
    let head = rest.get(..rest.len().min(LONGEST_DICTIONARY))?;
    let begins = memmem::find(head, b"stream")? + b"stream".len();
    let packed = rest.get(begins..)?;
    let packed = packed.strip_prefix(b"\r").unwrap_or(packed);
    let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
    let mut bytes = Vec::new();
    let read = ZlibDecoder::new(packed)
        .take(most + 1)
        .read_to_end(&mut bytes);
    read.ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    const PAGE: &str = "<< /Type /Page /Parent 2 0 R >> ";

    fn packed(objects: &str) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(objects.as_bytes()).unwrap();
        let bytes = encoder.finish().unwrap();
        let mut stream = format!(
            "5 0 obj << /Type /ObjStm /N 3 /Filter /FlateDecode /Length {} >> stream\r\n",
            bytes.len()
        )
        .into_bytes();
        stream.extend(bytes);
        stream.extend(b"\r\nendstream endobj ");
        stream
    }

    fn counted(parts: &[&[u8]]) -> Option<u64> {
        counted_pages(&[b"%PDF-1.7\n", &parts.concat()[..], b"%%EOF"].concat())
    }

    #[test]
    fn pages_are_counted_in_the_open_and_packed() {
        let open = "<</Type/Page/Parent 2 0 R>> << /Type\n  /Page>> <</Type/Page";
        for (parts, expected) in [
            (vec![PAGE.as_bytes().to_vec()], Some(1)),
            (vec![open.as_bytes().to_vec()], Some(3)),
            (
                vec![b"<< /Type /Pages /Count 9 >> /Type /PageLabel ".to_vec()],
                None,
            ),
            (vec![packed(&PAGE.repeat(40))], Some(40)),
            (
                vec![packed(&PAGE.repeat(40)), packed("no pages"), packed(PAGE)],
                Some(41),
            ),
            (
                vec![PAGE.repeat(2).into_bytes(), packed(&PAGE.repeat(3))],
                Some(5),
            ),
            (vec![b"no pages at all".to_vec()], None),
            (vec![], None),
        ] {
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            assert_eq!(counted(&parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn where_more_may_be_hidden_nothing_is_counted() {
        let whole = packed(&PAGE.repeat(40));
        let bomb = packed(&" ".repeat(usize::try_from(MOST_UNPACKED).unwrap() + 1));
        let open = PAGE.as_bytes();
        assert_eq!(counted(&[open, &whole[..100]]), None, "cut");
        assert_eq!(counted(&[open, b"<</Encrypt 9 0 R>>"]), None, "encrypted");
        assert_eq!(
            counted(&[open, b"<</Type/ObjStm>>stream\nodd"]),
            None,
            "not packed as said"
        );
        assert_eq!(counted(&[open, b"<</Type/ObjStm>>"]), None, "no stream");
        assert_eq!(counted(&[open, &bomb]), None, "too much");
    }

    #[test]
    fn bytes_of_any_kind_are_survived() {
        let whole = [PAGE.as_bytes(), &packed(PAGE)].concat();
        for at in 0..whole.len() {
            let _ = counted_pages(&whole[..at]);
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            let _ = counted_pages(&changed);
        }
    }

    #[test]
    fn a_document_costs_its_pages_and_no_more_than_a_provider_takes() {
        let three = BASE64_STANDARD.encode(PAGE.repeat(3));
        for (model, expected) in [
            ("claude-opus-5", 3 * 4_568),
            ("gemini-3.5-flash", 3 * 1_120),
            ("gpt-5.6-terra", 3 * 6_000),
        ] {
            assert_eq!(tokens(model, &three), expected, "{model}");
        }
        assert_eq!(pages(&BASE64_STANDARD.encode("x".repeat(2_560))), 11);
        assert_eq!(pages(&BASE64_STANDARD.encode(vec![7; 1 << 18])), MOST_PAGES);
        assert_eq!(
            pages(&BASE64_STANDARD.encode(PAGE.repeat(3_000))),
            MOST_PAGES
        );
        assert_eq!(pages("no Base64"), 1);
    }
}
