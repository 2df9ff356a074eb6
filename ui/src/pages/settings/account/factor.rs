//! What signing in asks for after the password. It is changed on the server's page, where the password is typed.

use slipway_contract::command::cloud::{OpenAccountPage, ShowSecondFactor};
use yew::prelude::*;

use crate::bridge::{use_action, use_query};
use crate::components::{Button, Icon, async_value, notice, skeleton};
use crate::text;

/// When to ask anew.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The second factor.
#[component]
pub(super) fn Factor(props: &Props) -> Html {
    let factor = use_query(ShowSecondFactor {}, props.asked);
    let open = use_action::<OpenAccountPage>(Callback::noop());
    let onclick = open.send.reform(|()| OpenAccountPage {});
    html! {
        <section class="account__part" aria-label={text::SECOND_FACTOR}>
            <h2 class="section">{ text::SECOND_FACTOR }</h2>
            { async_value(&factor, skeleton::lines(&["w-320"]), |factor| {
                let label = match factor.totp || factor.passkeys {
                    true => text::CHANGE_IN_BROWSER,
                    false => text::SET_UP,
                };
                html! {
                    <div class="pref">
                        <div class="pref__what"><div>{ text::second_factor(factor) }</div><div class="small t3">{ text::SECOND_FACTOR_HOW }</div></div>
                        <Button {label} icon={Icon::External} small=true busy={open.busy} {onclick} />
                    </div>
                }
            }) }
            if let Some(problem) = &open.problem { { notice(problem, None) } }
        </section>
    }
}
