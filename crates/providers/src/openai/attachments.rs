//! Images and documents, as both protocols write them.

use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::message::{Attachment, Media, Message};

use super::Call;
use crate::registry::PdfForm;

/// The bytes as a URL that holds them.
pub(super) fn data_url(attachment: &Attachment) -> String {
    format!(
        "data:{};base64,{}",
        attachment.media.as_str(),
        attachment.data
    )
}

/// Whether this place and this model can be shown what the conversation holds.
///
/// # Errors
/// It holds something that they cannot be shown.
pub(super) fn check(call: &Call<'_>) -> Result<(), ModelError> {
    let facts = call.attempt.endpoint.facts.as_ref();
    let images = facts
        .and_then(|facts| facts.images)
        .unwrap_or(call.dialect.images);
    let pdfs =
        call.dialect.pdfs != PdfForm::Never && facts.and_then(|facts| facts.pdfs).unwrap_or(true);
    let attachments = call.attempt.request.messages.iter().flat_map(|message| {
        let Message::User { attachments, .. } = message else {
            return &[][..];
        };
        &attachments[..]
    });
    for attachment in attachments {
        let (taken, what) = match attachment.media {
            Media::Pdf => (pdfs, "PDF documents"),
            _ => (images, "images"),
        };
        if !taken {
            let reporter = &call.attempt.exchange.reporter;
            return Err(reporter.error(
                ModelErrorKind::Unsupported,
                format_args!(
                    "{} of {} takes no {what}, and is given {:?}. Leave it out, or choose a model that takes them.",
                    reporter.model.model, reporter.place, attachment.name
                ),
            ));
        }
    }
    Ok(())
}
