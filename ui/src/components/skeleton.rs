//! What stands in for rows while they are waited for, in the shape of the rows themselves.

use yew::prelude::*;

/// One line of a skeleton; the class is its width: `w-28` to `w-320`.
pub(crate) fn line(width: &'static str) -> Html {
    html! { <span class={classes!("skeleton", width)}></span> }
}

/// Lines of text below each other.
pub(crate) fn lines(widths: &[&'static str]) -> Html {
    html! { <div class="skeletons" aria-hidden="true">{ for widths.iter().map(|width| line(width)) }</div> }
}

/// A cell of a skeleton's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Text, from the left.
    Text(&'static str),
    /// A figure, at the right.
    Figure(&'static str),
}

/// Rows of a table's body.
pub(crate) fn rows(count: usize, cells: &[Cell]) -> Html {
    let cell = |cell: &Cell| match *cell {
        Cell::Text(width) => html! { <td>{ line(width) }</td> },
        Cell::Figure(width) => {
            html! { <td><span class={classes!("skeleton", "at-right", width)}></span></td> }
        }
    };
    html! { { for (0..count).map(|row| html! { <tr key={row} aria-hidden="true">{ for cells.iter().map(cell) }</tr> }) } }
}
