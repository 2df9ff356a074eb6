//! One limit of money: the amount, which is kept when the field is left, and how it stands.

use slipway_contract::Usd;
use slipway_contract::budget::{BudgetKey, BudgetSummary};
use slipway_contract::command::{RemoveBudget, SetBudget};
use slipway_contract::history::RunFilter;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::bridge::use_action;
use crate::components::{Button, Icon, Kind, LimitBar, notice};
use crate::pages::runs::Unknown;
use crate::{format, text};

/// Which limit.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Its name.
    pub(super) label: AttrValue,
    /// For whom and over which time.
    pub(super) of: BudgetKey,
    /// How it stands, where there is one.
    pub(super) budget: Option<BudgetSummary>,
    /// What was spent, also where there is no limit.
    pub(super) spent: Usd,
    /// The runs that belong to the period, and a number that rises when they are to be counted again.
    #[prop_or_default]
    pub(super) runs: Option<(RunFilter, u32)>,
    /// It is a new one, of which nothing is shown yet.
    #[prop_or_default]
    pub(super) adds: bool,
    /// It was set or removed.
    pub(super) changed: Callback<()>,
}

/// A limit in a row.
#[component]
pub(super) fn Limit(props: &Props) -> Html {
    let set = use_action::<SetBudget>(props.changed.reform(|_: BudgetSummary| ()));
    let remove = use_action::<RemoveBudget>(props.changed.clone());
    let take_away = {
        let (send, key) = (remove.send.clone(), props.of.clone());
        Callback::from(move |()| send.emit(RemoveBudget { key: key.clone() }))
    };
    let onset = {
        let (send, take_away, key) = (set.send.clone(), take_away.clone(), props.of.clone());
        let is_there = props.budget.is_some();
        Callback::from(move |limit: Option<Usd>| match limit {
            Some(limit_usd) => send.emit(SetBudget {
                key: key.clone(),
                limit_usd,
            }),
            None if is_there => take_away.emit(()),
            None => {}
        })
    };
    let limit = props.budget.as_ref().map(|budget| budget.limit_usd);
    let name = text::budget_of(&props.of.to_string());
    let id = format!("limit-{}", props.of.to_string().replace([' ', ','], "-"));
    let problem = set.problem.as_ref().or(remove.problem.as_ref());
    let said = problem
        .map(|problem| html! { <div class="bound__problem">{ notice(problem, None) }</div> });
    if props.adds {
        return html! {
            <>
                <LimitField id={format!("{id}-new")} label={name} {limit} add=true {onset} />
                { for said }
            </>
        };
    }
    let reserved = props
        .budget
        .as_ref()
        .map_or(Usd::ZERO, |budget| budget.reserved_usd);
    let stands = text::period_spent(props.spent, reserved);
    html! {
        <div class="bound">
            <span class="bound__name">
                <span class="medium clip" title={props.label.clone()}>{ props.label.clone() }</span>
                if props.of.agent.is_some() { <span class="small t3">{ text::period(props.of.period) }</span> }
            </span>
            <LimitField {id} label={name} {limit} {onset} />
            <span class="bound__bar">
                if let Some(limit) = limit { <LimitBar spent={props.spent} {reserved} {limit} label={stands.clone()} /> }
            </span>
            <span class="bound__spent small t2 num">
                { stands }
                if let Some((filter, asked)) = &props.runs { <Unknown filter={filter.clone()} asked={*asked} /> }
            </span>
            if let Some(agent) = &props.of.agent {
                <Button label={text::REMOVE} name={text::remove_budget(agent.as_str(), props.of.period)} icon={Icon::Trash} icon_only=true kind={Kind::Quiet} small=true busy={remove.busy} onclick={take_away} />
            }
            { for said }
        </div>
    }
}

