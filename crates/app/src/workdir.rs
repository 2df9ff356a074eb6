//! Where an imported agent finds what it was made with. Its own working folder is made when a run
//! starts, with the package's `files/` in it. When it works in another folder, nothing is put
//! there: the files lie in the home, and paths from `files` on lead to them.

use std::path::{Path, PathBuf};

use slipway_agent::package::{Existing, Files, Package, PackagePath};
use slipway_contract::{ErrorCode, Problem};

use crate::App;
use crate::problem::{from_io, from_package};
use crate::target::Found;

impl App {
    /// The folder of an imported package's `files/` for a run that works in another folder than
    /// the package's own; none where the package has no files.
    pub(crate) fn package_files(&self, found: &Found) -> Option<PathBuf> {
        let is_elsewhere = found.folder().is_none() && !found.own_workdir;
        let has_files = own_files(&found.package).next().is_some();
        (is_elsewhere && has_files).then(|| {
            let packages = self.home().folder().join("packages");
            let version = found.package.content_hash().to_string();
            packages.join(version).join("files")
        })
    }
}

/// Puts the version's `files/` there, unless they are there as they should be.
pub(crate) fn keep_files(folder: &Path, package: &Package) -> Result<(), Problem> {
    let Some(place) = folder.parent() else {
        return Ok(());
    };
    let files = own_files(package).map(|(path, bytes)| (path.clone(), bytes.to_vec()));
    let files = Files::from_entries(files).map_err(|error| from_package(&error))?;
    if Files::read_folder(place).is_ok_and(|there| there == files) {
        return Ok(());
    }
    if let Some(above) = place.parent() {
        std::fs::create_dir_all(above).map_err(|error| from_io("made", above, &error))?;
    }
    files
        .write_folder(place, Existing::Update)
        .map_err(|error| from_package(&error))
}

fn own_files(package: &Package) -> impl Iterator<Item = (&PackagePath, &[u8])> {
    let files = package.files().iter();
    files.filter(|(path, _)| path.as_str().starts_with("files/"))
}

/// Makes the folder and puts the version's `files/` there; what else lies in it stays as it is.
pub(crate) fn furnish(folder: &Path, package: &Package) -> Result<(), Problem> {
    std::fs::create_dir_all(folder).map_err(|error| from_io("made", folder, &error))?;
    own_files(package).try_for_each(|(path, bytes)| put(folder, path.as_str(), bytes))
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
    use serde_json::json;
    use slipway_runner::testing::Answer;

    use super::*;
    use crate::testing::{Desk, run};
    use crate::{Outcome, RunOptions, Target};

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

    #[tokio::test]
    async fn an_imported_agent_that_works_elsewhere_reads_its_own_files() {
        let read = |path: &str| Answer::tool("1", "read_file", &json!({ "path": path }));
        let desk = Desk::new([read("files/rates.csv"), Answer::text("Done.")]);
        let app = desk.app().await;
        let rest = "[[tools]]\nuse = \"read_file\"\n[permissions]\nfiles = [\"read:./files\"]\n";
        let place = desk.clerk("own", rest);
        std::fs::create_dir(place.join("files")).unwrap();
        std::fs::write(place.join("files/rates.csv"), "EUR,1.08\n").unwrap();
        app.import(&place, false).await.unwrap();
        std::fs::create_dir_all(desk.path("elsewhere/files")).unwrap();
        std::fs::write(desk.path("elsewhere/files/rates.csv"), "another\n").unwrap();
        let options = RunOptions {
            workdir: Some(desk.path("elsewhere")),
            ..RunOptions::default()
        };
        let target = Target::Agent("clerk".parse().unwrap());
        let report = run(&app, &target, options).await.unwrap();
        assert!(
            matches!(report.outcome, Outcome::Ended(_)),
            "nothing is asked"
        );
        let told = format!("{:?}", desk.server.requests()[1]);
        assert!(told.contains("EUR,1.08"), "{told}");
        assert!(!told.contains("another"), "{told}");
        let left = std::fs::read(desk.path("elsewhere/files/rates.csv")).unwrap();
        assert_eq!(left, b"another\n", "nothing is put into the other folder");
        let kept = std::fs::read_dir(app.home().folder().join("packages")).unwrap();
        assert_eq!(kept.count(), 1);
    }
}
