//! Cases by version or by model. Only the rows in view are drawn.

use std::rc::Rc;

use slipway_contract::test::TestProgress;
use yew::prelude::*;

use super::grid::{By, Grid, Head, Line, Shown, Spot};
use super::marks;
use crate::browser::{self, local, use_style};
use crate::components::{Mark, RowMove, run_mark, use_row_focus, use_viewport};
use crate::{format, text};

/// The height of a row in pixels, as the styles have it.
const ROW: f64 = 32.0;

/// The height of the head, which stays in view.
const HEAD: i32 = 40;

/// The height of the foot, which stays in view.
const FOOT: i32 = 36;

/// What the id of a cell begins with; its number is its row times this, and its column from 1.
const CELL_ID: &str = "cell-";
const STRIDE: usize = 32;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The page.
    pub(super) page: Shown,
    /// What is shown of it.
    pub(super) grid: Rc<Grid>,
    /// The places of the lines that fit.
    pub(super) lines: Rc<Vec<usize>>,
    /// The case that is open, by its row on the page.
    pub(super) open: Option<usize>,
    /// A case is to be opened.
    pub(super) onopen: Callback<Spot>,
    /// What is being run.
    pub(super) progress: Option<Rc<TestProgress>>,
}

/// The matrix. Arrows move, Enter opens.
#[component]
pub(super) fn Matrix(props: &Props) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let active = use_state_eq(|| None::<(usize, usize)>);
    let grid = &props.grid;
    let count = props.lines.len();
    let rows = viewport.rows(std::iter::repeat_n(ROW, count));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    // After the heights: a cell that gets the keyboard while the space above it is still missing scrolls to the top.
    let focus_cell = use_row_focus(CELL_ID);
    let columns = grid.heads.len();
    let opened = props
        .lines
        .iter()
        .position(|line| is_open(&grid.lines[*line], props.open));
    let (row, column) = active.unwrap_or((opened.unwrap_or(0), 0));
    let (row, column) = (row.min(count.saturating_sub(1)), column.min(columns));
    let onkeydown = {
        let (active, scroller, props) = (active.clone(), scroller.clone(), props_of(props));
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" => (row, (column + 1).min(columns)),
                "ArrowLeft" => (row, column.saturating_sub(1)),
                "Enter" | " " => {
                    event.prevent_default();
                    if let Some(spot) = props.spot(row, column) {
                        props.onopen.emit(spot);
                    }
                    return;
                }
                _ => match RowMove::of(&event) {
                    Some(by) => (by.from(row, count), column),
                    None => return,
                },
            };
            event.prevent_default();
            active.set(Some(to));
            bring_into_view(&scroller, to.0);
            focus_cell.emit(to.0 * STRIDE + to.1);
        })
    };
    let drawn = |at: usize| {
        let line = grid.lines.get(*props.lines.get(at)?)?;
        let is_selected = is_open(line, props.open);
        let open = |spot: Spot, column: usize| {
            let (onopen, active) = (props.onopen.clone(), active.setter());
            Callback::from(move |_: MouseEvent| {
                active.set(Some((at, column)));
                onopen.emit(spot);
            })
        };
        let tab = |to: usize| if (row, column) == (at, to) { "0" } else { "-1" };
        let id = |to: usize| format!("{CELL_ID}{}", at * STRIDE + to);
        let newest = line.newest();
        let now = props.progress.iter().flat_map(|progress| &progress.now);
        let under_way = now.into_iter().any(|title| *title == line.title);
        let cell = |(place, spot): (usize, &Option<Spot>)| {
            let shown = match spot.and_then(|spot| spot.told) {
                _ if under_way && place + 1 == columns => run_mark(Mark::Running),
                Some((_, told)) => marks::cell(told),
                None => marks::gone(),
            };
            let class = classes!(is_now(&grid.heads[place]).then_some("is-draft"));
            html! { <td {class} role="gridcell" id={id(place + 1)} tabindex={tab(place + 1)} onclick={open(spot.unwrap_or(newest), place + 1)}>{ shown }</td> }
        };
        Some(html! {
            <tr key={at} role="row" aria-rowindex={(at + 2).to_string()} aria-selected={is_selected.to_string()}>
                <th scope="row" role="rowheader" id={id(0)} tabindex={tab(0)} title={line.title.clone()} onclick={open(newest, 0)}>{ line.title.clone() }</th>
                { for line.spots.iter().enumerate().map(cell) }
                <td aria-hidden="true"></td>
            </tr>
        })
    };
    let narrow = match grid.by {
        By::Model if columns <= 4 => Some("matrix--few"),
        _ => (columns > 6).then_some("matrix--many"),
    };
    let span = (columns + 2).to_string();
    html! {
        <div ref={scroller} {onscroll} {onkeydown} class="cases__scroll scroll">
            <table class={classes!("matrix", narrow)} role="grid" aria-label={text::CASES} aria-rowcount={(count + 1).to_string()}>
                <colgroup><col />{ for grid.heads.iter().map(|_| html! { <col class="col-report" /> }) }<col class="col-rest" /></colgroup>
                <thead><tr role="row"><th role="columnheader">{ text::cases_shown(count, grid.lines.len()) }</th>{ for grid.heads.iter().map(|head| column_head(head, &props.page)) }<th aria-hidden="true"></th></tr></thead>
                <tbody>
                    <tr key="before" class="table__gap" aria-hidden="true"><td ref={before} colspan={span.clone()}></td></tr>
                    { for (rows.first..rows.end).filter_map(drawn) }
                    <tr key="after" class="table__gap" aria-hidden="true"><td ref={after} colspan={span}></td></tr>
                </tbody>
                if columns > 0 {
                    <tfoot><tr role="row"><th role="rowheader">{ text::PASSED }</th>{ for grid.sums.iter().zip(&grid.heads).map(|(sum, head)| html! { <td role="gridcell" class={classes!(is_now(head).then_some("is-draft"))}>{ text::sum(sum.passed, sum.of) }</td> }) }<td aria-hidden="true"></td></tr></tfoot>
                }
            </table>
            if count == 0 { <p class="cases__none t2">{ text::NO_CASE_FITS }</p> }
        </div>
    }
}

