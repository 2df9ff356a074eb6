//! The system's dialogs that ask for a file or a folder.

use std::path::PathBuf;

use slipway_contract::{ErrorCode, Problem};
use tauri::Manager as _;
use tauri_plugin_dialog::{DialogExt as _, FilePath};

use crate::shell::Shell;
use crate::window::MAIN;

/// What a person is asked for.
pub(crate) enum Choice {
    /// A package's archive.
    Archive,
    /// A folder.
    Folder,
    /// A place for a new file, with the name that it would have.
    NewFile(String),
}

impl Choice {
    /// In a debug build, names what is chosen instead of asking: no driver can press a system's dialog.
    #[cfg(debug_assertions)]
    const fn seam(&self) -> &'static str {
        match self {
            Self::Archive => "SLIPWAY_PICK_PACKAGE",
            Self::Folder => "SLIPWAY_PICK_FOLDER",
            Self::NewFile(_) => "SLIPWAY_PICK_NEW_FILE",
        }
    }
}

/// Asks for it; none when the person chose nothing.
pub(crate) async fn choose(shell: &Shell, choice: Choice) -> Result<Option<String>, Problem> {
    #[cfg(debug_assertions)]
    if let Some(path) = std::env::var_os(choice.seam()) {
        return text(PathBuf::from(path)).map(Some);
    }
    let app = shell.window()?;
    let mut dialog = app.dialog().file();
    if let Some(window) = app.get_webview_window(MAIN) {
        dialog = dialog.set_parent(&window);
    }
    let (said, heard) = tokio::sync::oneshot::channel();
    // Nobody listens only when the page that asked is gone.
    let answer = move |chosen: Option<FilePath>| drop(said.send(chosen));
    match choice {
        Choice::Archive => dialog
            .set_title("Choose a package")
            .add_filter("Packages of agents", &["slipway"])
            .pick_file(answer),
        Choice::Folder => dialog.set_title("Choose a folder").pick_folder(answer),
        Choice::NewFile(name) => dialog
            .set_title("Save")
            .set_file_name(name)
            .save_file(answer),
    }
    let chosen = heard.await.ok().flatten().map(FilePath::into_path);
    match chosen {
        None => Ok(None),
        Some(Ok(path)) => text(path).map(Some),
        Some(Err(error)) => {
            let message = format!("what was chosen is no file of this machine: {error}");
            Err(Problem::new(ErrorCode::InvalidInput, message))
        }
    }
}

fn text(path: PathBuf) -> Result<String, Problem> {
    path.into_os_string().into_string().map_err(|path| {
        let message = format!("{} cannot be used: it is not valid UTF-8", path.display());
        Problem::new(ErrorCode::InvalidInput, message).help("Rename it, or choose another.")
    })
}
