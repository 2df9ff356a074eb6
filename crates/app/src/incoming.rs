//! Packages that were dropped on the window: bytes without a place of their own, kept until the next one comes.

use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use slipway_contract::{ErrorCode, Problem};

use crate::{App, MAX_PACKAGE_BYTES};

/// The longest name that is kept of what was dropped.
const LONGEST_NAME: usize = 80;

impl App {
    /// Keeps an archive, given in Base64, where it can be looked at and imported from. The one that
    /// came before it goes.
    ///
    /// # Errors
    /// It is too large, no Base64, or cannot be written.
    pub async fn receive_package(&self, name: &str, data: String) -> Result<String, Problem> {
        let (folder, name) = (self.home().folder().join("incoming"), named(name));
        let keep = move || keep(&folder, &name, &data);
        let kept = tokio::task::spawn_blocking(keep).await;
        let kept = kept.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        kept.map(|path| path.display().to_string())
    }
}

fn keep(folder: &Path, name: &str, data: &str) -> Result<PathBuf, Problem> {
    // Three bytes are four letters.
    if data.len() as u64 / 4 * 3 > MAX_PACKAGE_BYTES {
        let message = format!(
            "{name} is larger than the {} MiB that a package may have",
            MAX_PACKAGE_BYTES >> 20
        );
        return Err(Problem::new(ErrorCode::InvalidInput, message));
    }
    let bytes = BASE64_STANDARD.decode(data).map_err(|error| {
        let message = format!("{name} did not arrive whole: {error}");
        Problem::new(ErrorCode::InvalidInput, message).help("Drop it once more.")
    })?;
    let path = folder.join(name);
    let written = match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, bytes)),
    };
    written.map_err(|error| {
        let message = format!("{} could not be written: {error}", path.display());
        Problem::new(ErrorCode::Storage, message)
    })?;
    Ok(path)
}

/// A name for a file, of what the name of somebody else's has of letters and digits.
fn named(name: &str) -> String {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = stem.strip_suffix(".slipway").unwrap_or(stem);
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let stem: String = stem
        .chars()
        .filter(|c| kept(*c))
        .take(LONGEST_NAME)
        .collect();
    match stem.as_str() {
        "" => "package.slipway".to_owned(),
        stem => format!("{stem}.slipway"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Home;

    #[tokio::test]
    async fn what_was_dropped_can_be_looked_at_and_imported() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let first = app
            .receive_package("old.slipway", BASE64_STANDARD.encode("old"))
            .await
            .unwrap();
        let kept = app
            .receive_package("../../a b.slipway", BASE64_STANDARD.encode("new"))
            .await
            .unwrap();
        assert!(
            kept.ends_with("ab.slipway") && kept.starts_with(folder.path().to_str().unwrap()),
            "{kept}"
        );
        assert_eq!(std::fs::read(kept).unwrap(), b"new");
        assert!(!Path::new(&first).exists());
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_and_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        let problem = app
            .receive_package("a.slipway", "%%%".to_owned())
            .await
            .unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        assert!(!folder.path().join("incoming").exists());
    }

    #[test]
    fn a_name_leads_nowhere() {
        for (given, kept) in [
            ("clerk.slipway", "clerk.slipway"),
            ("../../../etc/passwd", "passwd.slipway"),
            ("C:\\x\\clerk.slipway", "clerk.slipway"),
            ("..", "package.slipway"),
            ("\u{202e}\0\n", "package.slipway"),
        ] {
            assert_eq!(named(given), kept);
        }
    }
}
