//! Where a model answers.

use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use url::Url;

use crate::attempt::Attempt;

/// The version of the interface. The stable one, `/v1`, lacks the names that end in `-latest`.
const VERSION: &str = "/v1beta";

/// The longest name of a model.
const LONGEST: usize = 200;

/// The URL to post to. The name comes from a package and becomes a part of the path, so it may
/// hold nothing that means something there.
pub(super) fn of(attempt: &Attempt<'_>) -> Result<Url, ModelError> {
    let reporter = &attempt.exchange.reporter;
    let model = attempt.model();
    if !is_name(model) {
        return Err(reporter.error(
            ModelErrorKind::NotFound,
            format_args!(
                "{model:?} is no name of a Gemini model: those are letters, digits, dots, - and _, as in google/gemini-3.5-flash. Check the model's name; `slipway models` lists those that are known."
            ),
        ));
    }
    let base = attempt.endpoint.base.as_str();
    // A person's own address may name the version that they want.
    let is_named = [VERSION, "/v1"]
        .iter()
        .any(|version| base.ends_with(version));
    let version = if is_named { "" } else { VERSION };
    let method = if attempt.exchange.streams {
        "streamGenerateContent?alt=sse"
    } else {
        "generateContent"
    };
    let url = format!("{base}{version}/models/{model}:{method}");
    Url::parse(&url).map_err(|error| {
        reporter.error(
            ModelErrorKind::Network,
            format_args!("{base} leads to no address ({error}). Check the base URL."),
        )
    })
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