/// The amount.
#[derive(Properties, PartialEq)]
pub(super) struct FieldProps {
    /// By which it is found in the page.
    pub(super) id: AttrValue,
    /// Its name.
    pub(super) label: AttrValue,
    /// What is kept.
    pub(super) limit: Option<Usd>,
    /// A button beside it keeps it, instead of leaving the field.
    #[prop_or_default]
    pub(super) add: bool,
    /// Another one is to be kept.
    pub(super) onset: Callback<Option<Usd>>,
}

/// A field for an amount: Enter or leaving it keeps it, Escape leaves it as it was.
#[component]
pub(super) fn LimitField(props: &FieldProps) -> Html {
    let shown = props.limit.map(format::budget).unwrap_or_default();
    let written = use_state_eq(|| None::<String>);
    let wrong = use_state_eq(|| false);
    let keep = {
        let (written, wrong, onset) = (written.clone(), wrong.clone(), props.onset.clone());
        let limit = props.limit;
        Callback::from(move |()| {
            let Some(typed) = &*written else { return };
            match amount(typed) {
                Ok(wanted) => {
                    wrong.set(false);
                    written.set(None);
                    if wanted != limit {
                        onset.emit(wanted);
                    }
                }
                Err(NotAnAmount) => wrong.set(true),
            }
        })
    };
    let oninput = {
        let (written, wrong) = (written.clone(), wrong.clone());
        Callback::from(move |event: InputEvent| {
            wrong.set(false);
            let field = event.target_dyn_into::<HtmlInputElement>();
            written.set(field.map(|field| field.value()));
        })
    };
    let onkeydown = {
        let (keep, written, wrong) = (keep.clone(), written.clone(), wrong.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => keep.emit(()),
            "Escape" if written.is_some() => {
                event.stop_propagation();
                written.set(None);
                wrong.set(false);
            }
            _ => {}
        })
    };
    let onblur = (!props.add).then(|| keep.reform(|_: FocusEvent| ()));
    let value = written.as_ref().cloned().unwrap_or(shown);
    let note = format!("{}-note", props.id);
    html! {
        <span class="bound__field">
            <input
                type="text"
                inputmode="decimal"
                class="input num"
                id={props.id.clone()}
                aria-label={props.label.clone()}
                aria-invalid={wrong.then_some("true")}
                aria-describedby={wrong.then(|| note.clone())}
                placeholder={text::NO_LIMIT}
                title={text::NO_LIMIT_HOW}
                autocomplete="off"
                spellcheck="false"
                {value}
                {oninput}
                {onkeydown}
                {onblur}
            />
            if props.add { <Button label={text::ADD_BUDGET} onclick={keep} /> }
            if *wrong { <span class="field__error" id={note} role="alert">{ text::NOT_AN_AMOUNT }</span> }
        </span>
    }
}

/// What was typed is no amount.
#[derive(Debug, PartialEq, Eq)]
struct NotAnAmount;

/// What was typed as an amount; none for no limit.
fn amount(typed: &str) -> Result<Option<Usd>, NotAnAmount> {
    let typed = typed.trim().trim_start_matches('$').trim();
    // A comma before two digits at the end is how many people write a point.
    let plain = match typed.rsplit_once(',') {
        Some((whole, cents)) if !whole.contains(['.', ',']) && cents.len() <= 2 => {
            format!("{whole}.{cents}")
        }
        _ => typed.replace(',', ""),
    };
    if plain.is_empty() {
        return Ok(None);
    }
    plain.parse().map(Some).map_err(|_| NotAnAmount)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let usd = |text: &str| Ok(Some(text.parse().unwrap()));
        for (typed, read) in [
            ("40", usd("40")),
            ("$40.00", usd("40")),
            (" $ 0.5 ", usd("0.5")),
            ("0,50", usd("0.5")),
            ("1,200", usd("1200")),
            ("1,200.50", usd("1200.5")),
            ("", Ok(None)),
            ("$", Ok(None)),
            ("much", Err(NotAnAmount)),
            ("-4", Err(NotAnAmount)),
            ("4 €", Err(NotAnAmount)),
        ] {
            assert_eq!(amount(typed), read, "{typed:?}");
        }
    }
}
