//! The form beside the text: model, tools, what may be touched, limits. What it changes, it changes in `agent.toml`.

mod limits;
mod model;
mod tools;
mod touch;

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::draft::DraftPage;
use slipway_contract::error::Finding;
use yew::prelude::*;

use super::drafting::Drafting;
use crate::app::Pulse;
use crate::components::Rules;
use crate::editor::Place;
use crate::text;

/// Of which draft.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
    pub(super) go_to: Callback<(String, Place)>,
}

/// The form.
#[component]
pub(super) fn Inspector(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let (drafting, page) = (&props.drafting, &props.page);
    html! {
        <aside class="pane inspector inspector--build scroll" aria-label={text::CONFIGURATION} data-pane="" tabindex="-1">
            if page.values.is_some() {
                <model::ModelSection drafting={drafting.clone()} page={Rc::clone(page)} />
                <tools::ToolsSection drafting={drafting.clone()} page={Rc::clone(page)} go_to={props.go_to.clone()} />
                <touch::TouchSection drafting={drafting.clone()} page={Rc::clone(page)} />
                <limits::LimitsSection drafting={drafting.clone()} page={Rc::clone(page)} />
            } else {
                <section><p class="small t2">{ text::NOT_TOML_FORMS }</p></section>
            }
            <Rules agent={drafting.agent().clone()} pulse={pulse.0} />
        </aside>
    }
}

/// A value of a table of `agent.toml`.
fn value<'p>(page: &'p DraftPage, table: &str, key: &str) -> Option<&'p Value> {
    page.values.as_ref()?.get(table)?.get(key)
}

/// The texts of a list of a table of `agent.toml`.
fn texts(page: &DraftPage, table: &str, key: &str) -> Vec<String> {
    let list = value(page, table, key).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// What is wrong with a value.
fn finding<'p>(page: &'p DraftPage, key: &str) -> Option<&'p Finding> {
    let mut findings = page.draft.findings.iter();
    findings.find(|finding| finding.key.as_deref() == Some(key))
}
