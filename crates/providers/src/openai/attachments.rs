//! Images and documents, as both protocols write them.

use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::message::{Attachment, Media, Message};

use super::Call;
use crate::attempt::Endpoint;
use crate::registry::{Dialect, PdfForm};

/// The bytes as a URL that holds them.
pub(super) fn data_url(attachment: &Attachment) -> String {
    format!(
        "data:{};base64,{}",
        attachment.media.as_str(),
        attachment.data
    )
}

/// Whether this model of this place takes such a file; none when nobody knows.
pub(super) fn takes(endpoint: &Endpoint, dialect: &Dialect, media: Media) -> Option<bool> {
    let facts = endpoint.facts.as_ref();
    match media {
        // Nobody says how this place would be given one.
        Media::Pdf if dialect.pdfs == PdfForm::Never => Some(false),
        Media::Pdf => facts.and_then(|facts| facts.pdfs),
        _ => facts
            .and_then(|facts| facts.images)
            .or((!dialect.images).then_some(false)),
    }
}

/// Whether this place and this model can be shown what the conversation holds.
///
/// # Errors
/// It holds something that they cannot be shown.
pub(super) fn check(call: &Call<'_>) -> Result<(), ModelError> {
    let attachments = call.attempt.request.messages.iter().flat_map(|message| {
        let Message::User { attachments, .. } = message else {
            return &[][..];
        };
        &attachments[..]
    });
    for attachment in attachments {
        let media = attachment.media;
        if !takes(call.attempt.endpoint, call.dialect, media).unwrap_or(true) {
            let what = match media {
                Media::Pdf => "PDF documents",
                _ => "images",
            };
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
