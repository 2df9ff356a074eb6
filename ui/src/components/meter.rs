//! A budget: spent is solid, the limit is a load line; brass from four fifths, red when the next call did not fit.

use slipway_contract::Usd;
use yew::prelude::*;

use crate::browser::use_style;
use crate::{format, text};

/// What a budget meter shows.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What was spent, where it is known; the most that it can be counts as spent where only that is.
    pub(crate) spent: Option<Usd>,
    /// The same in words.
    pub(crate) cost: AttrValue,
    /// The limit.
    pub(crate) limit: Option<Usd>,
    /// The next call did not fit.
    pub(crate) over: bool,
    /// The most that the call under way can cost.
    pub(crate) reserved: Option<Usd>,
    /// Tokens in and out.
    pub(crate) tokens: (u64, u64),
}

/// The cost, and its place below the limit where there is one.
pub(crate) fn meter(props: Props) -> Html {
    html! { <Meter ..props /> }
}

#[component]
fn Meter(props: &Props) -> Html {
    let thousandths = props
        .spent
        .zip(props.limit)
        .map_or(0, |(spent, limit)| share(spent, limit));
    let bar = use_style(
        "width",
        format!("{}.{}%", thousandths / 10, thousandths % 10),
    );
    // What is spent and what is reserved never reach beyond the limit together.
    let held = props
        .reserved
        .zip(props.limit)
        .map_or(0, |(reserved, limit)| share(reserved, limit))
        .min(1_000 - thousandths.min(1_000));
    let held_bar = use_style("width", format!("{}.{}%", held / 10, held % 10));
    let level = match thousandths {
        _ if props.over => Some("over"),
        800.. => Some("late"),
        _ => None,
    };
    let cost = props.cost.clone();
    let Some(limit) = props.limit else {
        return html! {
            <div class="cost num">
                <div class="cost__line cost__line--alone"><span><b class="strong">{ cost }</b>{ " " }<span class="small t3">{ text::NO_BUDGET }</span></span>{ beside(props) }</div>
            </div>
        };
    };
    let limit = format::budget(limit);
    html! {
        <div class="cost">
            <div class="cost__line num"><span><b class="strong">{ cost.clone() }</b>{ " " }<span class="small t3">{ text::of_budget(&limit) }</span></span>{ beside(props) }</div>
            <div class="meter meter--limit" role="img" aria-label={text::spent_of(&cost, &limit, props.reserved.map(format::usd_run).as_deref())}>
                if thousandths > 0 { <i key="spent" ref={bar} class={classes!(level)}></i> }
                if held > 0 { <i key="held" ref={held_bar} class="reserved"></i> }
                <svg class="meter__limit" viewBox="0 0 15 15" aria-hidden="true"><circle cx="7.5" cy="7.5" r="4" /><path d="M0 7.5h15" /></svg>
            </div>
        </div>
    }
}

/// What the call under way may cost, else what was said and heard.
fn beside(props: &Props) -> Html {
    match props.reserved {
        Some(reserved) => {
            html! { <span class="key num"><i class="reserved"></i>{ text::this_call_at_most(&format::usd_run(reserved)) }</span> }
        }
        None => {
            let (sent, answered) = props.tokens;
            html! { <span class="key num t3" title={text::TOKENS_OF_RUN}>{ text::tokens(&format::compact(sent), &format::compact(answered)) }</span> }
        }
    }
}

/// A limit, and what of it is spent and reserved.
#[derive(Properties, PartialEq)]
pub(crate) struct LimitProps {
    /// What was spent.
    pub(crate) spent: Usd,
    /// What is set aside.
    pub(crate) reserved: Usd,
    /// The limit.
    pub(crate) limit: Usd,
    /// The same in words.
    pub(crate) label: AttrValue,
}

/// The bar alone, with its load line.
#[component]
pub(crate) fn LimitBar(props: &LimitProps) -> Html {
    let spent = share(props.spent, props.limit);
    let held = share(props.reserved, props.limit).min(1_000 - spent);
    let bar = use_style("width", format!("{}.{}%", spent / 10, spent % 10));
    let held_bar = use_style("width", format!("{}.{}%", held / 10, held % 10));
    let level = match spent {
        1_000.. => Some("over"),
        800.. => Some("late"),
        _ => None,
    };
    html! {
        <div class="meter meter--limit" role="img" aria-label={props.label.clone()}>
            if spent > 0 { <i key="spent" ref={bar} class={classes!(level)}></i> }
            if held > 0 { <i key="held" ref={held_bar} class="reserved"></i> }
            <svg class="meter__limit" viewBox="0 0 15 15" aria-hidden="true"><circle cx="7.5" cy="7.5" r="4" /><path d="M0 7.5h15" /></svg>
        </div>
    }
}

/// The share of the limit in thousandths, at most all of it.
pub(crate) fn share(spent: Usd, limit: Usd) -> u32 {
    if limit.0.is_zero() {
        return if spent.0.is_zero() { 0 } else { 1_000 };
    }
    let thousandths = spent
        .0
        .checked_div(limit.0)
        .and_then(|share| share.checked_mul(1_000.into()));
    thousandths
        .and_then(|share| u32::try_from(share.ceil()).ok())
        .map_or(1_000, |share| share.min(1_000))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_share_is_never_more_than_all() {
        let cases = [
            ("0.0785", "0.50", 157),
            ("0", "0.50", 0),
            ("0.000001", "40", 1),
            ("0.6", "0.5", 1_000),
            ("1", "0", 1_000),
            ("0", "0", 0),
        ];
        for (spent, limit, thousandths) in cases {
            assert_eq!(
                share(spent.parse().unwrap(), limit.parse().unwrap()),
                thousandths,
                "{spent} of {limit}"
            );
        }
    }
}
