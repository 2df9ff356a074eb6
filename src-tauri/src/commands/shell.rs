//! What the system told, the menus, and newer versions.

use slipway_contract::command::{CheckUpdate, InstallUpdate, TakeTold, ToggleMenu};

use crate::dispatch::Handlers;
use crate::{menu, updater};

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on_shell(|shell, _, _: TakeTold| async move { Ok(shell.take()) })
        .on_shell(|shell, _, _: ToggleMenu| async move { menu::toggle(&shell) })
        .on_shell(|shell, _, _: CheckUpdate| async move { updater::check(&shell).await })
        .on_shell(|shell, _, ask: InstallUpdate| async move {
            updater::install(&shell, &ask.version).await
        })
}
