//! Whether the database is whole.

use crate::{Store, StoreError};

impl Store {
    /// Reads through the database and checks its structure. Takes as long as reading the file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first faults, or the database cannot be read.
    pub async fn check(&self) -> Result<(), StoreError> {
        let faults: Vec<(String,)> = sqlx::query_as("PRAGMA quick_check(5)")
            .fetch_all(self.pool())
            .await?;
        let faults: Vec<String> = faults.into_iter().map(|(fault,)| fault).collect();
        if faults == ["ok"] {
            return Ok(());
        }
        Err(StoreError::Damaged {
            path: self.pool().connect_options().get_filename().to_owned(),
            message: faults.join("; "),
        })
    }
}
