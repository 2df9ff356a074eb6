//! The models by provider, those that can be used first, and which of them fit what is typed.

use slipway_contract::model::{ModelRef, ModelSummary, Unusable};

/// The height of a provider's line in pixels, as the styles have it.
pub(super) const HEAD: f64 = 28.0;

/// The height of a model's line in pixels, as the styles have it.
pub(super) const OPTION: f64 = 44.0;

/// What may be chosen, prepared once for a list of models.
#[derive(Debug, PartialEq)]
pub(super) struct Choices {
    own: Known,
    groups: Vec<Group>,
}

/// Models of one provider that stand alike.
#[derive(Debug, PartialEq)]
struct Group {
    head: Head,
    models: Vec<Known>,
}

/// A provider above its models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The provider, as in `provider/MODEL`.
    pub(super) provider: String,
    /// As people call it.
    pub(super) title: String,
    /// Why its models cannot be used.
    pub(super) unusable: Option<Unusable>,
}

#[derive(Debug, PartialEq)]
struct Known {
    /// Its number in the host's list.
    place: Option<usize>,
    /// By which it is found, in small letters.
    words: String,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// The model that the agent asks for, with its number where it is listed.
    Own(Option<usize>),
    /// A provider.
    Head(Head),
    /// A way to give that provider a key.
    AddKey(Head),
    /// A model, by its number.
    Model(usize),
    /// A model that is not listed.
    Named(ModelRef),
}

/// The lines that fit what is typed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    /// All of them.
    pub(super) all: Vec<Line>,
    /// The numbers of those that the arrow keys reach.
    pub(super) options: Vec<usize>,
}

impl Line {
    /// Its height in pixels.
    pub(super) const fn height(&self) -> f64 {
        match self {
            Self::Head(_) => HEAD,
            _ => OPTION,
        }
    }
}

impl Lines {
    fn push(&mut self, line: Line) {
        if !matches!(line, Line::Head(_)) {
            self.options.push(self.all.len());
        }
        self.all.push(line);
    }

    /// Where a line begins, in pixels.
    pub(super) fn top(&self, line: usize) -> f64 {
        self.all.iter().take(line).map(Line::height).sum()
    }
}

impl Choices {
    /// The agent's own model, and those that this machine knows.
    pub(super) fn of(own: &str, models: &[ModelSummary]) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut own_known = Known {
            place: None,
            words: own.to_lowercase(),
        };
        for (place, model) in models.iter().enumerate() {
            let name = model.model.to_string();
            let known = Known {
                place: Some(place),
                words: format!("{} {name}", model.provider).to_lowercase(),
            };
            if name == own {
                own_known = known;
                continue;
            }
            let fits = |group: &&mut Group| {
                group.head.provider == model.model.provider
                    && group.head.title == model.provider
                    && group.head.unusable == model.unusable
            };
            // Models of a provider mostly come together: the newest group is looked at first.
            match groups.iter_mut().rev().find(fits) {
                Some(group) => group.models.push(known),
                None => groups.push(Group {
                    head: Head {
                        provider: model.model.provider.clone(),
                        title: title(model),
                        unusable: model.unusable,
                    },
                    models: vec![known],
                }),
            }
        }
        groups.sort_by_key(|group| group.head.unusable.is_some());
        Self {
            own: own_known,
            groups,
        }
    }

    /// The lines that hold every word that is typed.
    pub(super) fn lines(&self, typed: &str) -> Lines {
        let typed = typed.trim();
        let wanted = typed.to_lowercase();
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let fits = |known: &&Known| wanted.iter().all(|word| known.words.contains(word));
        let mut lines = Lines::default();
        if fits(&&self.own) {
            lines.push(Line::Own(self.own.place));
        }
        for group in &self.groups {
            let mut fitting = group.models.iter().filter(fits).peekable();
            if fitting.peek().is_none() {
                continue;
            }
            lines.push(Line::Head(group.head.clone()));
            if matches!(
                group.head.unusable,
                Some(Unusable::NoKey | Unusable::KeysUnreadable)
            ) {
                lines.push(Line::AddKey(group.head.clone()));
            }
            fitting
                .filter_map(|known| known.place)
                .for_each(|place| lines.push(Line::Model(place)));
        }
        if let Some(named) = self.unlisted(typed) {
            lines.push(Line::Named(named));
        }
        lines
    }

    /// What is typed, where it is a model's whole name and none of the list.
    fn unlisted(&self, typed: &str) -> Option<ModelRef> {
        let named: ModelRef = typed.parse().ok()?;
        let name = named.to_string().to_lowercase();
        let is_it = |known: &Known| known.words.ends_with(&format!(" {name}"));
        let listed = self.groups.iter().flat_map(|group| &group.models);
        let is_listed = is_it(&self.own) || self.own.words == name || listed.into_iter().any(is_it);
        (!is_listed).then_some(named)
    }
}

