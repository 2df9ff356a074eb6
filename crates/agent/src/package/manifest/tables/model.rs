//! `[model]`

use slipway_contract::model::ModelRef;

use super::needed;
use crate::package::manifest::ModelChoice;
use crate::package::manifest::keys::{self, nearest};
use crate::package::manifest::reader::{Reader, Section, Spot};
use crate::package::manifest::values::Text;

pub(in crate::package::manifest) fn read(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
    recordings: &[&str],
) -> Option<ModelChoice> {
    let example = "use = \"openai/gpt-5-mini\"";
    let mut section = needed(reader, top, "model", example)?;
    reader.only(&mut section, keys::MODEL, keys::MODEL_RESERVED);
    reader.require(&section, "use", example);
    let temperature = reader.number(&section, "temperature", &(0.0..=2.0));
    let max_output_tokens = reader.integer(&section, "max_output_tokens", &(1..=10_000_000));
    let model = reader.text(&section, "use", Text::Line(200))?;
    let model = reader.parsed(model, str::parse::<ModelRef>)?;
    if model.value.provider == "recording" {
        recording(reader, &model, recordings);
    }
    Some(ModelChoice {
        model: model.value,
        temperature,
        max_output_tokens,
    })
}

fn recording(reader: &mut Reader<'_>, model: &Spot<ModelRef>, recordings: &[&str]) {
    let name = model.value.model.as_str();
    if recordings.contains(&name) {
        return;
    }
    let hint = match nearest(name, recordings.iter().copied()) {
        Some(meant) => format!("; did you mean `recording/{meant}`?"),
        None if recordings.is_empty() => "; make one with `slipway run --record NAME`".to_owned(),
        None => format!("; there are: {}", recordings.join(", ")),
    };
    let message = format!("the package has no `recordings/{name}.jsonl`{hint}");
    reader.report(&model.span, &model.key, &message);
}