/// What the keys need of the properties.
struct Kept {
    grid: Rc<Grid>,
    lines: Rc<Vec<usize>>,
    onopen: Callback<Spot>,
}

fn props_of(props: &Props) -> Kept {
    Kept {
        grid: Rc::clone(&props.grid),
        lines: Rc::clone(&props.lines),
        onopen: props.onopen.clone(),
    }
}

impl Kept {
    fn spot(&self, row: usize, column: usize) -> Option<Spot> {
        let place = *self.lines.get(row)?;
        let line = self.grid.lines.get(place)?;
        let here = column
            .checked_sub(1)
            .and_then(|column| *line.spots.get(column)?);
        Some(here.unwrap_or_else(|| line.newest()))
    }
}

fn is_open(line: &Line, open: Option<usize>) -> bool {
    open.is_some_and(|row| line.has(row))
}

const fn is_now(head: &Head) -> bool {
    matches!(head, Head::Draft(_))
}

fn column_head(head: &Head, page: &Shown) -> Html {
    let now = local(browser::now());
    let when = |at: usize| {
        let column = page.0.columns.get(at)?;
        let at = local(column.at);
        let words = format::stamp(at, now);
        let title = text::column_title(column, &format::date(at.date()), &format::clock(at));
        Some((words, title))
    };
    match head {
        Head::Version(version, at) => {
            let (words, title) = when(*at).unwrap_or_default();
            html! { <th scope="col" role="columnheader" {title}>{ version.short() }<small class="num clip">{ words }</small></th> }
        }
        Head::Draft(at) => {
            let (words, title) = when(*at).unwrap_or_default();
            html! { <th scope="col" role="columnheader" class="is-draft" {title}>{ text::DRAFT }<small class="num clip">{ words }</small></th> }
        }
        Head::Model(model) => {
            let (provider, name) = model.split_once('/').unwrap_or(("", model));
            html! { <th scope="col" role="columnheader" title={model.clone()}><span class="clip">{ name.to_owned() }</span><small class="clip">{ provider.to_owned() }</small></th> }
        }
    }
}

fn bring_into_view(scroller: &NodeRef, row: usize) {
    let Some(scroller) = browser::element(scroller) else {
        return;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a list is far shorter than 2^31 pixels"
    )]
    let (top, height) = ((row as f64 * ROW) as i32, ROW as i32);
    let (scrolled, room) = (
        scroller.scroll_top(),
        scroller.client_height() - HEAD - FOOT,
    );
    if top < scrolled {
        scroller.set_scroll_top(top);
    } else if top + height > scrolled + room {
        scroller.set_scroll_top(top + height - room);
    }
}
