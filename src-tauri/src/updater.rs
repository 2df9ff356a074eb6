//! Newer versions: asked for when a person asks, taken only when signed by who made this one, never an older one.

use std::time::Duration;

use slipway_app::update_source;
use slipway_contract::shell::Update;
use slipway_contract::{ErrorCode, Problem};
use tauri_plugin_updater::{Update as Found, UpdaterExt as _};

use crate::shell::Shell;

/// How long whoever is asked may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of what is said to be new is shown.
const LONGEST_NOTES: usize = 4_000;

/// Whether there is a newer version.
pub(crate) async fn check(shell: &Shell) -> Result<Update, Problem> {
    Ok(match find(shell).await? {
        None => Update::Newest,
        Some(found) => Update::Newer {
            version: found.version,
            notes: found
                .body
                .map(|notes| notes.chars().take(LONGEST_NOTES).collect()),
        },
    })
}

/// Installs the version that the person saw, and starts it.
pub(crate) async fn install(shell: &Shell, version: &str) -> Result<(), Problem> {
    let Some(mut found) = find(shell).await?.filter(|found| found.version == version) else {
        let message = format!("there is no version {version} to be installed any more");
        return Err(Problem::new(ErrorCode::Conflict, message).help("Look for updates again."));
    };
    // Asking was to be quick; fetching may take as long as the line needs.
    found.timeout = None;
    let installed = found.download_and_install(|_, _| {}, || {}).await;
    installed.map_err(|error| failed(&error))?;
    shell.window()?.request_restart();
    Ok(())
}

async fn find(shell: &Shell) -> Result<Option<Found>, Problem> {
    let source = update_source().ok_or_else(|| {
        let message = "this build of Slipway does not say whom to ask for newer ones";
        Problem::new(ErrorCode::InvalidInput, message).help("Get them where you got this one.")
    })?;
    let url = source.url.parse().map_err(|error| {
        let message = format!("the address for newer versions is wrong: {error}");
        Problem::new(ErrorCode::Internal, message)
    })?;
    let builder = shell.window()?.updater_builder();
    let builder = builder.pubkey(source.key).timeout(PATIENCE);
    let updater = builder
        .endpoints(vec![url])
        .and_then(|builder| builder.build());
    let updater = updater.map_err(|error| failed(&error))?;
    updater.check().await.map_err(|error| failed(&error))
}

fn failed(error: &tauri_plugin_updater::Error) -> Problem {
    let message = format!("no newer version could be had: {error}");
    Problem::new(ErrorCode::Provider, message).help("This version goes on as it is.")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn what_is_unsigned_or_older_is_refused() {
        let config: Value = serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        let updater = &config["plugins"]["updater"];
        assert_eq!(updater["requireSignedVersion"], Value::Bool(true));
        assert_ne!(updater["allowDowngrades"], Value::Bool(true));
        for (name, value) in updater.as_object().unwrap() {
            assert!(
                !name.starts_with("dangerous") || value == &Value::Bool(false),
                "{name}"
            );
        }
    }
}
