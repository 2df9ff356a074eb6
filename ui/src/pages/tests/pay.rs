//! What asking models may cost, asked once before it is spent.

use slipway_contract::Usd;
use slipway_contract::test::Mode;
use yew::prelude::*;

use crate::components::{Button, Dialog, Kind, TextField};
use crate::text;

/// What is proposed.
const USUAL: &str = "1.00";

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// How models answer.
    pub(super) mode: Mode,
    /// What was agreed on before.
    pub(super) budget: Option<Usd>,
    /// The cases that would be run, where that is known.
    pub(super) cases: usize,
    /// It is agreed on.
    pub(super) onagree: Callback<Usd>,
    /// It is not wanted.
    pub(super) onclose: Callback<()>,
}

/// The question.
#[component]
pub(super) fn Pay(props: &Props) -> Html {
    let typed = {
        let budget = props.budget;
        use_state_eq(move || budget.map_or_else(|| USUAL.to_owned(), |budget| budget.to_string()))
    };
    let tried = use_state_eq(|| false);
    let amount = typed
        .trim()
        .trim_start_matches('$')
        .trim()
        .parse::<Usd>()
        .ok();
    let error = (*tried && amount.is_none()).then_some(AttrValue::Static(text::NOT_AN_AMOUNT));
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(text))
    };
    let agree = {
        let (tried, onagree) = (tried.setter(), props.onagree.clone());
        Callback::from(move |()| match amount {
            Some(amount) => onagree.emit(amount),
            None => tried.set(true),
        })
    };
    let onkeydown = {
        let agree = agree.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                agree.emit(());
            }
        })
    };
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.onclose.clone()} />
            <Button label={text::ask_models(props.mode)} kind={Kind::Primary} onclick={agree} />
        </>
    };
    html! {
        <Dialog title={text::models_are_asked(props.mode)} open=true onclose={props.onclose.clone()} {actions}>
            <p class="t2">{ text::asking_how(props.mode, props.cases) }</p>
            <div {onkeydown}>
                <TextField id="tests-budget" label={text::TESTS_BUDGET} value={(*typed).clone()} help={text::TESTS_BUDGET_HOW} {error} {oninput} />
            </div>
        </Dialog>
    }
}
