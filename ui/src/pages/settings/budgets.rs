//! Settings: limits of money, and what calls are reckoned with.

use slipway_contract::budget::{BudgetKey, BudgetSummary, Period};
use slipway_contract::command::{ListBudgets, ShowPrices, ShowSpend};
use slipway_contract::data::PriceBook;
use slipway_contract::history::{MonthSpend, RunFilter};
use slipway_contract::preferences::Preference;
use slipway_contract::{AgentName, Usd};
use yew::prelude::*;

use super::budget_limit::{Limit, LimitField};
use crate::app::{Agents, Pulse};
use crate::bridge::use_query;
use crate::components::{Button, Choice, Copy, Kind, Select, async_value, notice, skeleton};
use crate::pages::runs::of_time;
use crate::preferences::UsePreferences;
use crate::{format, text};

/// The periods that a budget of one agent can have.
const PERIODS: [Period; 3] = [Period::Month, Period::Day, Period::Total];

/// Limits of money.
#[component]
pub(super) fn Budgets() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let changes = use_state(|| 0_u32);
    let asked = pulse.0.wrapping_add(*changes);
    let spend = use_query(ShowSpend {}, asked);
    let budgets = use_query(ListBudgets {}, asked);
    let prices = use_query(ShowPrices {}, pulse.0);
    let pricing = use_state_eq(|| false);
    let changed = {
        let changes = changes;
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    let toggle = {
        let pricing = pricing.clone();
        Callback::from(move |()| pricing.set(!*pricing))
    };
    let day = prices
        .state
        .ready()
        .map(|prices| text::prices_of(prices.checked.map(format::date).as_deref()));
    let listed = budgets.state.ready().cloned().unwrap_or_default();
    html! {
        <>
            <h1 class="head">{ text::BUDGETS }</h1>
            <p class="t2 set__lead">{ text::BUDGETS_LEAD }</p>
            <section aria-label={text::ALL_AGENTS}>
                <h2 class="section">
                    { text::ALL_AGENTS }<span class="spacer"></span>
                    if let Some(day) = day { <span class="small t3">{ day }</span> }
                    <Button label={text::CHANGE_PRICES} kind={Kind::Quiet} small=true onclick={toggle} />
                </h2>
                if *pricing { { async_value(&prices, skeleton::lines(&["w-320"]), |prices| book(prices)) } }
                { async_value(&budgets, waiting(), |budgets| {
                    async_value(&spend, waiting(), |spend| all_agents(budgets, spend, asked, &changed))
                }) }
            </section>
            <section aria-label={text::ONE_AGENT}>
                <h2 class="section">{ text::ONE_AGENT }</h2>
                { of_agents(&listed, asked, &changed) }
                <Add listed={(*listed).clone()} changed={changed.clone()} />
            </section>
        </>
    }
}

fn all_agents(
    budgets: &[BudgetSummary],
    spend: &MonthSpend,
    asked: u32,
    changed: &Callback<()>,
) -> Html {
    let today = spend.days.last().filter(|day| day.day == spend.today);
    let today = today.map_or(Usd::ZERO, |day| day.spent_usd);
    let row = |label: &'static str, period: Period, spent: Usd| {
        let key = BudgetKey {
            agent: None,
            period,
        };
        let budget = budgets.iter().find(|budget| budget.key == key).cloned();
        // The day's bounds are known from its budget alone.
        let month = (period == Period::Month).then_some((spend.since, spend.until));
        let time = budget
            .as_ref()
            .and_then(|budget| budget.since.zip(budget.until));
        let runs = month
            .or(time)
            .map(|(since, until)| (of_time(since, until), asked));
        html! { <Limit key={period.as_str()} {label} of={key} {budget} {spent} {runs} changed={changed.clone()} /> }
    };
    html! {
        <div class="rows bounds">
            { row(text::THIS_MONTH, Period::Month, spend.spent_usd) }
            { row(text::TODAY_BUDGET, Period::Day, today) }
            <ARun />
        </div>
    }
}

