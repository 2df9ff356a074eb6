//! Versions, immutable snapshots of packages: the tables `versions` and `version_files`.

use slipway_contract::{ContentHash, Timestamp};

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError};

/// A version as lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRecord {
    /// The hash of all its files, which names it.
    pub hash: ContentHash,
    /// The hash of the files that decide how it behaves.
    pub behaviour: ContentHash,
    /// When the store first held it.
    pub created_at: Timestamp,
}

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFile {
    /// The path in the package.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// The hash of its content.
    pub content: ContentHash,
}

impl Store {
    /// Keeps a version with its files. One that is kept already stays as it is. The caller
    /// answers for the hashes: [`slipway_agent::package::hash`] makes them.
    ///
    /// # Errors
    /// A file or the database cannot be written.
    pub async fn put_version(
        &self,
        version: VersionRecord,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        if self.version(version.hash).await?.is_some() {
            return Ok(());
        }
        let blobs = self.blobs().clone();
        let files = blocking(move || {
            let hashes = blobs.put(files.iter().map(|(_, content)| content.as_slice()))?;
            let files = files.into_iter().zip(hashes);
            Ok(files
                .map(|((path, bytes), content)| VersionFile {
                    path,
                    size: bytes.len() as u64,
                    content,
                })
                .collect::<Vec<_>>())
        })
        .await?;
        let hash = &version.hash.as_bytes()[..];
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let added = sqlx::query(
            "INSERT INTO versions (hash, behaviour, created_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(hash)
        .bind(&version.behaviour.as_bytes()[..])
        .bind(version.created_at.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(());
        }
        for file in files {
            sqlx::query(
                "INSERT INTO version_files (version, path, size, blob) VALUES (?1, ?2, ?3, ?4)",
            )
            .bind(hash)
            .bind(file.path)
            .bind(columns::of_count(file.size))
            .bind(&file.content.as_bytes()[..])
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The version of this hash, or none.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn version(&self, hash: ContentHash) -> Result<Option<VersionRecord>, StoreError> {
        let row: Option<(Vec<u8>, i64)> =
            sqlx::query_as("SELECT behaviour, created_at FROM versions WHERE hash = ?1")
                .bind(&hash.as_bytes()[..])
                .fetch_optional(self.pool())
                .await?;
        let read = |(behaviour, created_at): (Vec<u8>, i64)| -> Result<_, Unreadable> {
            Ok(VersionRecord {
                hash,
                behaviour: columns::hash("behaviour", &behaviour)?,
                created_at: columns::time("created_at", created_at)?,
            })
        };
        row.map(read)
            .transpose()
            .map_err(|error| error.of(name(hash)))
    }

    /// The files of a version sorted by path, without their content; none when there is no such
    /// version.
    ///
    /// # Errors
    /// As [`Self::version`].
    pub async fn version_files(
        &self,
        hash: ContentHash,
    ) -> Result<Option<Vec<VersionFile>>, StoreError> {
        if self.version(hash).await?.is_none() {
            return Ok(None);
        }
        let rows: Vec<(String, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT path, size, blob FROM version_files WHERE version = ?1 ORDER BY path",
        )
        .bind(&hash.as_bytes()[..])
        .fetch_all(self.pool())
        .await?;
        let read = |(path, size, content): (String, i64, Vec<u8>)| -> Result<_, Unreadable> {
            Ok(VersionFile {
                path,
                size: columns::count("size", size)?,
                content: columns::hash("blob", &content)?,
            })
        };
        let files = rows.into_iter().map(read).collect::<Result<_, _>>();
        files.map(Some).map_err(|error| error.of(name(hash)))
    }

    /// The paths and contents of a version's files, each checked against its hash; none when
    /// there is no such version.
    ///
    /// # Errors
    /// As [`Self::version`]; [`StoreError::Content`] when a file is missing or was changed.
    pub async fn version_contents(
        &self,
        hash: ContentHash,
    ) -> Result<Option<Vec<(String, Vec<u8>)>>, StoreError> {
        let Some(files) = self.version_files(hash).await? else {
            return Ok(None);
        };
        let blobs = self.blobs().clone();
        blocking(move || {
            let contents = files
                .into_iter()
                .map(|file| Ok((file.path, blobs.get(file.content)?)));
            contents.collect::<Result<_, _>>().map(Some)
        })
        .await
    }

    /// The content of one file of a version; none when there is no such file.
    ///
    /// # Errors
    /// As [`Self::version_contents`].
    pub async fn version_file(
        &self,
        hash: ContentHash,
        path: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT blob FROM version_files WHERE version = ?1 AND path = ?2")
                .bind(&hash.as_bytes()[..])
                .bind(path)
                .fetch_optional(self.pool())
                .await?;
        let Some((content,)) = row else {
            return Ok(None);
        };
        let content = columns::hash("blob", &content).map_err(|error| error.of(name(hash)))?;
        let blobs = self.blobs().clone();
        blocking(move || blobs.get(content).map(Some)).await
    }
}

fn name(version: ContentHash) -> String {
    format!("version {}", version.short())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Sql(error.to_string()))?
}
