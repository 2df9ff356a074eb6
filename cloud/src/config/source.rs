//! Where settings come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use slipway_contract::Secret;

use super::listed::SETTINGS;
use super::{clear_text, vault};

/// The largest file of a secret, in bytes.
const LARGEST: u64 = 64 * 1024;

/// What is wrong with the settings: all of it at once, each by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrongSettings(pub Vec<String>);

impl fmt::Display for WrongSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are wrong:")?;
        self.0.iter().try_for_each(|each| write!(f, "\n  {each}"))
    }
}

impl std::error::Error for WrongSettings {}

/// Settings as they were given.
#[derive(Debug, Default)]
pub struct Source {
    given: BTreeMap<String, Secret>,
    /// What was given and could not be read.
    unread: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

/// Reads a file of `NAME=value` lines.
fn read_file(path: &Path, wrong: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            wrong.push(format!("SLIPWAY_CLOUD_CONFIG={}: {error}", path.display()));
            return read;
        }
    };
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line_number = at + 1;
        let Some((name, value)) = line.split_once('=') else {
            wrong.push(format!(
                "{}, line {line_number}: this is not NAME=value",
                path.display()
            ));
            continue;
        };
        let name = name.trim();
        let bare = name.strip_suffix("_FILE").unwrap_or(name);
        if !SETTINGS
            .iter()
            .any(|setting| setting.name == name || setting.secret && setting.name == bare)
        {
            wrong.push(format!(
                "{}, line {line_number}: {name} is no setting; `slipway-cloud settings` lists them",
                path.display()
            ));
            continue;
        }
        let value = value.trim();
        let bare = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        read.insert(name.to_owned(), bare.to_owned());
    }
    read
}

fn read_secret(name: &str, path: &str) -> Result<String, String> {
    let size = std::fs::metadata(path)
        .map_err(|error| format!("{name}_FILE={path}: {error}"))?
        .len();
    if size > LARGEST {
        return Err(format!(
            "{name}_FILE={path}: it has {size} bytes, and {LARGEST} are the most"
        ));
    }
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{name}_FILE={path}: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

impl Source {
    /// From these variables, the file that they name, the files of secrets, and Vault. What cannot be read, and names
    /// that are nearly a setting's, are told with what else is wrong.
    pub async fn gather(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut wrong = Vec::new();
        let mut unread = BTreeSet::new();
        let mut given: BTreeMap<String, String> = variables
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if let Some(path) = given.remove("SLIPWAY_CLOUD_CONFIG") {
            for (name, value) in read_file(Path::new(&path), &mut wrong) {
                given.entry(name).or_insert(value);
            }
        }
        for setting in SETTINGS.iter().filter(|setting| setting.secret) {
            let Some(path) = given.remove(&format!("{}_FILE", setting.name)) else {
                continue;
            };
            if given.contains_key(setting.name) {
                wrong.push(format!(
                    "{0} and {0}_FILE are both given; give one of them",
                    setting.name
                ));
                continue;
            }
            match read_secret(setting.name, &path) {
                Ok(value) => drop(given.insert(setting.name.to_owned(), value)),
                Err(error) => {
                    wrong.push(error);
                    unread.insert(setting.name);
                }
            }
        }
        let is_known = |name: &str| SETTINGS.iter().any(|setting| setting.name == name);
        for name in given
            .keys()
            .filter(|name| name.starts_with("SLIPWAY_CLOUD_") && !is_known(name))
        {
            wrong.push(format!(
                "{name} is no setting; `slipway-cloud settings` lists them"
            ));
        }
        if let Err(error) = from_vault(&mut given).await {
            wrong.push(error);
            unread.extend(in_vault());
        }
        let given = given.into_iter().filter(|(name, _)| is_known(name));
        Self {
            given: given
                .map(|(name, value)| (name, Secret::new(value)))
                .collect(),
            unread,
            wrong,
        }
    }

    /// What is wrong already.
    pub(super) fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// Whether a setting was not given. One that could not be read was.
    pub(super) fn is_missing(&self, name: &str) -> bool {
        !self.given.contains_key(name) && !self.unread.contains(name)
    }

    /// What was given for a setting.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(|value| value.expose().as_str())
    }
}

/// The settings that may come from Vault.
fn in_vault() -> impl Iterator<Item = &'static str> {
    SETTINGS
        .iter()
        .filter(|setting| setting.secret && setting.name != "VAULT_TOKEN")
        .map(|setting| setting.name)
}

/// Adds what is in Vault, if one is named, to what was not given otherwise.
async fn from_vault(given: &mut BTreeMap<String, String>) -> Result<(), String> {
    let Some(address) = given.get("VAULT_ADDR") else {
        return Ok(());
    };
    let path = given
        .get("VAULT_PATH")
        .map_or("secret/slipway-cloud", String::as_str);
    let token = given.get("VAULT_TOKEN").map_or("", String::as_str);
    let is_in_production = given
        .get("SLIPWAY_CLOUD_ENVIRONMENT")
        .is_some_and(|environment| environment != "development");
    if let Some(reason) = is_in_production
        .then(|| clear_text::vault(address))
        .flatten()
    {
        return Err(reason);
    }
    let fetched = vault::fetch(address, path, token).await?;
    for name in in_vault() {
        if let Some(value) = fetched.get(name) {
            given
                .entry(name.to_owned())
                .or_insert_with(|| value.clone());
        }
    }
    Ok(())
}
