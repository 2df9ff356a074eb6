//! Packages: choosing one, looking at it, importing exactly that.

use std::path::Path;

use slipway_app::Import;
use slipway_contract::command::{
    ImportPackage, PickFolder, PickPackage, PreviewPackage, ReceivePackage,
};

use crate::dialogs::{Choice, choose};
use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on_shell(|shell, _, ask: PickPackage| async move {
            let choice = if ask.folder { Choice::Folder } else { Choice::Archive };
            choose(&shell, choice).await
        })
        .on_shell(|shell, _, _: PickFolder| async move { choose(&shell, Choice::Folder).await })
        .on(|app, ask: ReceivePackage| async move {
            app.receive_package(&ask.name, ask.data).await
        })
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
