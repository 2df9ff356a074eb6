//! Files that go with what a person says: images and documents, known by what is in them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use slipway_contract::message::{Attachment, Media, NewFile};
use slipway_contract::{ErrorCode, Problem};

/// The most files that go with one message.
const MOST_FILES: usize = 20;

/// The most characters of a file's name.
const LONGEST_NAME: usize = 255;

/// The most bytes of one file.
const LARGEST: u64 = 20 << 20;

/// The most bytes of all files.
const LARGEST_TOGETHER: u64 = 32 << 20;

/// Reads these files, and takes those that the window has read.
pub(super) async fn read(
    paths: Vec<PathBuf>,
    files: Vec<NewFile>,
) -> Result<Vec<Attachment>, Problem> {
    if paths.is_empty() && files.is_empty() {
        return Ok(Vec::new());
    }
    let read = tokio::task::spawn_blocking(move || read_all(&paths, &files)).await;
    read.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?
}

fn read_all(paths: &[PathBuf], files: &[NewFile]) -> Result<Vec<Attachment>, Problem> {
    let count = paths.len() + files.len();
    if count > MOST_FILES {
        return Err(refused(format!(
            "{count} files are attached, and a message takes at most {MOST_FILES}"
        ))
        .help("Attach those that matter, or put the pages into one PDF."));
    }
    let mut together = 0;
    let mut attachments = Vec::with_capacity(count);
    let mut attach = |shown: &str, name: String, bytes: &[u8]| {
        together += bytes.len() as u64;
        if together > LARGEST_TOGETHER {
            return Err(refused(format!(
                "the attached files have more than {} MiB in all, up to {shown}",
                LARGEST_TOGETHER >> 20,
            ))
            .help("Attach fewer, or make them smaller."));
        }
        let media = Media::of(bytes).ok_or_else(|| other_kind(shown, bytes))?;
        let data = BASE64_STANDARD.encode(bytes).into();
        attachments.push(Attachment { name, media, data });
        Ok(())
    };
    for path in paths {
        let bytes = checked(&path.display().to_string(), bytes_of(path)?)?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        attach(&path.display().to_string(), name, &bytes)?;
    }
    for file in files {
        // The window says what it likes; a name is no path, and is no longer than anybody reads.
        let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let bytes = BASE64_STANDARD.decode(&file.data).map_err(|_| {
            refused(format!("the attached file {name} did not arrive whole"))
                .help("Attach it again.")
        })?;
        let bytes = checked(&name, bytes)?;
        attach(&name.clone(), name, &bytes)?;
    }
    Ok(attachments)
}

/// The same bytes, if a file may have so many.
fn checked(shown: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Problem> {
    if bytes.is_empty() {
        return Err(refused(format!("the attached file {shown} is empty")));
    }
    if bytes.len() as u64 > LARGEST {
        return Err(refused(format!(
            "the attached file {shown} is larger than {} MiB",
            LARGEST >> 20
        ))
        .help("Make it smaller: models scale large images down in any case."));
    }
    Ok(bytes)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: &io::Error| {
        refused(format!(
            "the attached file {} could not be read: {error}",
            path.display()
        ))
    };
    // A pipe or a device may never end, and opening one may wait for its other side.
    let about = path.metadata().map_err(|error| unreadable(&error))?;
    if !about.is_file() {
        return Err(refused(format!(
            "{} cannot be attached: it is no file",
            path.display()
        )));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

fn other_kind(shown: &str, bytes: &[u8]) -> Problem {
    let problem = refused(format!(
        "{shown} cannot be attached: by what is in it, it is no PNG, JPEG, GIF or WebP image and no PDF document"
    ));
    let is_text = |text: &str| !text.contains(|c: char| c.is_control() && !c.is_whitespace());
    if std::str::from_utf8(bytes).is_ok_and(is_text) {
        problem.help("It is text: say it with --input @FILE, or put the file into the agent's folder and name it in the input.")
    } else {
        problem.help("Convert it to one of these.")
    }
}

fn refused(message: String) -> Problem {
    Problem::new(ErrorCode::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn file(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn files_are_known_by_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        for (bytes, media) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Media::Png),
            (b"\xff\xd8\xff\xe0", Media::Jpeg),
            (b"GIF89a;", Media::Gif),
            (b"RIFF\x04\0\0\0WEBPVP8 ", Media::Webp),
            (b"%PDF-1.7\n", Media::Pdf),
        ] {
            let path = file(&folder, "named-otherwise.txt", bytes);
            let read = read_all(&[path], &[]).unwrap();
            assert_eq!(read[0].media, media);
            assert_eq!(read[0].name, "named-otherwise.txt");
            assert_eq!(BASE64_STANDARD.decode(&*read[0].data).unwrap(), bytes);
            assert_eq!(read[0].bytes(), bytes.len() as u64);
        }
    }

    #[test]
    fn what_cannot_be_attached_is_named_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let png = |size: usize| [&b"\x89PNG\r\n\x1a\n"[..], &vec![0; size]].concat();
        let half = file(&folder, "half.png", &png(17 << 20));
        let small = file(&folder, "small.png", &png(8));
        for (paths, says, helps) in [
            (
                vec![folder.path().join("gone.png")],
                "gone.png could not be read",
                "",
            ),
            (vec![folder.path().to_owned()], "it is no file", ""),
            (
                vec![file(&folder, "empty.pdf", b"")],
                "empty.pdf is empty",
                "",
            ),
            (
                vec![file(&folder, "huge.png", &png(20 << 20))],
                "larger than 20 MiB",
                "smaller",
            ),
            (vec![half.clone(), half], "more than 32 MiB in all", "fewer"),
            (
                vec![small; 21],
                "21 files are attached, and a message takes at most 20",
                "PDF",
            ),
            (
                vec![file(&folder, "a.png", b"RIFF\x04\0\0\0WAVE")],
                "a.png cannot be attached",
                "Convert",
            ),
            (
                vec![file(&folder, "b.pdf", b"plain words")],
                "b.pdf cannot be attached",
                "--input @FILE",
            ),
        ] {
            let problem = read_all(&paths, &[]).unwrap_err();
            assert_eq!(problem.code, ErrorCode::InvalidInput);
            assert!(problem.message.contains(says), "{problem}");
            assert!(problem.help.unwrap_or_default().contains(helps), "{says}");
        }
    }

    #[test]
    fn what_the_window_read_is_checked_alike() {
        let file = |name: &str, bytes: &[u8]| NewFile {
            name: name.to_owned(),
            data: BASE64_STANDARD.encode(bytes),
        };
        let png = file("../../etc/photo.png", b"\x89PNG\r\n\x1a\n...");
        let read = read_all(&[], &[png]).unwrap();
        assert_eq!(
            (read[0].name.as_str(), read[0].media),
            ("photo.png", Media::Png)
        );
        let broken = NewFile {
            name: "b.png".to_owned(),
            data: "no base64!".to_owned(),
        };
        for (file, says) in [
            (
                file("a.svg", b"<svg onload=alert(1)>"),
                "a.svg cannot be attached",
            ),
            (file("e.pdf", b""), "e.pdf is empty"),
            (broken, "b.png did not arrive whole"),
        ] {
            let problem = read_all(&[], &[file]).unwrap_err();
            assert!(problem.message.contains(says), "{problem}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe.png");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let problem = read_all(&[path], &[]).unwrap_err();
        assert!(problem.message.contains("it is no file"), "{problem}");
    }
}
