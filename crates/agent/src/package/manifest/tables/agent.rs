//! `[agent]`

use slipway_contract::AgentName;

use super::needed;
use crate::package::document::{Reader, Section, Text, Wrong};
use crate::package::manifest::{About, keys};

pub(in crate::package::manifest) fn read(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
) -> Option<About> {
    let example = "name = \"my-agent\"";
    let mut section = needed(reader, top, "agent", example)?;
    reader.only(&mut section, keys::AGENT, &[]);
    reader.require(&section, "name", example);
    let mut line = |key, most| {
        let found = reader.text(&section, key, Text::Line(most))?;
        Some(found.value.to_owned())
    };
    let (title, version, license) = (
        line("title", 100),
        line("version", 64),
        line("license", 200),
    );
    let description = reader.text(&section, "description", Text::Lines(2000));
    let authors = distinct(reader, &section, "authors", 200);
    let tags = distinct(reader, &section, "tags", 40);
    let name = reader.text(&section, "name", Text::Line(64))?;
    let name = reader.parsed_or(name, |text| {
        text.parse::<AgentName>()
            .map_err(|wrong| match kebab(text) {
                Some(right) => {
                    Wrong::new(format!("{wrong}; did you mean {right:?}?")).meaning(Some(&right))
                }
                None => Wrong::new(wrong.to_string()),
            })
    })?;
    Some(About {
        title: title.unwrap_or_else(|| name.value.to_string()),
        name: name.value,
        description: description
            .map(|found| found.value.to_owned())
            .unwrap_or_default(),
        version,
        license,
        authors,
        tags,
    })
}

/// The name that somebody probably meant.
fn kebab(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("-").to_ascii_lowercase();
    name.parse::<AgentName>().is_ok().then_some(name)
}

fn distinct(reader: &mut Reader<'_>, section: &Section<'_>, key: &str, most: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for found in reader.texts(section, key, Text::Line(most)) {
        if texts.iter().any(|text| text == found.value) {
            reader.report(&found.span, &found.key, "is listed twice");
        } else {
            texts.push(found.value.to_owned());
        }
    }
    texts
}
