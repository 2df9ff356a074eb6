//! An error where it happened: what, to what, and the way out.

use slipway_contract::Problem;
use yew::prelude::*;

use super::button::Button;
use super::icon::{Icon, icon};
use crate::text;

/// The notice; with a way to try again where trying again can help.
pub(crate) fn notice(problem: &Problem, again: Option<Callback<()>>) -> Html {
    html! {
        <div class="notice notice--failed selectable" role="alert">
            { icon(Icon::Alert) }
            <div>
                <b>{ text::sentence(&problem.message) }</b>
                if let Some(help) = &problem.help { { " " }{ text::sentence(help) } }
                if let Some(advice) = problem.advice.and_then(text::advice) { { " " }{ advice } }
                if !problem.findings.is_empty() {
                    <ul class="findings">{ for problem.findings.iter().map(|finding| html! { <li class="path">{ finding.to_string() }</li> }) }</ul>
                }
            </div>
            if let Some(again) = again { <Button label={text::TRY_AGAIN} small=true onclick={again} /> }
        </div>
    }
}
