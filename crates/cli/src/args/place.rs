//! The way to a value of `agent.toml`, as it is typed: `tools[0].approval`, `mcp."my.server".url`.

use std::str::FromStr;

use slipway_contract::draft::Step;

/// A way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) Vec<Step>);

/// Why a text is no way to a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected keys with points between and places in brackets, such as `limits.max_steps` or `tools[0].approval`"
)]
pub(crate) struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let (key, after) = key(rest)?;
            steps.push(Step::Key(key.to_owned()));
            rest = after;
            while let Some(inner) = rest.strip_prefix('[') {
                let (index, after) = inner.split_once(']').ok_or(NoPlace)?;
                steps.push(Step::Index(index.parse().map_err(|_| NoPlace)?));
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self(steps)),
                None => return Err(NoPlace),
            }
        }
    }
}

/// The key at the beginning of a text, and what follows it.
fn key(text: &str) -> Result<(&str, &str), NoPlace> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').ok_or(NoPlace);
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    match text.split_at(end) {
        ("", _) => Err(NoPlace),
        found => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_keys_and_places() {
        let place = |text: &str| text.parse::<Place>().map(|place| place.0);
        assert_eq!(place("format"), Ok(vec!["format".into()]));
        assert_eq!(
            place("tools[0].approval"),
            Ok(vec!["tools".into(), 0.into(), "approval".into()])
        );
        assert_eq!(
            place("mcp.\"my.server\".args[2]"),
            Ok(vec![
                "mcp".into(),
                "my.server".into(),
                "args".into(),
                2.into()
            ])
        );
        for wrong in [
            "", ".", "a.", "a..b", "a[", "a[x]", "a[-1]", "a]b[0]c", "[0]", "\"a", "a[0]b",
        ] {
            assert_eq!(place(wrong), Err(NoPlace), "{wrong}");
        }
    }
}
