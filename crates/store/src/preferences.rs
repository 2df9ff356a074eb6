//! How the person wants Slipway to be: the table `preferences`.

use slipway_contract::Timestamp;
use slipway_contract::preferences::{Preference, Preferences};

use crate::{Store, StoreError};

impl Store {
    /// The preferences. What a row says that this version cannot understand is as it comes.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn preferences(&self) -> Result<Preferences, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT name, value FROM preferences")
            .fetch_all(self.pool())
            .await?;
        let mut preferences = Preferences::default();
        for (name, value) in rows {
            if let Ok(preference) = name.parse::<Preference>() {
                // A newer version may know more values.
                let _ = preferences.set(preference, &value);
            }
        }
        Ok(preferences)
    }

    /// Keeps a preference.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_preference(
        &self,
        preference: Preference,
        value: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO preferences (name, value, changed_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET value = ?2, changed_at = ?3",
        )
        .bind(preference.as_str())
        .bind(value)
        .bind(at.as_millisecond())
        .execute(self.pool())
        .await?;
        Ok(())
    }
}
