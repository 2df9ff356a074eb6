//! The files that go with a conversation, cut out of what is kept of a request: the run has them,
//! and a log that kept them again with every call would soon hold nothing else.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use memchr::memmem;
use sha2::{Digest as _, Sha256};
use slipway_contract::ContentHash;
use slipway_contract::message::{Attachment, Message};
use slipway_contract::wire::WireFile;
use slipway_net::Scrubber;

/// Shorter ones stay: a note in their place saves little.
const WORTH_CUTTING: usize = 2 << 10;
/// By so much of its beginning a file is looked for. All of it is compared where that stands.
const TELLING: usize = 64;

/// A body without the files that were in it.
#[derive(Debug)]
pub(super) struct CutOut {
    /// What stood before each file, and after the last.
    between: Vec<Vec<u8>>,
    files: Vec<Attachment>,
}

/// The body without the files of these messages; none where there is none in it.
pub(super) fn cut_out(body: &[u8], messages: &[Message]) -> Option<CutOut> {
    let attached = messages.iter().filter_map(|message| match message {
        Message::User { attachments, .. } => Some(attachments),
        _ => None,
    });
    let mut places: Vec<(usize, &Attachment)> = Vec::new();
    let mut from = 0;
    for file in attached.flatten() {
        let data = file.data.as_bytes();
        if data.len() < WORTH_CUTTING {
            continue;
        }
        // They stand there in the order of the conversation.
        let place = find(body, data, from);
        let place =
            place.or_else(|| find(body, data, 0).filter(|place| is_free(&places, *place, data)));
        if let Some(place) = place {
            places.push((place, file));
            from = from.max(place + data.len());
        }
    }
    places.sort_by_key(|(place, _)| *place);
    let (mut between, mut files) = (Vec::new(), Vec::new());
    let mut from = 0;
    for (place, file) in places {
        between.push(body.get(from..place)?.to_vec());
        files.push(file.clone());
        from = place + file.data.len();
    }
    between.push(body.get(from..)?.to_vec());
    (!files.is_empty()).then_some(CutOut { between, files })
}

/// Where these bytes stand at this place or after it.
fn find(body: &[u8], data: &[u8], from: usize) -> Option<usize> {
    let beginning = data.get(..TELLING)?;
    let rest = body.get(from..)?;
    memmem::find_iter(rest, beginning)
        .map(|at| from + at)
        .find(|at| body.get(*at..at + data.len()) == Some(data))
}

fn is_free(places: &[(usize, &Attachment)], place: usize, data: &[u8]) -> bool {
    places
        .iter()
        .all(|(taken, file)| place + data.len() <= *taken || taken + file.data.len() <= place)
}

impl CutOut {
    /// Bytes that are left.
    pub(super) fn bytes(&self) -> usize {
        self.between.iter().map(Vec::len).sum()
    }

    /// The body with a note in the place of each file. What is secret goes from between.
    pub(super) fn noted(self, secrets: &Scrubber) -> (Vec<u8>, Vec<WireFile>) {
        let (mut body, mut files) = (Vec::new(), Vec::new());
        let mut hashed: Vec<(Attachment, ContentHash)> = Vec::new();
        let mut attached = self.files.into_iter();
        for between in self.between {
            body.extend_from_slice(&secrets.bytes(between));
            let Some(file) = attached.next() else {
                break;
            };
            let known = hashed.iter().find(|(known, _)| *known == file);
            let sha256 = known.map_or_else(|| hash(&file), |(_, hash)| *hash);
            let noted = WireFile {
                name: secrets.text(&file.name).into_owned(),
                media: file.media,
                bytes: file.bytes(),
                sha256,
                at: body.len() as u64,
            };
            body.extend_from_slice(noted.note().as_bytes());
            files.push(noted);
            hashed.push((file, sha256));
        }
        (body, files)
    }
}

/// Of the file itself: what a person can compare with a file of their own.
fn hash(file: &Attachment) -> ContentHash {
    let bytes = BASE64_STANDARD.decode(file.data.as_bytes());
    let bytes = bytes.unwrap_or_else(|_| file.data.as_bytes().to_vec());
    ContentHash::from_bytes(Sha256::digest(&bytes).into())
}

#[cfg(test)]
mod tests {
    use slipway_contract::message::Media;

    use super::*;

    fn file(name: &str, seed: u8, length: usize) -> Attachment {
        // They begin alike, as images of one program do.
        let mut bytes = b"\x89PNG\r\n\x1a\n".repeat(12);
        bytes.resize(length, seed);
        Attachment {
            name: name.to_owned(),
            media: Media::Png,
            data: BASE64_STANDARD.encode(&bytes).into(),
        }
    }

    fn said(attachments: &[&Attachment]) -> Message {
        Message::User {
            text: "Look.".to_owned(),
            attachments: attachments.iter().copied().cloned().collect(),
        }
    }

    fn noted(body: &str, messages: &[Message]) -> (String, Vec<WireFile>) {
        let cut = cut_out(body.as_bytes(), messages).unwrap();
        let left = body.len() - cut.files.iter().map(|file| file.data.len()).sum::<usize>();
        assert_eq!(cut.bytes(), left);
        let (noted, files) = cut.noted(&Scrubber::unencoded(&["hidden"]));
        (String::from_utf8(noted).unwrap(), files)
    }

    #[test]
    fn a_note_stands_in_the_place_of_each_file() {
        let (a, b) = (file("a.png", 1, 3_000), file("b.png", 2, 70_000));
        let body = format!(
            r#"["{}","data:image/png;base64,{}","hidden","{}"]"#,
            a.data, b.data, a.data
        );
        // In the order of the conversation, and in another; one that was said is not sent.
        let gone = file("gone.png", 3, 9_000);
        for messages in [
            vec![said(&[&a, &gone, &b]), said(&[&a])],
            vec![said(&[&b]), said(&[&a, &a])],
        ] {
            let (noted, files) = noted(&body, &messages);
            let [first, second, third] = files.as_slice() else {
                panic!("{files:?}");
            };
            assert_eq!(
                [&first.name, &second.name, &third.name],
                ["a.png", "b.png", "a.png"]
            );
            let expected = format!(
                r#"["{}","data:image/png;base64,{}","[secret]","{}"]"#,
                first.note(),
                second.note(),
                third.note()
            );
            assert_eq!(noted, expected);
            assert!(serde_json::from_str::<serde_json::Value>(&noted).is_ok());
            for file in &files {
                let at = usize::try_from(file.at).unwrap();
                assert!(noted[at..].starts_with(&file.note()));
            }
            let bytes = BASE64_STANDARD.decode(b.data.as_bytes()).unwrap();
            assert_eq!(second.bytes, 70_000);
            assert_eq!(
                second.sha256.to_string(),
                data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
            );
        }
    }

    #[test]
    fn what_is_short_or_not_there_stays() {
        let (small, large) = (file("s.png", 1, 200), file("l.png", 1, 9_000));
        let body = format!(r#"["{}","{}"]"#, small.data, &large.data[..8_000]);
        assert!(cut_out(body.as_bytes(), &[said(&[&small, &large])]).is_none());
        assert!(cut_out(b"", &[said(&[&large])]).is_none());
        assert!(cut_out(large.data.as_bytes(), &[]).is_none());
    }
}
