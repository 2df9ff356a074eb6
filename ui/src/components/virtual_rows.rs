//! Long lists: only the rows in view are drawn.

use wasm_bindgen::prelude::*;
use web_sys::ResizeObserver;
use yew::prelude::*;

use crate::browser;

/// Positions are kept in steps, so that a list is drawn anew once every few rows of scrolling and not at every pixel.
const STEP: i32 = 64;

/// Rows drawn beyond what is in view, in pixels.
const MARGIN: f64 = 320.0;

/// What of a scrolled element is in view, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Viewport {
    /// From here.
    pub(crate) top: f64,
    /// This much.
    pub(crate) height: f64,
}

/// The rows to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rows {
    /// The first.
    pub(crate) first: usize,
    /// One after the last.
    pub(crate) end: usize,
    /// Height of the rows before.
    pub(crate) before: f64,
    /// Height of the rows after.
    pub(crate) after: f64,
}

impl Viewport {
    /// The rows in view, and some more on both sides.
    pub(crate) fn rows(self, heights: impl Iterator<Item = f64>) -> Rows {
        let (from, to) = (self.top - MARGIN, self.top + self.height + MARGIN);
        let mut rows = Rows {
            first: 0,
            end: 0,
            before: 0.0,
            after: 0.0,
        };
        let mut bottom = 0.0;
        for (row, height) in heights.enumerate() {
            let top = bottom;
            bottom += height;
            if bottom <= from {
                rows.first = row + 1;
                rows.end = row + 1;
                rows.before = bottom;
            } else if top < to {
                rows.end = row + 1;
            } else {
                rows.after += height;
            }
        }
        rows
    }
}

/// Where an arrow key leads from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowMove {
    /// One down.
    Next,
    /// One up.
    Previous,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl RowMove {
    /// The move that a key means.
    pub(crate) fn of(event: &KeyboardEvent) -> Option<Self> {
        Some(match event.key().as_str() {
            "ArrowDown" => Self::Next,
            "ArrowUp" => Self::Previous,
            "Home" => Self::First,
            "End" => Self::Last,
            _ => return None,
        })
    }

    /// The row it leads to.
    pub(crate) fn from(self, row: usize, rows: usize) -> usize {
        let last = rows.saturating_sub(1);
        match self {
            Self::Next => (row + 1).min(last),
            Self::Previous => row.saturating_sub(1),
            Self::First => 0,
            Self::Last => last,
        }
    }
}

/// What of a scrolled element is in view, kept up to date.
#[hook]
pub(crate) fn use_viewport(scroller: NodeRef) -> (Viewport, Callback<Event>) {
    let viewport = use_state_eq(|| Viewport {
        top: 0.0,
        height: 1_200.0,
    });
    let measure = {
        let (scroller, viewport) = (scroller.clone(), viewport.setter());
        Callback::from(move |()| {
            if let Some(element) = browser::element(&scroller) {
                let top = element.scroll_top() / STEP * STEP;
                viewport.set(Viewport {
                    top: f64::from(top),
                    height: f64::from(element.client_height()),
                });
            }
        })
    };
    {
        let measure = measure.clone();
        use_effect_with((), move |()| {
            let resized = Closure::<dyn FnMut()>::new(move || measure.emit(()));
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, browser::element(&scroller)) {
                observer.observe(&element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(resized);
            }
        });
    }
    (*viewport, measure.reform(|_: Event| ()))
}

/// Gives the keyboard to a row by its number, now or as soon as it is drawn; rows have the id `prefix` and number.
#[hook]
pub(crate) fn use_row_focus(prefix: &'static str) -> Callback<usize> {
    let wanted = use_mut_ref(|| None::<usize>);
    {
        let wanted = wanted.clone();
        use_effect(move || {
            let mut wanted = wanted.borrow_mut();
            if wanted.is_some_and(|row| browser::focus_id(&format!("{prefix}{row}"))) {
                *wanted = None;
            }
        });
    }
    Callback::from(move |row: usize| {
        let drawn = browser::focus_id(&format!("{prefix}{row}"));
        *wanted.borrow_mut() = (!drawn).then_some(row);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_view_is_drawn() {
        let view = Viewport {
            top: 3_200.0,
            height: 640.0,
        };
        let rows = view.rows(std::iter::repeat_n(32.0, 10_000));
        assert_eq!((rows.first, rows.end), (90, 130));
        assert_eq!(rows.before, 90.0 * 32.0);
        assert_eq!(rows.after, (10_000.0 - 130.0) * 32.0);
    }

    #[test]
    fn the_drawn_and_the_left_out_rows_make_the_whole() {
        let heights: Vec<f64> = (0..500)
            .map(|row| if row % 7 == 0 { 210.0 } else { 28.0 })
            .collect();
        let whole: f64 = heights.iter().sum();
        for top in [0.0, 64.0, 5_000.0, whole, whole * 2.0] {
            let rows = Viewport { top, height: 700.0 }.rows(heights.iter().copied());
            let drawn: f64 = heights.iter().take(rows.end).skip(rows.first).sum();
            assert_eq!(rows.before + drawn + rows.after, whole, "scrolled to {top}");
        }
    }

    #[test]
    fn an_empty_list_draws_nothing() {
        let rows = Viewport {
            top: 0.0,
            height: 700.0,
        }
        .rows(std::iter::empty());
        assert_eq!(
            rows,
            Rows {
                first: 0,
                end: 0,
                before: 0.0,
                after: 0.0
            }
        );
    }

    #[test]
    fn keys_stop_at_the_ends() {
        assert_eq!(RowMove::Next.from(9, 10), 9);
        assert_eq!(RowMove::Previous.from(0, 10), 0);
        assert_eq!(RowMove::Last.from(0, 0), 0);
        assert_eq!(RowMove::Next.from(3, 10), 4);
    }
}
