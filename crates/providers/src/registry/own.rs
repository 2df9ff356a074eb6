//! The person's own providers: the file `providers.toml` of their home. An entry with the id of a
//! provider that Slipway knows changes what it names of it, any other one is a provider more.

use std::ops::Range;

use serde::Deserialize;
use slipway_contract::error::Finding;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Spanned, Table, Value};

use super::{Dialect, KeyHeader, Protocol, Provider, TABLE};
use crate::catalog::{LOCAL, RECORDING};
use crate::endpoint::BaseUrl;
use crate::findings::{Findings, nearest, shown};

/// The file's name.
pub const FILE: &str = "providers.toml";

/// Characters of what is wrong that are shown.
const MOST_SHOWN: usize = 400;

const TOP: &[&str] = &["format", "provider"];
const ENTRY: &[&str] = &[
    "id",
    "title",
    "protocol",
    "base_url",
    "base_path",
    "base_variable",
    "keys",
    "key_header",
    "keys_page",
    "key_check",
    "free",
    "families_of",
    "dialect",
];

/// An entry, read for its form alone.
#[derive(Deserialize)]
struct Entry {
    id: Id,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    protocol: Option<Protocol>,
    #[serde(default)]
    base_url: Option<BaseUrl>,
    #[serde(default, rename = "base_path")]
    _base_path: Option<String>,
    #[serde(default)]
    base_variable: Option<Variable>,
    #[serde(default, rename = "keys")]
    _keys: Option<Vec<Variable>>,
    #[serde(default, rename = "key_header")]
    _key_header: Option<KeyHeader>,
    #[serde(default, rename = "keys_page")]
    _keys_page: Option<String>,
    #[serde(default, rename = "key_check")]
    _key_check: Option<Below>,
    #[serde(default, rename = "free")]
    _free: Option<bool>,
    #[serde(default, rename = "families_of")]
    _families_of: Option<String>,
    #[serde(default, rename = "dialect")]
    _dialect: Option<Dialect>,
}

/// A provider's id: what stands before the slash of a model's name.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Id(String);

impl TryFrom<String> for Id {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > 40 || !text.chars().all(allowed) {
            let rule = "an id has up to 40 small letters, digits and hyphens, as in \"my-server\"";
            return Err(rule.to_owned());
        }
        if [LOCAL, RECORDING].contains(&text.as_str()) {
            return Err(format!(
                "{text:?} has a meaning of its own; choose another id"
            ));
        }
        Ok(Self(text))
    }
}

/// The name of a key or of a variable.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Variable;

impl TryFrom<String> for Variable {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let begins = text.starts_with(|c: char| c.is_ascii_uppercase());
        if begins && text.len() <= 100 && text.chars().all(allowed) {
            return Ok(Self);
        }
        Err("expected a name of capital letters, digits and _, as in MY_SERVER_KEY")
    }
}

/// A path below a provider's address.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Below;

impl TryFrom<String> for Below {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
        if text.starts_with('/') && text.len() <= 200 && text.chars().all(allowed) {
            return Ok(Self);
        }
        Err("expected a path below the address, as in \"/key\"")
    }
}

/// Reads the file's text.
pub(super) fn providers(source: &str) -> Result<Vec<Provider>, Vec<Finding>> {
    let mut findings = Findings::new(FILE, source);
    let (document, errors) = DeTable::parse_recoverable(source);
    findings.not_toml(&errors);
    let mut providers: Vec<Provider> = Vec::new();
    if !findings.is_empty() {
        return findings.unless_any(providers);
    }
    let top = document.get_ref();
    findings.only(top, TOP, shown);
    if let Some(format) = top.get("format")
        && format.get_ref().as_integer().map(ToString::to_string) != Some("1".to_owned())
    {
        let message = "this Slipway reads format 1: write format = 1";
        findings.report(&format.span(), "format", message);
    }
    let list = top
        .get("provider")
        .map(|list| (list, list.get_ref().as_array()));
    let items = match list {
        None => return findings.unless_any(providers),
        Some((_, Some(items))) => items,
        Some((list, None)) => {
            findings.report(&list.span(), "provider", "expected [[provider]]");
            return findings.unless_any(providers);
        }
    };
    let known = known();
    for (index, item) in items.iter().enumerate() {
        let path = format!("provider[{}]", index + 1);
        let Some(table) = item.get_ref().as_table() else {
            findings.report(&item.span(), &path, "expected a table");
            continue;
        };
        findings.only(table, ENTRY, |key| format!("{path}.{}", shown(key)));
        let read = entry(item, &known).and_then(|provider| {
            let twice = providers.iter().any(|other| other.id == provider.id);
            match (twice, table.get("id"), table.get("families_of")) {
                (true, Some(id), _) => Err(Wrong::at(id.span(), "stands here twice")),
                (_, _, Some(families)) => match lender_is_missing(&provider, &known, &providers) {
                    Some(why) => Err(Wrong::at(families.span(), &why)),
                    None => Ok(provider),
                },
                _ => Ok(provider),
            }
        });
        match read {
            Ok(provider) => providers.push(provider),
            Err(wrong) => {
                let span = wrong.span.unwrap_or_else(|| item.span());
                let key = match key_at(item, &span) {
                    Some(rest) => format!("{path}.{rest}"),
                    None => path,
                };
                findings.report(&span, &key, &wrong.message);
            }
        }
    }
    findings.unless_any(providers)
}

