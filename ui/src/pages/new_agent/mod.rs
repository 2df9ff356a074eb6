//! A new agent: blank, from a template, from an example, or imported.

mod create;
mod examples;
mod import;

use slipway_contract::agent::AgentSummary;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Agents;
use crate::components::topbar;
use crate::route::Route;
use crate::text;

/// A new agent.
#[component]
pub(crate) fn NewAgentPage() -> Html {
    let navigator = use_navigator();
    let agents = use_context::<Agents>();
    let made = Callback::from(move |agent: AgentSummary| {
        if let Some(Agents(agents)) = &agents {
            agents.again.emit(());
        }
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Agent { name: agent.name });
        }
    });
    html! {
        <>
            { topbar(text::NEW_AGENT, Html::default(), Html::default()) }
            <div class="page scroll" data-pane="" tabindex="-1">
                <div class="new-agent">
                    <create::Create made={made.clone()} />
                    <import::Import made={made.clone()} />
                    <examples::Examples {made} />
                </div>
            </div>
        </>
    }
}
