//! Answering for good: the patterns that a rule could have, each whole, and a button beside each.

use serde_json::Value;
use slipway_contract::command::RuleChoices;
use slipway_contract::rule::{ArgumentPattern, ValuePattern};
use slipway_contract::{RunId, StepId};
use yew::prelude::*;

use crate::bridge::use_query;
use crate::components::{Button, async_value, exact};
use crate::text;

/// The question that is answered for good.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The run.
    pub(super) run: RunId,
    /// The step that asks.
    pub(super) step: StepId,
    /// The tool.
    pub(super) tool: AttrValue,
    /// An answer is under way.
    pub(super) busy: bool,
    /// Takes the pattern that was chosen.
    pub(super) choose: Callback<ArgumentPattern>,
}

/// The patterns. What is pressed is what stands beside the button.
#[component]
pub(super) fn Always(props: &Props) -> Html {
    let found = use_query(
        RuleChoices {
            run: props.run,
            step: props.step,
        },
        0,
    );
    let choice = |shown: &ArgumentPattern| {
        let taken = shown.clone();
        let choose = props.choose.reform(move |()| taken.clone());
        html! {
            <li class="pattern">
                { pattern(shown) }
                <Button label={text::ALWAYS_WITH_THESE} small=true busy={props.busy} onclick={choose} />
            </li>
        }
    };
    html! {
        <section class="patterns" aria-label={text::ALWAYS}>
            <p class="small t2">{ text::always_allow(&props.tool) }</p>
            { async_value(&found, html! { <span class="skeleton w-240"></span> }, |patterns| html! {
                if patterns.is_empty() {
                    <p class="small t3">{ text::TOO_LONG_FOR_A_RULE }</p>
                } else {
                    <ul>{ for patterns.iter().map(choice) }</ul>
                }
            }) }
        </section>
    }
}

/// A pattern, a field a line. It shows itself as it is: what cannot be seen is written as its code.
pub(crate) fn pattern(pattern: &ArgumentPattern) -> Html {
    let field = |(words, text): (String, Option<&str>)| {
        html! {
            <div class="as-written">
                { words }
                if let Some(text) = text { <div class="well pattern__text">{ exact(text) }</div> }
            </div>
        }
    };
    html! { <div class="pattern__fields mono selectable">{ for fields(pattern).into_iter().map(field) }</div> }
}

/// Each field as the pattern names it; a text of several lines stands apart, as it will be sent.
fn fields(pattern: &ArgumentPattern) -> Vec<(String, Option<&str>)> {
    let texts = pattern.0.values().map(|value| match value {
        ValuePattern::Is(Value::String(text)) if text.contains('\n') => Some((value, text)),
        _ => None,
    });
    let shown = pattern.fields().into_iter();
    shown
        .zip(texts.chain([None]))
        .map(|(field, text)| match text {
            Some((value, text)) => {
                let named = field.strip_suffix(&value.to_string());
                (named.unwrap_or(&field).to_owned(), Some(text.as_str()))
            }
            None => (field, None),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_of_several_lines_is_shown_as_lines() {
        let is = |value: Value| ValuePattern::Is(value);
        let pattern = ArgumentPattern(
            [
                ("content".to_owned(), is(json!("one\ntwo \"three\""))),
                ("folder".to_owned(), ValuePattern::Anything),
                ("path".to_owned(), is(json!("a.md"))),
            ]
            .into(),
        );
        assert_eq!(
            fields(&pattern),
            [
                ("content = ".to_owned(), Some("one\ntwo \"three\"")),
                ("folder = anything".to_owned(), None),
                ("path = \"a.md\"".to_owned(), None),
            ]
        );
        let none = ArgumentPattern::default();
        assert_eq!(fields(&none), [("no arguments".to_owned(), None)]);
    }
}