fn title(model: &ModelSummary) -> String {
    if model.provider.is_empty() {
        model.model.provider.clone()
    } else {
        model.provider.clone()
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::model::Abilities;

    use super::*;

    fn model(name: &str, title: &str, unusable: Option<Unusable>) -> ModelSummary {
        ModelSummary {
            model: name.parse().unwrap(),
            provider: title.to_owned(),
            usable: unusable.is_none(),
            unusable,
            abilities: Abilities::default(),
            note: String::new(),
            context_tokens: None,
            price: None,
            price_checked: None,
            price_source: None,
        }
    }

    fn models() -> Vec<ModelSummary> {
        let no_key = Some(Unusable::NoKey);
        vec![
            model("anthropic/claude-sonnet", "Anthropic", no_key),
            model("openai/gpt-5-mini", "OpenAI", None),
            model("openai/gpt-5", "OpenAI", None),
            model("anthropic/claude-haiku", "Anthropic", no_key),
            model("local/llama3.2", "Ollama", None),
            model(
                "local/gpt-oss:cloud",
                "Ollama",
                Some(Unusable::AnotherMachine),
            ),
        ]
    }

    fn shown(models: &[ModelSummary], lines: &Lines) -> Vec<String> {
        let name = |place: usize| models[place].model.to_string();
        lines
            .all
            .iter()
            .map(|line| match line {
                Line::Own(_) => "own".to_owned(),
                Line::Head(head) => format!("# {}", head.title),
                Line::AddKey(head) => format!("+ {}", head.provider),
                Line::Model(place) => name(*place),
                Line::Named(model) => format!("= {model}"),
            })
            .collect()
    }

    #[test]
    fn models_stand_below_their_provider_and_those_that_can_be_used_first() {
        let models = models();
        let lines = Choices::of("openai/gpt-5-mini", &models).lines("");
        assert_eq!(
            shown(&models, &lines),
            [
                "own",
                "# OpenAI",
                "openai/gpt-5",
                "# Ollama",
                "local/llama3.2",
                "# Anthropic",
                "+ anthropic",
                "anthropic/claude-sonnet",
                "anthropic/claude-haiku",
                "# Ollama",
                "local/gpt-oss:cloud",
            ]
        );
        assert_eq!(lines.all[0], Line::Own(Some(1)));
        assert_eq!(lines.options, [0, 2, 4, 6, 7, 8, 10]);
        assert_eq!(lines.top(2), OPTION + HEAD);
    }

    #[test]
    fn every_word_that_is_typed_has_to_be_there() {
        let models = models();
        let choices = Choices::of("recording/october", &models);
        let found = |typed: &str| shown(&models, &choices.lines(typed));
        assert_eq!(found("OLLAMA 3.2"), ["# Ollama", "local/llama3.2"]);
        assert_eq!(found("recording"), ["own"]);
        assert_eq!(found("nothing like it"), [""; 0]);
        assert_eq!(
            found("haiku"),
            ["# Anthropic", "+ anthropic", "anthropic/claude-haiku"]
        );
    }

    #[test]
    fn a_model_that_is_not_listed_can_be_named() {
        let models = models();
        let choices = Choices::of("openai/gpt-5-mini", &models);
        let found = |typed: &str| shown(&models, &choices.lines(typed));
        assert_eq!(
            found(" groq/openai/gpt-oss-120b "),
            ["= groq/openai/gpt-oss-120b"]
        );
        assert_eq!(found("openai/gpt-5"), ["own", "# OpenAI", "openai/gpt-5"]);
        assert_eq!(found("openai/gpt-5-mini"), ["own"]);
        assert_eq!(
            found("local/llama3"),
            ["# Ollama", "local/llama3.2", "= local/llama3"]
        );
        assert_eq!(found("openai/"), ["own", "# OpenAI", "openai/gpt-5"]);
    }

    #[test]
    fn a_provider_that_nobody_knows_has_its_id_as_title() {
        let models = [model("lab/qwen3", "", Some(Unusable::UnknownProvider))];
        let lines = Choices::of("openai/gpt-5", &models).lines("qwen");
        assert_eq!(shown(&models, &lines), ["# lab", "lab/qwen3"]);
    }
}
