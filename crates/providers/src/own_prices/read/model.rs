//! Reading `[[model]]`.

use std::ops::Range;

use slipway_contract::model::{ModelRef, ToolCalling};
use toml::Spanned;
use toml::de::DeTable;

use super::{Reader, Value};
use crate::catalog::RECORDING;
use crate::findings::shown;
use crate::own_prices::OwnModel;

const MODEL: &[&str] = &[
    "model",
    "context",
    "tools",
    "images",
    "pdfs",
    "reasoning",
    "structured_output",
];

/// One `[[model]]`.
struct Entry<'d> {
    path: String,
    span: Range<usize>,
    table: &'d DeTable<'d>,
}

impl<'d> Entry<'d> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn get(&self, key: &str) -> Option<Value<'d>> {
        self.table.get(key)
    }
}

impl Reader<'_> {
    pub(super) fn models<'d>(&mut self, top: &'d DeTable<'d>) -> Vec<OwnModel> {
        let mut models: Vec<OwnModel> = Vec::new();
        let Some(list) = top.get("model") else {
            return models;
        };
        let Some(items) = list.get_ref().as_array() else {
            self.0.report(&list.span(), "model", "expected [[model]]");
            return models;
        };
        for (index, item) in items.iter().enumerate() {
            let path = format!("model[{}]", index + 1);
            let Some(table) = item.get_ref().as_table() else {
                self.0.report(&item.span(), &path, "expected a table");
                continue;
            };
            let entry = Entry {
                path,
                span: item.span(),
                table,
            };
            let Some(model) = self.own_model(&entry) else {
                continue;
            };
            if models.iter().any(|other| other.model == model.model) {
                let span = entry.get("model").map_or(entry.span.clone(), Spanned::span);
                self.0
                    .report(&span, &entry.key("model"), "stands here twice");
            }
            models.push(model);
        }
        models
    }

    fn own_model(&mut self, entry: &Entry<'_>) -> Option<OwnModel> {
        self.0
            .only(entry.table, MODEL, |key| entry.key(&shown(key)));
        let model = self.named(entry);
        Some(OwnModel {
            context: self.window(entry),
            tools: self.tools(entry),
            images: self.yes_or_no(entry, "images"),
            pdfs: self.yes_or_no(entry, "pdfs"),
            reasoning: self.yes_or_no(entry, "reasoning"),
            structured_output: self.yes_or_no(entry, "structured_output"),
            model: model?,
        })
    }

    fn named(&mut self, entry: &Entry<'_>) -> Option<ModelRef> {
        let Some(found) = entry.get("model") else {
            let message = "is missing: add `model = \"local/my-model\"`";
            self.0.report(&entry.span, &entry.key("model"), message);
            return None;
        };
        let text = found.get_ref().as_str();
        let why = match text.map(str::parse::<ModelRef>) {
            Some(Ok(model)) if model.provider == RECORDING => {
                "a recording is played as it is".to_owned()
            }
            Some(Ok(model)) => return Some(model),
            Some(Err(error)) => error.to_string(),
            None => "expected a text in quotes".to_owned(),
        };
        self.0.report(&found.span(), &entry.key("model"), &why);
        None
    }

    fn window(&mut self, entry: &Entry<'_>) -> Option<u64> {
        let found = entry.get("context")?;
        let digits = found.get_ref().as_integer().map(ToString::to_string);
        let number = digits.and_then(|digits| digits.parse::<u64>().ok());
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            let message = "expected a number of tokens from 1 on";
            self.0.report(&found.span(), &entry.key("context"), message);
        }
        number
    }

    fn tools(&mut self, entry: &Entry<'_>) -> Option<ToolCalling> {
        let found = entry.get("tools")?;
        match found.get_ref().as_str() {
            Some("native") => Some(ToolCalling::Native),
            Some("prompted") => Some(ToolCalling::Prompted),
            _ => {
                let message = "expected \"native\" or \"prompted\"";
                self.0.report(&found.span(), &entry.key("tools"), message);
                None
            }
        }
    }

    fn yes_or_no(&mut self, entry: &Entry<'_>, key: &str) -> Option<bool> {
        let found = entry.get(key)?;
        let said = found.get_ref().as_bool();
        if said.is_none() {
            self.0
                .report(&found.span(), &entry.key(key), "expected true or false");
        }
        said
    }
}
