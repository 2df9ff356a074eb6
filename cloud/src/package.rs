//! Packages as they come in and go out: read by the engine's own reader, and nothing of them is run.

mod incoming;
mod outgoing;

use slipway_agent::package::{Files, MAX_MANIFEST_BYTES, Package, PackageError};
use slipway_contract::ContentHash;
use slipway_contract::cloud::{FieldProblem, ProblemCode};
use toml::de::DeTable;

use crate::failure::{Failure, Refusal};
use crate::quotas::ARCHIVE_BYTES;

pub use self::incoming::{UPLOADS, UPLOADS_OF_ONE, Upload, receive};
pub use self::outgoing::answer;

/// The type of an archive.
pub const KIND: &str = "application/zip";

/// An archive in the API's description: bytes.
#[derive(Debug, Clone, Copy)]
pub struct Archive;

impl utoipa::PartialSchema for Archive {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .into()
    }
}

impl utoipa::ToSchema for Archive {}

/// A package that was read and is whole.
#[derive(Debug, Clone)]
pub struct Received {
    /// The hash of its files.
    pub hash: ContentHash,
    /// How many files it has.
    pub files: usize,
    /// Its archive in the one form that its files have, whatever the sender's was.
    pub archive: Vec<u8>,
}

/// Reads an archive, apart from the threads that answer requests.
///
/// # Errors
/// Everything that is wrong with it.
pub async fn read(archive: bytes::Bytes) -> Result<Received, Failure> {
    apart((), move || unpack(&archive)).await?.0
}

/// Works apart from the threads that answer requests. Nothing stops such work: if who asked for it goes meanwhile,
/// what is held for it is held until it is done.
async fn apart<T: Send + 'static, H: Send + 'static>(
    held: H,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<(T, H), Failure> {
    tokio::task::spawn_blocking(move || (work(), held))
        .await
        .map_err(|error| Failure::Internal(format!("an archive's thread: {error}")))
}

fn unpack(archive: &[u8]) -> Result<Received, Failure> {
    let files = Files::read_archive(archive).map_err(|error| refused(&error))?;
    if files.total_bytes() > ARCHIVE_BYTES as u64 {
        return Err(too_large());
    }
    let tools = named_tools(&files);
    let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
    let package = Package::from_files(files, &tools).map_err(|error| refused(&error))?;
    let archive = package
        .files()
        .to_archive()
        .map_err(|error| refused(&error))?;
    if archive.len() > ARCHIVE_BYTES {
        return Err(too_large());
    }
    Ok(Received {
        hash: package.content_hash(),
        files: package.files().len(),
        archive,
    })
}

/// The tools that a manifest names, which all count as known: which ones there are is for the program
/// to say that runs the agent, and that may be newer than this server.
fn named_tools(files: &Files) -> Vec<String> {
    let manifest = files.get("agent.toml");
    let manifest = manifest.filter(|bytes| bytes.len() as u64 <= MAX_MANIFEST_BYTES);
    let text = manifest.and_then(|bytes| std::str::from_utf8(bytes).ok());
    let Some(table) = text.and_then(|text| DeTable::parse(text).ok()) else {
        return Vec::new();
    };
    let tools = table.get_ref().get("tools");
    let tools = tools.and_then(|tools| tools.get_ref().as_array());
    let used = tools.into_iter().flatten().filter_map(|tool| {
        let used = tool.get_ref().as_table()?.get("use")?;
        Some(used.get_ref().as_str()?.to_owned())
    });
    used.collect()
}

fn too_large() -> Failure {
    Failure::new(
        ProblemCode::TooLarge,
        format!("The package is larger than {} MiB.", ARCHIVE_BYTES >> 20),
    )
}

fn refused(error: &PackageError) -> Failure {
    let errors = error.findings().iter().map(|finding| FieldProblem {
        at: finding.file.clone(),
        detail: finding.to_string(),
    });
    let errors: Vec<_> = errors.collect();
    Failure::Problem(Box::new(Refusal {
        code: ProblemCode::Invalid,
        detail: match errors.len() {
            0 => format!("The package is refused: {error}."),
            1 => "The package is not valid: 1 finding.".to_owned(),
            n => format!("The package is not valid: {n} findings."),
        },
        errors,
        retry_after: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(tools: &str) -> Vec<u8> {
        let manifest = format!(
            "format = 1\n[agent]\nname = \"counter\"\n[model]\nuse = \"local/any\"\n{tools}"
        );
        let entries = [
            ("agent.toml", manifest.as_str()),
            ("instructions.md", "Count."),
        ];
        let entries = entries.map(|(path, text)| (path.parse().unwrap(), text.into()));
        Files::from_entries(entries).unwrap().to_archive().unwrap()
    }

    #[test]
    fn a_tool_that_this_server_does_not_know_is_no_fault() {
        let read = unpack(&archive("[[tools]]\nuse = \"from_the_future\"\n")).unwrap();
        assert_eq!(read.files, 2);
        let wrong = unpack(&archive("[[tools]]\nuse = \"../x\"\n")).unwrap_err();
        assert_eq!(wrong.refusal().code, ProblemCode::Invalid);
    }

    #[tokio::test]
    async fn work_holds_its_place_also_when_nobody_waits_for_it_any_more() {
        let place = std::sync::Arc::new(());
        let there = std::sync::Arc::downgrade(&place);
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let asked = tokio::spawn(apart(place, move || {
            begin.send(()).unwrap();
            ended.recv()
        }));
        begun.await.unwrap();
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        assert_eq!(there.strong_count(), 1);
        drop(end);
        while there.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn an_archive_is_kept_in_its_one_form() {
        let plain = archive("");
        let read = unpack(&plain).unwrap();
        assert_eq!(read.archive, plain);
        for wrong in [&b""[..], b"PK", &plain[..plain.len() - 1]] {
            assert_eq!(
                unpack(wrong).unwrap_err().refusal().code,
                ProblemCode::Invalid
            );
        }
    }
}
