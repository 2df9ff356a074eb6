//! Paths inside a package: one spelling, writable on every system, never leading out.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The manifest's path.
pub const MANIFEST: &str = "agent.toml";
/// The instructions' path.
pub const INSTRUCTIONS: &str = "instructions.md";
/// The README's path.
pub const README: &str = "README.md";
/// The folder of tests.
pub const TESTS: &str = "tests";
/// The folder of recordings.
pub const RECORDINGS: &str = "recordings";
/// The folder of everything else that the agent needs.
pub const FILES: &str = "files";

/// The files at a package's top.
pub const TOP_FILES: [&str; 3] = [MANIFEST, INSTRUCTIONS, README];
/// The folders at a package's top.
pub const TOP_FOLDERS: [&str; 3] = [TESTS, RECORDINGS, FILES];

/// The most bytes of a path, so that it can be written below a user's folder on every system.
pub const MAX_PATH_BYTES: usize = 200;

/// Files that systems leave in folders by themselves. They are never part of a package:
/// looking at a folder must not change its hash.
const LEFT_BY_SYSTEMS: [&str; 4] = [".DS_Store", "Thumbs.db", "desktop.ini", ".directory"];

/// The path of a file in a package, such as `files/rates.csv`. Sorted by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackagePath(String);

/// Why a text is not the path of a file in a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Nothing.
    #[error("the path is empty")]
    Empty,
    /// More than [`MAX_PATH_BYTES`].
    #[error("the path has {0} bytes, and {MAX_PATH_BYTES} are the most")]
    TooLong(usize),
    /// It begins at the root.
    #[error("the path is absolute, and paths in a package begin at its folder")]
    Absolute,
    /// `..`, `.`.
    #[error("the path holds {0:?} as a folder, and could so lead out of the package")]
    Climbs(&'static str),
    /// `a//b`, `a/`.
    #[error("the path names an empty folder or file: there is a `/` too many")]
    EmptyPart,
    /// Backslash.
    #[error("the path holds a backslash: write `/` between folders")]
    Backslash,
    /// A character that some system refuses or hides.
    #[error("the path holds the character {0:?}, which not every system can have in a file name")]
    Character(char),
    /// Windows drops dots and spaces at the end.
    #[error("a name in the path ends with a dot or a space, which Windows drops")]
    Ending,
    /// `nul`, `com1.txt` …
    #[error("{0:?} is the name of a device on Windows")]
    Device(String),
    /// Not in Unicode normalisation form C.
    #[error(
        "the path is not in Unicode normalisation form C: the same name must have one spelling"
    )]
    NotNormalised,
    /// A file that a system leaves behind.
    #[error("{0:?} is a file that systems leave in folders: it is no part of a package")]
    LeftBySystem(&'static str),
    /// The right name in the wrong case.
    #[error("the name is in the wrong case: rename it to `{0}`")]
    WrongCase(&'static str),
    /// `tests` as a file, `agent.toml/x`.
    #[error("`{0}` must be a folder")]
    MustBeFolder(&'static str),
    /// `agent.toml/x`.
    #[error("`{0}` must be a file")]
    MustBeFile(&'static str),
    /// Beside the package.
    #[error(
        "this is no part of a package, which is exactly agent.toml, instructions.md, README.md, tests/, recordings/ and files/"
    )]
    Foreign,
}

impl PackagePath {
    /// The path as text, `/` between folders.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the file decides how the agent behaves: the README, tests and recordings do not.
    #[must_use]
    pub fn is_behaviour(&self) -> bool {
        let top = self.0.split('/').next().unwrap_or_default();
        !matches!(top, README | TESTS | RECORDINGS)
    }
}

impl fmt::Display for PackagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PackagePath {
    type Err = PathFault;

    fn from_str(text: &str) -> Result<Self, PathFault> {
        check_text(text)?;
        let (top, below) = match text.split_once('/') {
            Some((top, below)) => (top, Some(below)),
            None => (text, None),
        };
        match (top_level(top)?, below) {
            (Top::File(_), None) | (Top::Folder(_), Some(_)) => Ok(Self(text.to_owned())),
            (Top::File(name), Some(_)) => Err(PathFault::MustBeFile(name)),
            (Top::Folder(name), None) => Err(PathFault::MustBeFolder(name)),
        }
    }
}

/// What a name at a package's top is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Top {
    File(&'static str),
    Folder(&'static str),
}

/// What this name at a package's top is; a name that differs only in case is said to be wrong
/// on every system, because on some it would pass for the right one.
pub(super) fn top_level(name: &str) -> Result<Top, PathFault> {
    let files = TOP_FILES.map(Top::File);
    let folders = TOP_FOLDERS.map(Top::Folder);
    for top in files.into_iter().chain(folders) {
        let (Top::File(right) | Top::Folder(right)) = top;
        if name == right {
            return Ok(top);
        }
        if folded(name) == folded(right) {
            return Err(PathFault::WrongCase(right));
        }
    }
    Err(PathFault::Foreign)
}

fn check_text(text: &str) -> Result<(), PathFault> {
    if text.is_empty() {
        return Err(PathFault::Empty);
    }
    if text.len() > MAX_PATH_BYTES {
        return Err(PathFault::TooLong(text.len()));
    }
    if text.starts_with('/') {
        return Err(PathFault::Absolute);
    }
    if text.contains('\\') {
        return Err(PathFault::Backslash);
    }
    if let Some(bad) = text.chars().find(|c| !is_portable(*c)) {
        return Err(PathFault::Character(bad));
    }
    if !is_nfc(text) {
        return Err(PathFault::NotNormalised);
    }
    text.split('/').try_for_each(check_name)
}

fn check_name(name: &str) -> Result<(), PathFault> {
    match name {
        "" => return Err(PathFault::EmptyPart),
        ".." => return Err(PathFault::Climbs("..")),
        "." => return Err(PathFault::Climbs(".")),
        _ => {}
    }
    if name.ends_with(['.', ' ']) {
        return Err(PathFault::Ending);
    }
    if is_device(name) {
        return Err(PathFault::Device(name.to_owned()));
    }
    if let Some(left) = left_by_system(name) {
        return Err(PathFault::LeftBySystem(left));
    }
    Ok(())
}

/// The file's name when it is one that systems leave in folders.
pub(super) fn left_by_system(name: &str) -> Option<&'static str> {
    LEFT_BY_SYSTEMS
        .into_iter()
        .find(|left| left.eq_ignore_ascii_case(name))
}

/// No control characters, none that Windows forbids, none that shows another name than the real
/// one.
fn is_portable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{feff}')
        && !is_deceptive(c)
}

