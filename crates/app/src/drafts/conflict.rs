//! Two texts of one file: one was being written while somebody else saved the other.

use slipway_contract::draft::{DraftPage, Keep};
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, Problem};
use slipway_store::Made;

use super::Present;
use super::edit::{Seen, path_of};
use crate::App;
use crate::problem::from_package;

impl App {
    /// Decides which of two texts of a file stays the draft's. The whole package with the other
    /// one is made a version first, so that neither is lost.
    ///
    /// # Errors
    /// There is no such agent, the path is none of a package, or nothing can be written.
    pub async fn settle_conflict(
        &self,
        agent: &AgentName,
        path: &str,
        mine: String,
        keep: Keep,
    ) -> Result<DraftPage, Problem> {
        let package_path = path_of(path)?;
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let theirs = present.files.get(path).map(<[u8]>::to_vec);
        match keep {
            Keep::Mine => {
                let note = format!("saved by somebody else while {path} was being written");
                self.keep_as_version(&row, &present, &saved(note)).await?;
                let (row, present) = self
                    .change_draft(agent, Seen::Unsaid, path, |_| {
                        Ok(Some(mine.clone().into_bytes()))
                    })
                    .await?;
                self.page_of(&row, &present).await
            }
            Keep::Theirs => {
                let files = present.files.with(package_path, mine.into_bytes());
                let other = Present {
                    files: files.map_err(|error| from_package(&error))?,
                    place: present.place,
                };
                let note = format!("written while somebody else saved {path}");
                self.keep_as_version(&row, &other, &saved(note)).await?;
                // A folder still holds their text; without a draft in the store it is the new
                // version that would count.
                let row = self.listed(agent).await?;
                let present = self.present(&row).await?;
                if present.files.get(path) != theirs.as_deref() {
                    self.change_draft(agent, Seen::Unsaid, path, |_| Ok(theirs.clone()))
                        .await?;
                }
                self.draft_page(agent).await
            }
        }
    }
}

const fn saved(note: String) -> Made {
    Made {
        why: VersionReason::Saved,
        note: Some(note),
    }
}
