//! Whole lists, page by page.

use serde::de::DeserializeOwned;
use slipway_contract::cloud::{Cursor, Page};

use crate::call::{Call, Client};
use crate::error::CloudError;
use crate::operations::Operation;

/// The most that one page has.
pub(crate) const PAGE: u32 = 100;
/// A list that goes on longer is none.
const PAGES: u32 = 200;

impl Client {
    /// All that a list has.
    pub(crate) async fn all<T: DeserializeOwned>(
        &self,
        operation: &Operation<(), Page<T>>,
        place: Option<String>,
    ) -> Result<Vec<T>, CloudError> {
        let mut items = Vec::new();
        let mut after: Option<Cursor> = None;
        for _ in 0..PAGES {
            let mut call = Call::of(operation).query("limit", PAGE);
            if let Some(place) = &place {
                call = call.place(place);
            }
            if let Some(after) = after {
                call = call.query("after", after);
            }
            let page = self.get(call).await?;
            items.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(items),
            }
        }
        let live = self.live().await?;
        Err(live.wire.foreign("its list does not end"))
    }
}
