//! The limits.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::draft::{DraftPage, ManifestChange};
use yew::prelude::*;

use super::super::drafting::Drafting;
use super::super::field::Line;
use super::{finding, value};
use crate::components::{Icon, small_icon};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
}

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Steps,
    Budget,
    Time,
}

impl Limit {
    const fn key(self) -> &'static str {
        match self {
            Self::Steps => "max_steps",
            Self::Budget => "budget_usd",
            Self::Time => "timeout",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Steps => text::STEPS,
            Self::Budget => text::BUDGET_A_RUN,
            Self::Time => text::TIME,
        }
    }

    /// What the field shows of what `agent.toml` says.
    fn shown(self, said: &Value) -> String {
        let said = said
            .as_str()
            .map_or_else(|| said.to_string(), str::to_owned);
        match self {
            Self::Steps => said,
            Self::Budget if said.starts_with(|c: char| c.is_ascii_digit()) => format!("${said}"),
            Self::Budget => said,
            Self::Time => minutes(&said).map_or(said.clone(), str::to_owned),
        }
    }

    /// What `agent.toml` is to say for what was typed; none takes it away. What is no such value is written as it is,
    /// and the host says what is wrong with it.
    fn written(self, typed: &str) -> Option<Value> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let is_number = typed.bytes().all(|byte| byte.is_ascii_digit());
        Some(match self {
            Self::Steps => typed
                .parse::<i64>()
                .map_or_else(|_| typed.into(), Value::from),
            Self::Budget => typed.trim_start_matches('$').trim().into(),
            Self::Time if is_number => format!("{typed}m").into(),
            Self::Time => typed.into(),
        })
    }
}

/// The minutes of a duration that is nothing but minutes.
fn minutes(said: &str) -> Option<&str> {
    let number = said.strip_suffix('m')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// Steps, money and time.
#[component]
pub(super) fn LimitsSection(props: &Props) -> Html {
    let limits = [Limit::Steps, Limit::Budget, Limit::Time];
    let wrong = limits
        .iter()
        .filter_map(|limit| finding(&props.page, &format!("limits.{}", limit.key())));
    html! {
        <section>
            <h2 class="section">{ text::LIMITS }</h2>
            <div class="limits">{ for limits.iter().map(|limit| field(props, *limit)) }</div>
            { for wrong.map(|found| html! { <div class="field__error" role="alert">{ small_icon(Icon::Alert) }<span>{ text::finding_message(found) }</span></div> }) }
            <p class="small t3 limits__note">{ text::TIME_PARKED }</p>
        </section>
    }
}

fn field(props: &Props, limit: Limit) -> Html {
    let said = value(&props.page, "limits", limit.key());
    let onchange = {
        let drafting = props.drafting.clone();
        Callback::from(move |typed: String| {
            let at = vec!["limits".into(), limit.key().into()];
            drafting.change(vec![match limit.written(&typed) {
                Some(value) => ManifestChange::set(at, value),
                None => ManifestChange::remove(at),
            }]);
        })
    };
    let has_unit = limit == Limit::Time
        && said
            .and_then(Value::as_str)
            .is_none_or(|said| minutes(said).is_some());
    let invalid = finding(&props.page, &format!("limits.{}", limit.key())).is_some();
    html! {
        <div class="field" key={limit.key()}>
            <span class="field__hint" aria-hidden="true">{ limit.label() }</span>
            <span class="unit">
                <Line value={said.map(|said| limit.shown(said)).unwrap_or_default()} label={limit.label()} num=true {invalid} placeholder={text::NONE} {onchange} />
                if has_unit { <span>{ text::MINUTES }</span> }
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_and_typed_again_is_the_same() {
        for (limit, said, shown) in [
            (Limit::Steps, json!(24), "24"),
            (Limit::Budget, json!("0.50"), "$0.50"),
            (Limit::Time, json!("5m"), "5"),
            (Limit::Time, json!("1h30m"), "1h30m"),
        ] {
            assert_eq!(limit.shown(&said), shown);
            assert_eq!(limit.written(shown), Some(said));
        }
    }

    #[test]
    fn what_is_wrong_is_left_to_the_host_and_nothing_is_no_limit() {
        assert_eq!(Limit::Steps.written("many"), Some(json!("many")));
        assert_eq!(Limit::Budget.written(" $ 1.5 "), Some(json!("1.5")));
        assert_eq!(Limit::Time.written("an hour"), Some(json!("an hour")));
        assert_eq!(Limit::Time.written("  "), None);
    }
}
