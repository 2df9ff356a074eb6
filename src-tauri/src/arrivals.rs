//! What Slipway is opened with: links and packages, at its start, from a second start of it, or from the system.

use std::path::{Path, PathBuf};

use slipway_app::links;
use slipway_contract::shell::Told;
use slipway_contract::{ErrorCode, Problem};
use tauri::Url;

use crate::shell::Shell;

/// The most links and packages that are taken at once.
const MOST: usize = 8;

/// Tells the window what a start of Slipway named, without the program itself.
pub(crate) fn take(shell: &Shell, arguments: &[String], folder: &Path) {
    for told in arguments
        .iter()
        .filter_map(|each| read(each, folder))
        .take(MOST)
    {
        shell.tell(told);
    }
}

/// A link or a package; none for an option, since the window has none.
fn read(argument: &str, folder: &Path) -> Option<Told> {
    if argument.is_empty() || argument.starts_with('-') {
        return None;
    }
    let scheme = argument
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    Some(match scheme.as_deref() {
        Some(links::SCHEME) => match links::read(argument) {
            Ok(link) => Told::Link { link },
            Err(problem) => Told::Refused { problem },
        },
        Some("file") => match Url::parse(argument).map(|url| url.to_file_path()) {
            Ok(Ok(path)) => package(&path),
            Ok(Err(())) | Err(_) => refused("its address is of no file on this machine"),
        },
        _ => package(&folder.join(argument)),
    })
}

fn package(path: &Path) -> Told {
    match PathBuf::from(path).into_os_string().into_string() {
        Ok(path) => Told::Package { path },
        Err(_) => refused("its path is not valid UTF-8"),
    }
}

fn refused(why: &str) -> Told {
    let message = format!("the package was not opened: {why}");
    let problem = Problem::new(ErrorCode::InvalidInput, message);
    Told::Refused {
        problem: problem.help("Choose it under New agent, or rename it."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use slipway_contract::shell::Link;

    use super::*;

    fn told(arguments: &[&str]) -> Vec<Told> {
        let shell = Shell::default();
        let arguments: Vec<String> = arguments.iter().map(|each| (*each).to_owned()).collect();
        take(&shell, &arguments, Path::new("/home/a"));
        shell.take()
    }

    fn package_at(path: &str) -> Told {
        Told::Package {
            path: path.to_owned(),
        }
    }

    #[test]
    fn links_and_files_are_told_apart() {
        let told = told(&[
            "--verbose",
            "slipway://agent/clerk",
            "clerk.slipway",
            "file:///tmp/clerk%20two.slipway",
            "/tmp/clerk",
        ]);
        let agent = "clerk".parse().unwrap();
        let link = Link::Agent { agent };
        assert_eq!(
            told,
            [
                Told::Link { link },
                package_at("/home/a/clerk.slipway"),
                package_at("/tmp/clerk two.slipway"),
                package_at("/tmp/clerk"),
            ]
        );
    }

    #[test]
    fn garbage_is_told_and_a_flood_is_cut() {
        assert!(matches!(
            &*told(&["slipway://format-disk"]),
            [Told::Refused { .. }]
        ));
        assert!(matches!(
            &*told(&["file://server/share/x"]),
            [Told::Refused { .. }]
        ));
        assert_eq!(told(&["x"; 500]).len(), MOST);
        assert!(told(&["", "-psn_0_12345"]).is_empty());
    }
}
