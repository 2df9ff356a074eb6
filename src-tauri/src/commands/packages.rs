//! Packages: choosing one, looking at it, importing exactly that.

use std::path::{Path, PathBuf};

use slipway_app::Import;
use slipway_contract::command::{ImportPackage, PickFolder, PickPackage, PreviewPackage};
use slipway_contract::{ErrorCode, Problem};

use crate::dispatch::Handlers;

/// In a debug build, names what is chosen instead of asking: no driver can press a system's dialog.
#[cfg(debug_assertions)]
const PICK: &str = "SLIPWAY_PICK_PACKAGE";

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|_, ask: PickPackage| async move { pick(ask.folder).await })
        .on(|_, _: PickFolder| async move { pick_folder().await })
        .on(|app, ask: PreviewPackage| async move {
            app.preview_package(Path::new(&ask.path)).await
        })
        .on(|app, ask: ImportPackage| async move {
            let import = Import {
                hash: Some(ask.hash),
                replace: ask.replace,
                name: ask.name,
            };
            app.import_package(Path::new(&ask.path), import).await
        })
}

/// In a debug build, names the folder that is chosen instead of asking.
#[cfg(debug_assertions)]
const PICK_FOLDER: &str = "SLIPWAY_PICK_FOLDER";

async fn pick_folder() -> Result<Option<String>, Problem> {
    #[cfg(debug_assertions)]
    if let Some(path) = std::env::var_os(PICK_FOLDER) {
        return text(PathBuf::from(path)).map(Some);
    }
    let message = "this build of Slipway cannot ask the system for a folder";
    Err(Problem::new(ErrorCode::Internal, message).help("Write or paste its path instead."))
}

async fn pick(folder: bool) -> Result<Option<String>, Problem> {
    #[cfg(debug_assertions)]
    if let Some(path) = std::env::var_os(PICK) {
        return text(PathBuf::from(path)).map(Some);
    }
    let what = if folder { "a folder" } else { "a file" };
    let message = format!("this build of Slipway cannot ask the system for {what}");
    Err(Problem::new(ErrorCode::Internal, message).help("Write or paste its path instead."))
}

#[cfg(debug_assertions)]
fn text(path: PathBuf) -> Result<String, Problem> {
    path.into_os_string().into_string().map_err(|path| {
        let message = format!("{} cannot be used: it is not valid UTF-8", path.display());
        Problem::new(ErrorCode::InvalidInput, message).help("Rename it, or choose another.")
    })
}
