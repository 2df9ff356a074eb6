//! Recordings of runs with files: their hashes are kept, and other files do not fit.

use slipway_contract::message::Media;

use super::playing::mismatch;
use super::*;

fn file(name: &str, media: Media, data: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media,
        data: data.into(),
    }
}

fn with(attachments: Vec<Attachment>) -> World {
    World {
        attachments,
        ..World::default()
    }
}

/// `abc` and `abd`, of which the one hash is in FIPS 180-2.
fn files() -> Vec<Attachment> {
    vec![
        file("a.png", Media::Png, "YWJj"),
        file("b.pdf", Media::Pdf, "YWJk"),
    ]
}

async fn recorded_with_files() -> Recording {
    record(&with(files()).live().await.events, "").unwrap()
}

#[tokio::test]
async fn a_recording_keeps_hashes_and_no_bytes_and_is_read_again() {
    let recording = recorded_with_files().await;
    let bytes = recording.to_bytes().unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert!(!text.contains("YWJj"), "{text}");
    assert_eq!(Recording::parse(&bytes).unwrap(), recording);
}

#[tokio::test]
async fn the_same_files_are_played() {
    let played = with(files()).play(&recorded_with_files().await).await;
    assert_eq!(played.end.status, RunStatus::Succeeded, "{:?}", played.end);
}

#[tokio::test]
async fn other_files_are_a_mismatch_that_names_them() {
    let recording = recorded_with_files().await;
    let [png, pdf] = files().try_into().unwrap();
    let changed = file("b.pdf", Media::Pdf, "YWJj");
    let renamed = file("c.pdf", Media::Pdf, "YWJk");
    for (files, says) in [
        (vec![png.clone(), changed], "b.pdf is another one now"),
        (vec![png.clone(), renamed], "was b.pdf and is c.pdf now"),
        (vec![png.clone()], "b.pdf was attached and is not now"),
        (vec![], "a.png was attached and is not now"),
        (vec![png.clone(), pdf, png], "a.png was not attached then"),
    ] {
        let played = with(files).play(&recording).await;
        let message = mismatch(&played);
        assert!(message.contains(says), "{message}");
    }
    let plain = recorded().await;
    let played = with(files()).play(&plain).await;
    assert!(mismatch(&played).contains("a.png was not attached then"));
}
