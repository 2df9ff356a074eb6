//! Lists, a page at a time. What is listed has ids of version 7, so the id is the place.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{GeneralPurpose, general_purpose::NO_PAD};
use serde::Deserialize;
use slipway_contract::cloud::{Cursor, Page};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::failure::Failure;

/// An id in 22 characters; of the last one not all bits count.
const CURSORS: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// Which part of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Listing {
    /// How many, from 1 to 100.
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 100, default = 50)]
    pub limit: u64,
    /// Where the last page ended: its `next`.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9_-]{22}$")]
    pub after: Option<Cursor>,
}

const fn usual() -> u64 {
    Listing::USUAL
}

impl Listing {
    /// How many where nothing is said.
    pub const USUAL: u64 = 50;

    /// How many rows to read: one more than fit, which tells whether another page follows.
    ///
    /// # Errors
    /// When none or too many are wanted.
    pub fn rows(&self) -> Result<u64, Failure> {
        if (1..=100).contains(&self.limit) {
            Ok(self.limit + 1)
        } else {
            Err(Failure::field(
                "limit",
                format!("{} is not between 1 and 100", self.limit),
            ))
        }
    }

    /// After which id.
    ///
    /// # Errors
    /// When the cursor is none of ours.
    pub fn after(&self) -> Result<Option<Uuid>, Failure> {
        let Some(cursor) = &self.after else {
            return Ok(None);
        };
        let bytes = CURSORS.decode(&cursor.0).ok();
        let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok());
        id.map(Some).ok_or_else(|| {
            Failure::field("after", "this is no place in a list that this server gave")
        })
    }

    /// The page of these rows, of which there may be one more than was wanted.
    ///
    /// # Errors
    /// What showing a row gives.
    pub fn page<R, T>(
        &self,
        mut rows: Vec<R>,
        id: impl Fn(&R) -> Uuid,
        show: impl Fn(R) -> Result<T, Failure>,
    ) -> Result<Page<T>, Failure> {
        let wanted = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| Cursor(CURSORS.encode(id(row).as_bytes())));
        Ok(Page {
            items: rows.into_iter().map(show).collect::<Result<_, _>>()?,
            next,
        })
    }
}
