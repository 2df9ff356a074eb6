//! An imported agent's own working folder: made when a run starts, with the package's `files/`
//! in it, so that the agent finds what it was made with.

use std::path::Path;

use slipway_agent::package::Package;
use slipway_contract::{ErrorCode, Problem};

use crate::problem::from_io;

/// Makes the folder and puts the version's `files/` there; what else lies in it stays as it is.
pub(crate) fn furnish(folder: &Path, package: &Package) -> Result<(), Problem> {
    std::fs::create_dir_all(folder).map_err(|error| from_io("made", folder, &error))?;
    for (path, bytes) in package.files().iter() {
        let path = path.as_str();
        if path.starts_with("files/") {
            put(folder, path, bytes)?;
        }
    }
    Ok(())
}

fn put(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Problem> {
    let mut place = folder.to_path_buf();
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        place.push(name);
        if place.is_symlink() {
            let message = format!(
                "{} is a link, and the agent's files are not written through links",
                place.display()
            );
            return Err(Problem::new(ErrorCode::Conflict, message).help("Remove the link."));
        }
        if names.peek().is_some() {
            match std::fs::create_dir(&place) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(from_io("made", &place, &error));
                }
                _ => {}
            }
        }
    }
    if std::fs::read(&place).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    std::fs::write(&place, bytes).map_err(|error| from_io("written", &place, &error))
}

#[cfg(test)]
mod tests {
    use slipway_agent::package::Files;

    use super::*;

    fn package() -> Package {
        let package = Package::new_from_template(&"clerk".parse().unwrap()).unwrap();
        let files: Files = package
            .files()
            .clone()
            .with("files/letters/a.md".parse().unwrap(), b"Dear all".to_vec())
            .unwrap();
        Package::from_files(files, &["read_file", "calculator", "clock", "list_files"]).unwrap()
    }

    #[test]
    fn an_agent_finds_its_files_and_keeps_what_it_made() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("work/clerk");
        furnish(&folder, &package()).unwrap();
        std::fs::write(folder.join("notes.txt"), "mine").unwrap();
        std::fs::write(folder.join("files/letters/a.md"), "changed").unwrap();
        furnish(&folder, &package()).unwrap();
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
        assert_eq!(read("files/letters/a.md"), "Dear all");
        assert_eq!(read("notes.txt"), "mine");
        assert!(
            !folder.join("agent.toml").exists(),
            "only files/ is put there"
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("work");
        std::fs::create_dir(&folder).unwrap();
        std::fs::create_dir(home.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(home.path().join("elsewhere"), folder.join("files")).unwrap();
        assert!(furnish(&folder, &package()).is_err());
        assert_eq!(
            std::fs::read_dir(home.path().join("elsewhere"))
                .unwrap()
                .count(),
            0
        );
    }
}
