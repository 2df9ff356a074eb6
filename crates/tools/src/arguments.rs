//! A call's arguments, as a type.

use serde::de::DeserializeOwned;
use serde_json::Value;
use slipway_agent::ports::tool::ToolError;

/// Reads the arguments. What does not fit is told with the place where it does not.
pub(crate) fn parse<T: DeserializeOwned>(arguments: Value) -> Result<T, ToolError> {
    serde_path_to_error::deserialize(arguments).map_err(|error| {
        let place = error.path().to_string();
        let what = error.into_inner();
        if place == "." {
            told(format!("The arguments do not fit this tool: {what}."))
        } else {
            told(format!(
                "The argument `{place}` does not fit this tool: {what}."
            ))
        }
    })
}

/// An error for the model: what happened and what it can do.
pub(crate) fn told(message: impl Into<String>) -> ToolError {
    ToolError::Model(message.into())
}

/// The name among `known` that was probably meant, as the end of a message.
pub(crate) fn meant<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    known
        .into_iter()
        .map(|known| {
            let alike = strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
            (alike, known)
        })
        .filter(|(alike, _)| *alike > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, known)| {
            format!("; did you mean `{known}`?")
        })
}

/// The text, cut after this many characters, with a mark where it was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its type matters")]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only its type matters")]
        count: u32,
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let error = |value| parse::<Sample>(value).unwrap_err().to_string();
        let nested = error(json!({"list": [{"count": 1}, {"count": "x"}]}));
        assert!(
            nested.contains("list[1].count") && nested.contains("u32"),
            "{nested}"
        );
        let unknown = error(json!({"list": [], "lsit": 1}));
        assert!(unknown.contains("unknown field `lsit`"), "{unknown}");
    }

    #[test]
    fn the_nearest_name_is_offered() {
        assert_eq!(
            meant("amuont", ["date", "amount"]),
            "; did you mean `amount`?"
        );
        assert_eq!(meant("xyz", ["date", "amount"]), "");
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äö", 2), "äö");
    }
}
