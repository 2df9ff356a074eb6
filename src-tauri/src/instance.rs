//! One Slipway for each folder of data: a second start hands what it was opened with to the first, and ends.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::arrivals;
use crate::shell::Shell;

/// Its name on the message bus.
const NAME: &str = "app.slipway.desktop";

/// Hands a second start over to the first. None where the system could not tell two folders of data apart.
pub(crate) fn single(shell: Shell) -> Option<TauriPlugin<Wry>> {
    let home = std::env::var_os("SLIPWAY_HOME").filter(|home| !home.is_empty());
    if home.is_some() && !cfg!(target_os = "linux") {
        return None;
    }
    let name = match home {
        None => NAME.to_owned(),
        Some(home) => of_folder(Path::new(&home)),
    };
    let builder = tauri_plugin_single_instance::Builder::new().dbus_id(name);
    let builder = builder.callback(move |_, arguments, folder| {
        arrivals::take(
            &shell,
            arguments.get(1..).unwrap_or_default(),
            Path::new(&folder),
        );
        shell.show();
    });
    Some(builder.build())
}

fn of_folder(home: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    std::path::absolute(home)
        .unwrap_or_else(|_| home.to_owned())
        .hash(&mut hasher);
    format!("{NAME}.of{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_of_data_has_a_name_of_its_own() {
        let (one, other) = (
            of_folder(Path::new("/home/a")),
            of_folder(Path::new("/home/b")),
        );
        assert_ne!(one, other);
        assert_eq!(one, of_folder(Path::new("/home/a")));
        let is_plain = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
        assert!(one.split('.').all(is_plain), "{one}");
    }
}