/// Whether a character makes a text look like another one: it turns the reading direction, or
/// breaks the line without being a control character.
pub(super) fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Windows takes these for devices in every folder, with any extension, in any case.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches(' ').to_ascii_uppercase();
    if matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) {
        return true;
    }
    let numbered = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    numbered.is_some_and(|rest| {
        let mut chars = rest.chars();
        let digit = chars.next();
        chars.next().is_none()
            && digit.is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
    })
}

/// One text for all spellings that some file system takes for the same name. Lower case alone
/// would keep `ß` and `SS` apart, so the way leads through upper case.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
        .to_uppercase()
        .to_lowercase()
        .nfc()
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_package_is_exactly_six_things() {
        for good in [
            "agent.toml",
            "instructions.md",
            "README.md",
            "tests/first.toml",
            "recordings/october.jsonl",
            "files/a/b/c.txt",
            "files/Überweisung (März).csv",
            "files/.hidden",
            "files/com10",
            "files/console.log",
            "files/null",
        ] {
            assert!(good.parse::<PackagePath>().is_ok(), "{good:?} is a path");
        }
    }

    #[test]
    fn hostile_and_unportable_paths_are_refused() {
        use PathFault::*;
        for (bad, why) in [
            ("", Empty),
            ("/etc/passwd", Absolute),
            ("../agent.toml", Climbs("..")),
            ("files/../../x", Climbs("..")),
            ("files/./x", Climbs(".")),
            ("files//x", EmptyPart),
            ("files/", EmptyPart),
            ("files\\x", Backslash),
            ("C:/agent.toml", Character(':')),
            ("files/a:stream", Character(':')),
            ("files/a\0b", Character('\0')),
            ("files/a\nb", Character('\n')),
            ("files/a\u{202e}txt.exe", Character('\u{202e}')),
            ("files/what?", Character('?')),
            ("files/x.", Ending),
            ("files/x /y", Ending),
            ("files/nul", Device("nul".into())),
            ("files/Com1.txt", Device("Com1.txt".into())),
            ("files/LPT\u{b9}/x", Device("LPT\u{b9}".into())),
            ("files/aux .c", Device("aux .c".into())),
            ("files/e\u{301}.txt", NotNormalised),
            ("files/.DS_Store", LeftBySystem(".DS_Store")),
            ("Agent.toml", WrongCase("agent.toml")),
            ("INSTRUCTIONS.md", WrongCase("instructions.md")),
            ("readme.md", WrongCase("README.md")),
            ("Tests/a", WrongCase("tests")),
            ("tests", MustBeFolder("tests")),
            ("agent.toml/x", MustBeFile("agent.toml")),
            ("out/report.md", Foreign),
            (".git/config", Foreign),
        ] {
            assert_eq!(bad.parse::<PackagePath>(), Err(why), "{bad:?}");
        }
        let long = format!("files/{}", "x".repeat(MAX_PATH_BYTES));
        assert_eq!(long.parse::<PackagePath>(), Err(TooLong(206)));
    }

    #[test]
    fn names_that_a_file_system_confuses_fold_to_one() {
        for (one, other) in [
            ("A", "a"),
            ("straße", "STRASSE"),
            ("ẞ", "ß"),
            ("\u{212a}", "k"),
            ("Σ", "ς"),
            ("É", "e\u{301}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} and {other}");
        }
        assert_ne!(folded("a"), folded("b"));
    }

    proptest! {
        #[test]
        fn no_accepted_path_leads_out(text in any::<String>(), dotted in "[a-zA-Z0-9./\\\\: \u{0}~-]{0,24}") {
            for path in [text, dotted.clone(), format!("files/{dotted}")] {
                let Ok(path) = path.parse::<PackagePath>() else { continue };
                let plain = std::path::Path::new(path.as_str())
                    .components()
                    .all(|part| matches!(part, std::path::Component::Normal(_)));
                prop_assert!(plain, "{path:?} has a part that is no plain name");
                prop_assert!(!path.as_str().contains(['\\', ':', '\0']));
                prop_assert!(is_nfc(path.as_str()));
            }
        }

        #[test]
        fn ordinary_names_are_accepted(names in proptest::collection::vec("[a-z][a-z0-9_-]{4,12}[a-z]", 1..5)) {
            let path = format!("files/{}", names.join("/"));
            prop_assert!(path.parse::<PackagePath>().is_ok(), "{path:?}");
        }
    }
}
