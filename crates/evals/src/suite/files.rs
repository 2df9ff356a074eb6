//! Files that lie in a case's working folder.

use slipway_agent::package::document::{Reader, Section, Text};
use slipway_agent::package::{Files, PackagePath};

use super::keys;
use super::variables::Texts;

/// A file in the run's working folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Its path from the folder, in a spelling that every system can have; it never leads out.
    pub path: String,
    /// What is in it.
    pub content: FileContent,
}

/// What is in a case's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// This text.
    Text(String),
    /// What is in this file of the package.
    Copied(PackagePath),
}

impl Texts for CaseFile {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        if let FileContent::Text(text) = &mut self.content {
            see(text);
        }
    }
}

/// The files of `[[case.files]]`.
pub(super) fn read(reader: &mut Reader<'_>, case: &Section<'_>, package: &Files) -> Vec<CaseFile> {
    let mut files: Vec<CaseFile> = Vec::new();
    for mut section in reader.tables(case, "files") {
        reader.only(&mut section, keys::FILE, &[]);
        reader.require(&section, "path", "path = \"receipts/lodging.csv\"");
        let content = content(reader, &section, package);
        let Some(path) = reader.text(&section, "path", Text::Line(150)) else {
            continue;
        };
        let Some(path) = reader.parsed(path, working_path) else {
            continue;
        };
        if files
            .iter()
            .any(|file| file.path.eq_ignore_ascii_case(&path.value))
        {
            reader.report(&path.span, &path.key, "is listed twice");
            continue;
        }
        files.extend(content.map(|content| CaseFile {
            path: path.value,
            content,
        }));
    }
    files
}

fn content(reader: &mut Reader<'_>, section: &Section<'_>, package: &Files) -> Option<FileContent> {
    match (section.get("text"), section.get("copy")) {
        (Some(_), None) => {
            let text = reader.text(section, "text", Text::Lines(200_000))?;
            Some(FileContent::Text(text.value.to_owned()))
        }
        (None, Some(_)) => {
            let found = reader.text(section, "copy", Text::Line(200))?;
            let path = reader.parsed(found, |text| in_tests(text, package))?;
            Some(FileContent::Copied(path.value))
        }
        _ => {
            let message = "needs `text` with what is in it, or `copy` with a file of the package";
            reader.report(&section.span, &section.key, message);
            None
        }
    }
}

/// The files of the package that go with the first turn.
pub(super) fn attachments(
    reader: &mut Reader<'_>,
    case: &Section<'_>,
    package: &Files,
) -> Vec<PackagePath> {
    let found = reader.texts(case, "attachments", Text::Line(200));
    let paths = found.into_iter();
    paths
        .filter_map(|found| reader.parsed(found, |text| in_tests(text, package)))
        .map(|path| path.value)
        .collect()
}

/// A file that the package's tests bring with them.
pub(super) fn in_tests(text: &str, package: &Files) -> Result<PackagePath, String> {
    let path: PackagePath = text.parse().map_err(|fault| format!("{fault}: {text:?}"))?;
    if !path.as_str().starts_with("tests/") {
        return Err(format!(
            "tests bring their own files, so the path begins with `tests/`: {text:?}"
        ));
    }
    if package.get(path.as_str()).is_none() {
        return Err(format!("the package has no file `{path}`"));
    }
    Ok(path)
}

/// A path that stays in the working folder, as every system can have it: what a package may hold
/// below `files/` is that.
pub(crate) fn working_path(text: &str) -> Result<String, String> {
    format!("files/{text}")
        .parse::<PackagePath>()
        .map(|_| text.to_owned())
        .map_err(|fault| format!("{fault}: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_working_folder() {
        for good in ["a.csv", "receipts/lodging.csv", "é.txt"] {
            assert!(working_path(good).is_ok(), "{good}");
        }
        for bad in [
            "../a",
            "/etc/passwd",
            "a/../../b",
            "",
            "a\\b",
            "C:/x",
            "nul",
            "a//b",
            ".",
        ] {
            assert!(working_path(bad).is_err(), "{bad:?}");
        }
    }
}