/// What is wrong with an entry, and where.
struct Wrong {
    span: Option<Range<usize>>,
    message: String,
}

impl Wrong {
    fn at(span: Range<usize>, message: &str) -> Self {
        Self {
            span: Some(span),
            message: message.to_owned(),
        }
    }

    fn whole(message: &str) -> Self {
        Self {
            span: None,
            message: message.to_owned(),
        }
    }
}

impl From<toml::de::Error> for Wrong {
    fn from(error: toml::de::Error) -> Self {
        Self {
            span: error.span(),
            message: error
                .message()
                .chars()
                .take(MOST_SHOWN)
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        }
    }
}

fn entry(item: &Spanned<DeValue<'_>>, known: &[Table]) -> Result<Provider, Wrong> {
    // A list would be read as the values of all keys in their order.
    let dialect = item
        .get_ref()
        .as_table()
        .and_then(|table| table.get("dialect"));
    if let Some(dialect) = dialect.filter(|dialect| !dialect.get_ref().is_table()) {
        return Err(Wrong::at(dialect.span(), "expected a table"));
    }
    let Entry {
        id: Id(id),
        title,
        protocol,
        base_url,
        base_variable,
        ..
    } = Entry::deserialize(ValueDeserializer::from(item.clone()))?;
    let own = Table::deserialize(ValueDeserializer::from(item.clone()))?;
    let own = Table::from_iter(
        own.into_iter()
            .filter(|(key, _)| ENTRY.contains(&key.as_str())),
    );
    let named = |table: &&Table| table.get("id").and_then(Value::as_str) == Some(&id);
    let shipped = known.iter().find(named);
    let mut merged = match shipped {
        Some(shipped) => shipped.clone(),
        None => {
            if base_url.is_none() && base_variable.is_none() {
                let message = "is missing: add `base_url = \"https://…/v1\"`";
                return Err(Wrong::whole(&format!("base_url: {message}")));
            }
            let title = Value::String(title.unwrap_or(id));
            let protocol = Value::String("chat".to_owned());
            Table::from_iter([
                ("title".to_owned(), title),
                ("protocol".to_owned(), protocol),
            ])
        }
    };
    if shipped.is_some() && protocol.is_some() {
        // Whoever says how it is spoken to means: wherever it is.
        merged.remove("elsewhere");
    }
    for (key, value) in own {
        match (merged.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => under.extend(over),
            // Its own address stays what tells whether it is at home, and so its prices.
            (Some(_), _) if key == "base_url" => {}
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
    let mut provider = Provider::deserialize(merged)?;
    if shipped.is_some() && provider.own_base() != base_url.as_ref() {
        provider.named_base = base_url;
    }
    Ok(provider)
}

/// What is wrong with the provider whose families this one shares; none when there is such a one.
fn lender_is_missing(provider: &Provider, known: &[Table], above: &[Provider]) -> Option<String> {
    let wanted = provider.families_of.as_deref()?;
    let shipped = known
        .iter()
        .filter_map(|table| table.get("id").and_then(Value::as_str));
    let own = above.iter().map(|other| other.id.as_str());
    let ids: Vec<&str> = shipped.chain(own).filter(|id| *id != provider.id).collect();
    if ids.contains(&wanted) {
        return None;
    }
    Some(match nearest(wanted, &ids) {
        Some(meant) => format!(
            "no provider {:?} is known; did you mean {meant:?}?",
            shown(wanted)
        ),
        None => format!(
            "no provider {:?} is known; one that Slipway ships with is meant, or one that stands above: {}",
            shown(wanted),
            ids.join(", ")
        ),
    })
}

/// The providers that Slipway ships with, as they are written.
fn known() -> Vec<Table> {
    let table = TABLE.parse::<Table>().unwrap_or_default();
    let list = table.get("provider").and_then(Value::as_array);
    let tables = list.into_iter().flatten().filter_map(Value::as_table);
    tables.cloned().collect()
}

/// The path of keys to what stands at this place.
fn key_at(value: &Spanned<DeValue<'_>>, place: &Range<usize>) -> Option<String> {
    match value.get_ref() {
        DeValue::Table(table) => table.iter().find_map(|(key, value)| {
            let name = shown(key.get_ref());
            if key.span().contains(&place.start) {
                return Some(name);
            }
            let here = value.span().contains(&place.start);
            let deeper = key_at(value, place);
            match deeper {
                Some(item) if item.starts_with('[') => Some(format!("{name}{item}")),
                Some(deeper) => Some(format!("{name}.{deeper}")),
                None => here.then_some(name),
            }
        }),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let here = item.span().contains(&place.start);
            let deeper = key_at(item, place).map(|deeper| format!("[{}].{deeper}", index + 1));
            deeper.or_else(|| here.then(|| format!("[{}]", index + 1)))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