/// What a run may cost whose agent says nothing.
#[component]
fn ARun() -> Html {
    let Some(preferences) = use_context::<UsePreferences>() else {
        return Html::default();
    };
    let onset = preferences.set.reform(|limit: Option<Usd>| {
        let value = limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
        (Preference::RunBudget, value)
    });
    html! {
        <div class="bound">
            <span class="medium">{ text::A_RUN }</span>
            <LimitField id="limit-run" label={text::budget_of(text::A_RUN)} limit={preferences.now.run_budget} {onset} />
            <span class="small t3 bound__how">{ text::A_RUN_HOW }</span>
            if let Some(problem) = &preferences.problem { <div class="bound__problem">{ notice(problem, None) }</div> }
        </div>
    }
}

fn of_agents(budgets: &[BudgetSummary], asked: u32, changed: &Callback<()>) -> Html {
    let own = budgets.iter().filter(|budget| budget.key.agent.is_some());
    let mut own = own.peekable();
    if own.peek().is_none() {
        return html! { <p class="small t3 bounds__none">{ text::NO_AGENT_BUDGET }</p> };
    }
    let row = |budget: &BudgetSummary| {
        let agent = budget.key.agent.as_ref().map(ToString::to_string);
        let agent = agent.unwrap_or_default();
        let filter = RunFilter {
            agents: budget.key.agent.iter().cloned().collect(),
            since: budget.since,
            until: budget.until,
            ..RunFilter::default()
        };
        html! {
            <Limit key={budget.key.to_string()} label={agent} of={budget.key.clone()} budget={budget.clone()} spent={budget.spent_usd} runs={(filter, asked)} changed={changed.clone()} />
        }
    };
    html! { <div class="rows bounds">{ for own.map(row) }</div> }
}

#[derive(Properties, PartialEq)]
struct AddProps {
    listed: Vec<BudgetSummary>,
    changed: Callback<()>,
}

/// A budget for one agent.
#[component]
fn Add(props: &AddProps) -> Html {
    let agents = use_context::<Agents>();
    let agent = use_state_eq(|| 0_usize);
    let period = use_state_eq(|| 0_usize);
    let names: Vec<(AgentName, String)> = agents
        .and_then(|agents| agents.0.state.ready().cloned())
        .map(|agents| {
            agents
                .iter()
                .map(|each| (each.name.clone(), each.title.clone()))
                .collect()
        })
        .unwrap_or_default();
    let Some((name, _)) = names.get(*agent).or_else(|| names.first()) else {
        return html! { <p class="small t3 bounds__none">{ text::NO_AGENT_YET_FOR_BUDGET }</p> };
    };
    let of = BudgetKey {
        agent: Some(name.clone()),
        period: PERIODS.get(*period).copied().unwrap_or(Period::Month),
    };
    let choose = |place: &UseStateHandle<usize>| {
        let place = place.clone();
        Callback::from(move |chosen| place.set(chosen))
    };
    let titles: Vec<Choice> = names
        .iter()
        .map(|(_, title)| Choice::new(title.clone()))
        .collect();
    let periods: Vec<Choice> = PERIODS.map(text::period).map(Choice::new).to_vec();
    let there = props.listed.iter().find(|budget| budget.key == of).cloned();
    html! {
        <div class="bounds__add">
            <Select label={text::AGENT} items={titles} chosen={*agent} onchoose={choose(&agent)} />
            <Select label={text::PERIOD} items={periods} chosen={*period} onchoose={choose(&period)} />
            <Limit key={of.to_string()} label="" of={of.clone()} budget={there} spent={Usd::ZERO} adds=true changed={props.changed.clone()} />
        </div>
    }
}

/// What calls are reckoned with, and where that is changed.
fn book(prices: &PriceBook) -> Html {
    html! {
        <div class="panel" role="group" aria-label={text::PRICES}>
            <p class="small t2">{ text::PRICES_HOW }</p>
            <p class="path selectable as-written">{ prices.own_file.clone() }</p>
            <pre class="code well bounds__form selectable">{ text::PRICES_FORM }</pre>
            <p class="small t3">{ text::PRICES_IN }if prices.has_own { { " " }{ text::OWN_PRICES_HERE } }</p>
            if let Some(problem) = &prices.problem { { notice(problem, None) } }
            <div class="btns">
                <Copy label={text::COPY_PATH} text={prices.own_file.clone()} />
                <Copy label={text::COPY_FORM} text={text::PRICES_FORM} />
            </div>
        </div>
    }
}

fn waiting() -> Html {
    skeleton::lines(&["w-320", "w-320", "w-240"])
}
