//! The person's own providers of models: `providers.toml` in their home.

use std::path::Path;

use slipway_contract::{ErrorCode, Problem};
use slipway_runner::Registry;

use crate::App;
use crate::own_files::text_of;

/// The file's name.
const FILE: &str = "providers.toml";

/// What stands before the slash of models that no provider serves.
const LOCAL: &str = "local";
const RECORDING: &str = "recording";

/// The providers that Slipway ships with, and the names of their keys.
pub fn provider_keys() -> impl Iterator<Item = (&'static str, &'static [String])> {
    let known = Registry::built_in().iter();
    known.map(|provider| (provider.id.as_str(), provider.keys.as_slice()))
}

impl App {
    /// What a wrong `providers.toml` keeps from being done: no model is called that a provider
    /// serves. Recordings and servers of this machine are not concerned.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong.
    pub fn check_providers(&self) -> Result<(), Problem> {
        read(&self.home().providers()).map(drop)
    }

    /// The same, as far as this provider is concerned.
    pub(crate) fn check_providers_for(&self, id: &str) -> Result<(), Problem> {
        match id {
            LOCAL | RECORDING => Ok(()),
            _ => self.check_providers(),
        }
    }
}

impl App {
    /// Makes sure that there is a provider of this id, so that a slip of the pen is told before
    /// anything begins.
    ///
    /// # Errors
    /// There is none; the message names the one that seems to be meant.
    pub fn check_provider(&self, id: &str) -> Result<(), Problem> {
        check(&self.home().providers(), id)
    }
}

/// Makes sure that there is a provider of this id among those that are known with this file.
pub(crate) fn check(file: &Path, id: &str) -> Result<(), Problem> {
    // Those that Slipway ships with are there whatever is wrong in the file.
    if unknown(Registry::built_in(), id).is_none() {
        return Ok(());
    }
    unknown(&read(file)?, id).map_or(Ok(()), Err)
}

/// What is wrong with the id of a provider that is not among these.
fn unknown(registry: &Registry, id: &str) -> Option<Problem> {
    if [LOCAL, RECORDING].contains(&id) || registry.get(id).is_some() {
        return None;
    }
    let message = format!("there is no provider {id:?}");
    let problem = Problem::new(ErrorCode::NotFound, message);
    let known: Vec<&str> = registry.iter().map(|known| known.id.as_str()).collect();
    let known = known.join(", ");
    Some(problem.help(match registry.nearest(id) {
        Some(meant) => format!("Did you mean {meant:?}? The providers are: {known}, {LOCAL}."),
        None => format!("The providers are: {known}, {LOCAL}. One of your own goes into {FILE}."),
    }))
}

/// The name of the key that is meant by one for which no provider looks, such as `OPENAI_KEY`.
pub(crate) fn key_meant(file: &Path, name: &str) -> Option<String> {
    let registry = read(file).unwrap_or_else(|_| Registry::built_in().clone());
    let known = || registry.iter().flat_map(|provider| &provider.keys);
    if known().any(|key| key == name) {
        return None;
    }
    let wanted = stem(name);
    let by_key =
        known().find(|key| strsim::jaro_winkler(stem(key), wanted) >= 0.95 && stem(key).len() > 2);
    let by_id = registry
        .iter()
        .find(|provider| provider.id.replace('-', "_").eq_ignore_ascii_case(wanted));
    by_key.or_else(|| by_id?.keys.first()).cloned()
}

/// What a key's name says beside that it is a key.
fn stem(name: &str) -> &str {
    let mut stem = name;
    for end in ["_KEY", "_TOKEN", "_SECRET", "_API"] {
        stem = stem.strip_suffix(end).unwrap_or(stem);
    }
    stem.strip_suffix("_KEY").unwrap_or(stem)
}

/// The providers that are known, with those in this file, if there is one.
pub(crate) fn read(path: &Path) -> Result<Registry, Problem> {
    parsed(text_of(path), path)
}

/// The same, of this text of the file.
pub(crate) fn parsed(
    text: Result<Option<String>, Problem>,
    path: &Path,
) -> Result<Registry, Problem> {
    let Some(text) = text? else {
        return Ok(Registry::built_in().clone());
    };
    Registry::with_own(&text).map_err(|findings| {
        let message = format!(
            "{} is not valid, so no provider's address is certain",
            path.display()
        );
        let mut problem = Problem::new(ErrorCode::InvalidInput, message)
            .help("Correct what is named, or move the file away. docs/models.md shows its form.");
        problem.findings = findings;
        problem
    })
}

/// The problem in one line, for whoever asks for a model that needs the file.
pub(crate) fn told(problem: &Problem) -> String {
    let found = problem.findings.iter().map(ToString::to_string);
    let lines = std::iter::once(problem.message.clone()).chain(found);
    let lines: Vec<String> = lines.chain(problem.help.clone()).collect();
    lines.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_by_almost_its_name_is_told() {
        let nowhere = Path::new("/nowhere/providers.toml");
        for (name, meant) in [
            ("OPENAI_KEY", Some("OPENAI_API_KEY")),
            ("OPENAI_TOKEN", Some("OPENAI_API_KEY")),
            ("OPNEAI_API_KEY", Some("OPENAI_API_KEY")),
            ("ANTHROPIC_KEY", Some("ANTHROPIC_API_KEY")),
            ("AZURE_API_KEY", Some("AZURE_OPENAI_API_KEY")),
            ("GEMINI_KEY", Some("GEMINI_API_KEY")),
            ("GEMINI_API_KEY", None),
            ("OPENAI_API_KEY", None),
            ("GITHUB_TOKEN", None),
            ("SLACK_API_KEY", None),
            ("KEY", None),
        ] {
            assert_eq!(key_meant(nowhere, name).as_deref(), meant, "{name}");
        }
    }

    #[test]
    fn a_provider_by_almost_its_name_is_told() {
        let nowhere = Path::new("/nowhere/providers.toml");
        for known in ["openai", "groq", "local", "recording"] {
            assert!(check(nowhere, known).is_ok(), "{known}");
        }
        let problem = check(nowhere, "antropic").unwrap_err();
        assert_eq!(problem.code, ErrorCode::NotFound);
        assert!(
            problem
                .help
                .unwrap()
                .contains("Did you mean \"anthropic\"?")
        );
        let problem = check(nowhere, "zzz").unwrap_err();
        assert!(problem.help.unwrap().contains("openai, "));
    }
}
