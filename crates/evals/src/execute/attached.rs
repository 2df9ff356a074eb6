//! The files that go with a case's first turn.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use slipway_agent::package::Package;
use slipway_contract::message::{Attachment, Media};

use crate::suite::Case;

/// The case's attachments, out of the package.
///
/// # Errors
/// One of them is no image and no PDF document.
pub(super) fn read(case: &Case, package: &Package) -> Result<Vec<Attachment>, String> {
    let files = case.attachments.iter().map(|path| {
        let bytes = package.files().get(path.as_str()).unwrap_or_default();
        let media = Media::of(bytes).ok_or_else(|| {
            format!(
                "{path} cannot be attached: by what is in it, it is no image and no PDF document"
            )
        })?;
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        Ok(Attachment {
            name: name.to_owned(),
            media,
            data: BASE64_STANDARD.encode(bytes).into(),
        })
    });
    files.collect()
}
