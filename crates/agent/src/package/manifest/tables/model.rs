//! `[model]`

use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};

use super::needed;
use crate::package::document::{Reader, Section, Spot, Text, Wrong, nearest};
use crate::package::manifest::{ModelChoice, ToolEntry, keys, wrong_fallback};

pub(in crate::package::manifest) fn read(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
    recordings: &[&str],
) -> Option<ModelChoice> {
    let example = "use = \"openai/gpt-5-mini\"";
    let mut section = needed(reader, top, "model", example)?;
    reader.only(&mut section, keys::MODEL, &[]);
    reader.require(&section, "use", example);
    let temperature = reader.number(&section, "temperature", &(0.0..=2.0));
    let max_output_tokens = reader.integer(&section, "max_output_tokens", &(1..=10_000_000));
    let reasoning = reader.word(&section, "reasoning", &EFFORTS);
    let tool_choice = tool_choice(reader, &section).map(|found| found.value);
    let fallback = reader.texts(&section, "fallback", Text::Line(200));
    let fallback: Vec<Spot<ModelRef>> = fallback
        .into_iter()
        .filter_map(|found| reader.parsed(found, str::parse::<ModelRef>))
        .collect();
    let model = reader.text(&section, "use", Text::Line(200))?;
    let model = reader.parsed(model, str::parse::<ModelRef>)?;
    if model.value.provider == "recording" {
        recording(reader, &model, recordings);
    }
    let named: Vec<ModelRef> = fallback.iter().map(|found| found.value.clone()).collect();
    for (place, why) in wrong_fallback(&model.value, &named) {
        reader.report(&fallback[place].span, &fallback[place].key, &why);
    }
    Some(ModelChoice {
        model: model.value,
        temperature,
        max_output_tokens,
        fallback: named,
        reasoning,
        tool_choice,
    })
}

const EFFORTS: [(&str, ReasoningEffort); 4] = [
    ("off", ReasoningEffort::Off),
    ("low", ReasoningEffort::Low),
    ("medium", ReasoningEffort::Medium),
    ("high", ReasoningEffort::High),
];

fn tool_choice(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Spot<ToolChoice>> {
    let found = reader.text(section, "tool_choice", Text::Line(200))?;
    reader.parsed(found, |text| {
        Ok::<_, String>(match text {
            "auto" => ToolChoice::Auto,
            "none" => ToolChoice::None,
            "required" => ToolChoice::Required,
            name => ToolChoice::Tool(name.to_owned()),
        })
    })
}

/// A tool that must be called must be there.
pub(in crate::package::manifest) fn check_tool_choice(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
    tools: &[ToolEntry],
) {
    let table = top.get("model").and_then(|found| found.value.as_table());
    // What is no table, or no text, is reported where it is read.
    let Some(table) = table else { return };
    let section = Section::new("model".to_owned(), 0..0, table);
    let Some(found) = section.get("tool_choice") else {
        return;
    };
    let names: Vec<String> = tools.iter().map(|entry| entry.tool.to_string()).collect();
    let wrong = match found.value.as_str() {
        Some("required") if names.is_empty() => Wrong::new(
            "the agent has no tools: add one with [[tools]], or leave this out".to_owned(),
        ),
        None | Some("auto" | "none" | "required") => return,
        Some(name) if names.iter().any(|known| known == name) => return,
        Some(name) => {
            let words = ["auto", "none", "required"].into_iter();
            let meant = nearest(name, words.chain(names.iter().map(String::as_str)));
            let hint = meant.map(|meant| format!("; did you mean {meant:?}?"));
            let message = format!(
                "expected \"auto\", \"none\", \"required\" or the name of one of [[tools]], found {name:?}{}",
                hint.unwrap_or_default()
            );
            Wrong::new(message).meaning(meant)
        }
    };
    reader.report_wrong(&found.span, &found.key, wrong);
}

fn recording(reader: &mut Reader<'_>, model: &Spot<ModelRef>, recordings: &[&str]) {
    let name = model.value.model.as_str();
    if recordings.contains(&name) {
        return;
    }
    let meant = nearest(name, recordings.iter().copied());
    let hint = match meant {
        Some(meant) => format!("; did you mean `recording/{meant}`?"),
        None if recordings.is_empty() => "; make one with `slipway run --record NAME`".to_owned(),
        None => format!("; there are: {}", recordings.join(", ")),
    };
    let message = format!("the package has no `recordings/{name}.jsonl`{hint}");
    let meant = meant.map(|meant| format!("recording/{meant}"));
    let wrong = Wrong::new(message).meaning(meant.as_deref());
    reader.report_wrong(&model.span, &model.key, wrong);
}
