//! May this call be made, with exactly these arguments?

use serde_json::Value;
use slipway_contract::approval::Answer;
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::tool::Effect;
use slipway_contract::{ContentHash, RunId, StepId};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::always::Always;
use super::{PathsStart, bound};
use crate::browser;
use crate::components::{Button, Kind, arguments};
use crate::text;

/// The call.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) run: RunId,
    /// The step that asks.
    pub(crate) step: StepId,
    /// Takes the pattern of calls that are allowed from now on.
    pub(crate) always: Callback<ArgumentPattern>,
    /// The tool.
    pub(crate) tool: AttrValue,
    /// Who serves it.
    pub(crate) server: AttrValue,
    /// The arguments as they will be sent.
    pub(crate) arguments: Value,
    /// What it does to the world.
    pub(crate) effect: Effect,
    /// What the answer is bound to.
    pub(crate) binding: ContentHash,
    /// An answer is under way.
    pub(crate) busy: bool,
    /// Takes the answer.
    pub(crate) answer: Callback<Answer>,
}

/// The call and the answers. Approve and Deny have no shortcut of one key on purpose.
#[component]
pub(crate) fn Call(props: &Props) -> Html {
    let explaining = use_state_eq(|| false);
    let for_good = use_state_eq(|| false);
    let reason = use_node_ref();
    {
        let reason = reason.clone();
        use_effect_with(*explaining, move |explaining| {
            if *explaining {
                browser::focus(&reason);
            }
        });
    }
    let approve = props.answer.reform(|()| Answer::Approve);
    let deny = {
        let (answer, reason) = (props.answer.clone(), reason.clone());
        Callback::from(move |()| {
            let reason = reason
                .cast::<HtmlInputElement>()
                .map(|field| field.value())
                .unwrap_or_default();
            answer.emit(Answer::Deny {
                reason: reason.trim().to_owned(),
            });
        })
    };
    // One of them at a time: what is decided about stands alone above the buttons.
    let turn_to = |good: bool, why: bool| {
        let (for_good, explaining) = (for_good.clone(), explaining.clone());
        Callback::from(move |()| {
            for_good.set(good);
            explaining.set(why);
        })
    };
    let (open, explain, back) = (
        turn_to(true, false),
        turn_to(false, true),
        turn_to(false, false),
    );
    html! {
        <>
            <div class="approval__body">
                <p class="small t2">{ text::effect(props.effect, &props.server) }</p>
                { arguments(&props.arguments) }
                <PathsStart />
                { bound(props.binding, text::ASKS_AGAIN) }
                if *for_good {
                    <Always run={props.run} step={props.step} tool={props.tool.clone()} busy={props.busy} choose={props.always.clone()} />
                }
                if *explaining {
                    <label class="field approval__reason">
                        <span class="field__label">{ text::WHY_NOT }</span>
                        <input ref={reason} class="input" autocomplete="off" />
                    </label>
                }
            </div>
            <div class="approval__foot">
                <Button label={text::APPROVE_ONCE} kind={Kind::Primary} busy={props.busy} onclick={approve} />
                <Button label={text::DENY} busy={props.busy} onclick={deny} />
                if !*for_good { <Button label={text::ALWAYS} kind={Kind::Quiet} onclick={open} /> }
                if !*explaining { <Button label={text::DENY_BECAUSE} kind={Kind::Quiet} onclick={explain} /> }
                if *for_good || *explaining { <Button label={text::BACK} kind={Kind::Quiet} onclick={back} /> }
            </div>
        </>
    }
}
