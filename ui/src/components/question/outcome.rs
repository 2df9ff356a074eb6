//! A call that changes something was cut off: did it happen?

use serde_json::Value;
use slipway_contract::ContentHash;
use slipway_contract::approval::Answer;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::bound;
use crate::browser;
use crate::components::{Button, Kind, arguments};
use crate::text;

/// The call.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The tool.
    pub(crate) tool: AttrValue,
    /// The arguments that were sent.
    pub(crate) arguments: Value,
    /// What the answer is bound to.
    pub(crate) binding: ContentHash,
    /// An answer is under way.
    pub(crate) busy: bool,
    /// Takes the answer.
    pub(crate) answer: Callback<Answer>,
}

/// The call, and what the person found out about it.
#[component]
pub(crate) fn Outcome(props: &Props) -> Html {
    let happened = use_state_eq(|| false);
    let result = use_node_ref();
    {
        let result = result.clone();
        use_effect_with(*happened, move |happened| {
            if *happened {
                browser::focus(&result);
            }
        });
    }
    let tell = {
        let happened = happened.clone();
        Callback::from(move |()| happened.set(true))
    };
    let send = {
        let (answer, result) = (props.answer.clone(), result.clone());
        Callback::from(move |()| {
            let result = result
                .cast::<HtmlTextAreaElement>()
                .map(|field| field.value())
                .unwrap_or_default();
            answer.emit(Answer::Happened { result });
        })
    };
    let not_happened = props.answer.reform(|()| Answer::NotHappened);
    let stop = props.answer.reform(|()| Answer::Stop);
    html! {
        <>
            <div class="approval__body">
                <p class="small t2">{ text::outcome_unknown(&props.tool) }</p>
                { arguments(&props.arguments) }
                { bound(props.binding, text::ASKS_AGAIN) }
                if *happened {
                    <label class="field approval__reason">
                        <span class="field__label">{ text::WHAT_IT_RETURNED }</span>
                        <textarea ref={result} class="textarea" rows="3" />
                        <span class="field__hint">{ text::WHAT_IT_RETURNED_HINT }</span>
                    </label>
                }
            </div>
            <div class="approval__foot">
                if *happened {
                    <Button label={text::IT_HAPPENED} kind={Kind::Primary} busy={props.busy} onclick={send} />
                } else {
                    <Button label={text::IT_HAPPENED_TELL} busy={props.busy} onclick={tell} />
                }
                <Button label={text::NOT_HAPPENED} busy={props.busy} onclick={not_happened} />
                <Button label={text::STOP_RUN} kind={Kind::Quiet} busy={props.busy} onclick={stop} />
            </div>
        </>
    }
}
