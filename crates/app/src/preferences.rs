//! How the person wants Slipway to be.

use slipway_contract::preferences::{Preference, Preferences};
use slipway_contract::{ErrorCode, Problem};

use crate::App;
use crate::problem::from_store;

impl App {
    /// The preferences as they are.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn preferences(&self) -> Result<Preferences, Problem> {
        let preferences = self.store().preferences().await;
        preferences.map_err(|error| from_store(&error))
    }

    /// Changes one, and says how they are then.
    ///
    /// # Errors
    /// It cannot have this value, or the database cannot be written.
    pub async fn set_preference(
        &self,
        preference: Preference,
        value: &str,
    ) -> Result<Preferences, Problem> {
        let mut preferences = self.preferences().await?;
        preferences.set(preference, value).map_err(|error| {
            Problem::new(ErrorCode::InvalidInput, error.to_string())
                .help("`slipway settings list` shows what there is.")
        })?;
        let at = self.runner().world().clock.now();
        self.store()
            .set_preference(preference, value, at)
            .await
            .map_err(|error| from_store(&error))?;
        Ok(preferences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Home;

    #[tokio::test]
    async fn what_was_changed_stays_and_what_is_wrong_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        assert_eq!(app.preferences().await, Ok(Preferences::default()));
        let changed = app
            .set_preference(Preference::NotifyDone, "off")
            .await
            .unwrap();
        assert!(!changed.notify_done);
        let problem = app
            .set_preference(Preference::NotifyDone, "perhaps")
            .await
            .unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        app.close().await;
        let app = App::open(Home::at(folder.path())).await.unwrap();
        assert_eq!(app.preferences().await, Ok(changed));
    }
}
