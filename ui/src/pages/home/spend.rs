//! What was spent this month: against its budget, day by day, by agent.

use jiff::civil::Date;
use slipway_contract::Usd;
use slipway_contract::history::{AgentSpend, DaySpend, MonthSpend};
use yew::prelude::*;

use crate::browser::use_style;
use crate::components::{LimitBar, share};
use crate::pages::runs::{Unknown, of_time};
use crate::route::{Route, Section};
use crate::{format, text};

/// Agents that are shown; the rest is in no sum that is not there.
const AGENTS: usize = 5;

/// The drawing's width, and what of it belongs to a day.
const WIDTH: u32 = 284;
/// Its height above the line.
const HEIGHT: u32 = 42;

/// The figures of the month.
pub(super) fn spend(month: &MonthSpend, asked: u32) -> Html {
    let most = month.agents.first().map(|agent| agent.spent_usd);
    html! {
        <section aria-label={text::spend_in(&format::month_name(month.today))}>
            <h2 class="section">{ text::spend_in(&format::month_name(month.today)) }</h2>
            <p class="home__figure num"><span class="figure">{ format::usd_period(month.spent_usd) }</span>{ limit(month) }</p>
            <Unknown key="unknown" filter={of_time(month.since, month.until)} {asked} />
            if let Some(of) = month.limit_usd {
                <LimitBar spent={month.spent_usd} reserved={month.reserved_usd} limit={of} label={text::budget_in_words(&format::usd_period(month.spent_usd), &format::usd_period(month.reserved_usd), &format::usd_period(of))} />
                <dl class="split num">
                    <div><dt class="key"><i></i>{ text::SPENT }</dt><dd>{ format::usd_period(month.spent_usd) }</dd></div>
                    <div><dt class="key"><i class="reserved"></i>{ text::RESERVED }</dt><dd>{ format::usd_period(month.reserved_usd) }</dd></div>
                    <div><dt class="key"><i class="left"></i>{ text::LEFT }</dt><dd>{ format::usd_period(month.left_usd.unwrap_or_default()) }</dd></div>
                </dl>
            }
            { bars(month) }
            <div class="home__agents">{ for month.agents.iter().take(AGENTS).map(|agent| html! { <Agent key={agent.agent.to_string()} agent={agent.clone()} most={most.unwrap_or_default()} /> }) }</div>
        </section>
    }
}

fn limit(month: &MonthSpend) -> Html {
    let budgets = Route::Settings {
        section: Section::Budgets,
    };
    match month.limit_usd {
        Some(limit) => {
            html! { <span class="t3">{ text::of_limit(&format::usd_period(limit)) }</span> }
        }
        None => html! { <a class="small" href={budgets.href()}>{ text::NO_LIMIT_OF_MONTH }</a> },
    }
}

/// A bar for each day, the highest as high as there is room.
fn bars(month: &MonthSpend) -> Html {
    let days = u32::from(month.today.days_in_month().unsigned_abs());
    let shown = heights(&month.days);
    let most = month.days.iter().max_by_key(|day| day.spent_usd);
    let most = most.filter(|day| day.spent_usd != Usd::ZERO);
    let amount = most.map(|day| format::usd_period(day.spent_usd));
    let spoken: Vec<(u32, String)> = month
        .days
        .iter()
        .filter(|day| day.spent_usd != Usd::ZERO)
        .map(|day| (number(day.day), format::usd_period(day.spent_usd)))
        .collect();
    let label = text::days_in_words(
        &spoken,
        most.map(|day| number(day.day)).zip(amount.as_deref()),
    );
    let today = number(month.today);
    let left = |day: u32| tenths((day - 1) * WIDTH * 10 / days);
    let width = tenths(WIDTH * 10 / days - 30);
    let middle = tenths((today - 1) * WIDTH * 10 / days + (WIDTH * 10 / days - 30) / 2);
    let bar = |(day, height): (u32, u32)| {
        let class = if day == today {
            "daybar is-today"
        } else {
            "daybar"
        };
        html! { <rect key={day} {class} x={left(day)} y={tenths(HEIGHT * 10 - height)} width={width.clone()} height={tenths(height)} rx="1"></rect> }
    };
    html! {
        <svg class="days" width={WIDTH.to_string()} height="60" viewBox={format!("0 0 {WIDTH} 60")} role="img" aria-label={label}>
            { for shown.into_iter().filter(|(_, height)| *height > 0).map(bar) }
            <path d={format!("M0 42.5h{WIDTH}")} />
            if today > 2 { <text x="0" y="57">{ "1" }</text> }
            <text class="is-today" x={middle} y="57" text-anchor="middle">{ today }</text>
            if today + 2 < days { <text x={(WIDTH - 1).to_string()} y="57" text-anchor="end">{ days }</text> }
        </svg>
    }
}

fn number(day: Date) -> u32 {
    u32::from(day.day().unsigned_abs())
}

/// Tenths of a pixel as the drawing takes them.
fn tenths(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Each day with the height of its bar in tenths of a pixel; a day on which anything was spent has one.
fn heights(days: &[DaySpend]) -> Vec<(u32, u32)> {
    let most = days.iter().map(|day| day.spent_usd).max();
    let most = most.unwrap_or_default();
    let height = |day: &DaySpend| {
        if day.spent_usd == Usd::ZERO {
            0
        } else {
            (share(day.spent_usd, most) * (HEIGHT - 2) / 100).max(15)
        }
    };
    days.iter()
        .map(|day| (number(day.day), height(day)))
        .collect()
}

#[derive(Properties, PartialEq)]
struct AgentProps {
    agent: AgentSpend,
    most: Usd,
}

#[component]
fn Agent(props: &AgentProps) -> Html {
    let share = share(props.agent.spent_usd, props.most);
    let bar = use_style("width", format!("{}.{}%", share / 10, share % 10));
    let to = Route::Agent {
        name: props.agent.agent.clone(),
    };
    html! {
        <div class="spendbar">
            <a class="row-link clip" href={to.href()} title={props.agent.title.clone()}>{ props.agent.title.clone() }</a>
            <span class="spendbar__track"><i ref={bar}></i></span>
            <span class="num r">{ format::usd_period(props.agent.spent_usd) }</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearest_day_is_the_highest_bar_and_none_that_cost_is_lost() {
        let day = |number: i8, spent: &str| DaySpend {
            day: jiff::civil::date(2026, 11, number),
            spent_usd: spent.parse().unwrap_or_default(),
        };
        let days = [day(1, "0"), day(2, "2"), day(3, "0.0001"), day(4, "1")];
        assert_eq!(heights(&days), [(1, 0), (2, 400), (3, 15), (4, 200)]);
        assert_eq!(heights(&[]), []);
        assert_eq!(heights(&[day(1, "0")]), [(1, 0)]);
        assert_eq!(
            (tenths(1_234), tenths(5)),
            ("123.4".to_owned(), "0.5".to_owned())
        );
    }
}
