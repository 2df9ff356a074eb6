//! What a form changes: the values of `agent.toml`, or of a suite.

use std::rc::Rc;

use slipway_contract::command::{EditManifest, EditSuite};
use slipway_contract::draft::{DraftPage, ManifestChange};
use slipway_contract::{ContentHash, ErrorCode, Problem};

use super::{Drafting, MANIFEST, Sheet};
use crate::bridge::call;
use crate::{browser, text};

/// What a file is after a form changed it: its content and its text, and the draft where the host told that, too.
type Changed = (Option<(ContentHash, String)>, Option<DraftPage>);

impl Drafting {
    pub(super) async fn change_by_form(&self, path: &str, changes: Vec<ManifestChange>) {
        let Some(sheet) = self.sheet(path).filter(Sheet::is_clean) else {
            let problem = Problem::new(ErrorCode::Conflict, text::form_not_saved(path));
            *self.inner.said.borrow_mut() = Some(Rc::new(problem.help(text::FORM_NOT_SAVED_HOW)));
            return;
        };
        match self.changed_by_form(path, changes, sheet.seen).await {
            Ok((changed, page)) => {
                *self.inner.said.borrow_mut() = None;
                self.inner.saved_at.set(Some(browser::now()));
                if let Some((content, text)) = changed {
                    // Only for the line ends is it the same text again.
                    self.with_sheet(path, |sheet| {
                        sheet.replace(&text);
                        sheet.saved(&sheet.to_save(), content);
                    });
                }
                match page {
                    Some(page) => self.shown(page),
                    None => self.refresh(),
                }
            }
            Err(problem) => {
                *self.inner.said.borrow_mut() = Some(Rc::new(problem));
                self.refresh();
            }
        }
    }

    async fn changed_by_form(
        &self,
        path: &str,
        changes: Vec<ManifestChange>,
        seen: ContentHash,
    ) -> Result<Changed, Problem> {
        let agent = self.agent().clone();
        if path != MANIFEST {
            let ask = EditSuite {
                agent,
                file: path.to_owned(),
                changes,
                seen,
            };
            let suite = call(&ask).await?;
            return Ok((Some((suite.content, suite.text)), None));
        }
        let ask = EditManifest {
            agent,
            changes,
            seen,
        };
        let page = call(&ask).await?;
        let file = page.draft.files.iter().find(|file| file.path == path);
        let changed = file.map(|file| file.content).zip(page.manifest.clone());
        Ok((changed, Some(page)))
    }
}
