//! Pass rate, or cost, over the reports: on the columns of the matrix below.

use slipway_contract::test::ReportColumn;
use yew::prelude::*;

use crate::{format, text};

/// Pixels: from the top to the highest value, the height of the scale, and the height of all.
const TOP: f64 = 24.0;
const SCALE: f64 = 80.0;
const HEIGHT: f64 = 132.0;

/// Pixels left of the first column, for the words of the scale.
const WORDS: f64 = 44.0;

/// What is shown of each report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Of {
    /// The share that passed.
    #[default]
    Passed,
    /// What the runs cost.
    Cost,
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The reports, the newest last.
    pub(super) columns: Vec<ReportColumn>,
    /// What is shown of them.
    pub(super) of: Of,
    /// Pixels of a column.
    pub(super) width: f64,
}

/// A report as it is drawn.
struct Point {
    x: f64,
    y: Option<f64>,
    range: Option<(f64, f64)>,
    is_draft: bool,
    is_worse: bool,
}

/// The chart.
#[component]
pub(super) fn Chart(props: &Props) -> Html {
    let (points, ticks) = match props.of {
        Of::Passed => passed(props),
        Of::Cost => cost(props),
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are eight columns at most"
    )]
    let columns = props.columns.len() as f64 * props.width;
    let width = WORDS + columns;
    let tick = |(y, words): &(f64, String)| {
        let path = format!("M{WORDS} {y}H{width}");
        html! { <><path class="chart__rule" d={path} /><text class="chart__word" x={(WORDS - 8.0).to_string()} y={(y + 4.0).to_string()}>{ words.clone() }</text></> }
    };
    let bar = |point: &Point| {
        let (low, high) = point.range?;
        let class = classes!(
            "chart__range",
            point.is_worse.then_some("chart__range--worse")
        );
        Some(html! { <path {class} d={format!("M{} {low:.1}V{high:.1}", point.x)} /> })
    };
    let dot = |(point, column): (&Point, &ReportColumn)| {
        let y = point.y?;
        let words = text::chart_point(props.of == Of::Cost, column);
        let class = classes!("chart__dot", point.is_worse.then_some("chart__dot--worse"));
        Some(
            html! { <circle {class} cx={point.x.to_string()} cy={format!("{y:.1}")} r="3.5"><title>{ words }</title></circle> },
        )
    };
    let label = text::chart_label(props.of == Of::Cost, &props.columns);
    html! {
        <svg class="chart__plot" width={width.to_string()} height={HEIGHT.to_string()} viewBox={format!("0 0 {width} {HEIGHT}")} role="img" aria-label={label}>
            { for ticks.iter().map(tick) }
            { for points.iter().filter_map(bar) }
            { for points.windows(2).filter_map(line) }
            { for points.iter().zip(&props.columns).filter_map(dot) }
        </svg>
    }
}

fn line(two: &[Point]) -> Option<Html> {
    let [from, to] = two else { return None };
    let class = classes!(
        "chart__line",
        to.is_draft.then_some("chart__line--draft"),
        to.is_worse.then_some("chart__line--worse")
    );
    let path = format!("M{} {:.1}L{} {:.1}", from.x, from.y?, to.x, to.y?);
    Some(html! { <path {class} d={path} /> })
}

/// The middle of a column.
fn middle(props: &Props, at: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "there are eight columns at most"
    )]
    let at = at as f64;
    WORDS + (at + 0.5) * props.width
}

fn passed(props: &Props) -> (Vec<Point>, Vec<(f64, String)>) {
    let lowest = props.columns.iter().map(|column| column.interval.0);
    let floor = floor_of(lowest.fold(1.0, f64::min));
    let y = |share: f64| TOP + (1.0 - share) / (1.0 - floor) * SCALE;
    let share = |column: &ReportColumn| {
        (column.of > 0).then(|| f64::from(column.passed) / f64::from(column.of))
    };
    let shares: Vec<Option<f64>> = props.columns.iter().map(share).collect();
    let point = |(at, column): (usize, &ReportColumn)| {
        let share = shares[at];
        Point {
            x: middle(props, at),
            y: share.map(y),
            range: share.map(|_| (y(column.interval.0).min(HEIGHT - 8.0), y(column.interval.1))),
            is_draft: column.version.is_none(),
            is_worse: column.version.is_none() && at > 0 && share < shares[at - 1],
        }
    };
    let ticks = [1.0, f64::midpoint(1.0, floor), floor];
    (
        props.columns.iter().enumerate().map(point).collect(),
        ticks
            .map(|share| (y(share) + 0.5, text::percent(share)))
            .into(),
    )
}

/// Where the scale ends: low enough that no interval falls far below it.
fn floor_of(lowest: f64) -> f64 {
    match lowest {
        _ if lowest >= 0.4 => 0.5,
        _ if lowest >= 0.12 => 0.2,
        _ => 0.0,
    }
}

fn cost(props: &Props) -> (Vec<Point>, Vec<(f64, String)>) {
    let costs: Vec<Option<f64>> = props
        .columns
        .iter()
        .map(|column| {
            column
                .cost_usd
                .and_then(|cost| cost.to_string().parse().ok())
        })
        .collect();
    let most = costs.iter().flatten().copied().fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    let y = |cost: f64| TOP + (1.0 - cost / most) * SCALE;
    let point = |(at, cost): (usize, &Option<f64>)| Point {
        x: middle(props, at),
        y: cost.map(y),
        range: None,
        is_draft: props
            .columns
            .get(at)
            .is_some_and(|column| column.version.is_none()),
        is_worse: false,
    };
    let highest = props
        .columns
        .iter()
        .filter_map(|column| column.cost_usd)
        .max();
    let mut ticks = vec![(TOP + SCALE + 0.5, "$0".to_owned())];
    if let Some(highest) = highest.filter(|highest| !highest.0.is_zero()) {
        ticks.insert(0, (TOP + 0.5, format::usd_period(highest)));
    }
    (costs.iter().enumerate().map(point).collect(), ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_reaches_as_low_as_it_must() {
        for (lowest, floor) in [(1.0, 0.5), (0.42, 0.5), (0.3, 0.2), (0.0, 0.0)] {
            assert_eq!(floor_of(lowest), floor, "down to {lowest}");
        }
    }
}
