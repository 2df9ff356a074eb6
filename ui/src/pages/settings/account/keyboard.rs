//! Where the keyboard goes when what had it is gone.

use yew::prelude::*;

use crate::browser;

/// Gives the keyboard back to what opened a form, once the form is gone.
#[hook]
pub(super) fn use_keyboard_back(opener: &'static str) {
    use_effect_with((), move |()| {
        move || {
            browser::focus_id(opener);
        }
    });
}

/// The heading of a page. When the page shows something else, and what had the keyboard is gone with what was shown
/// before, the heading gets it.
#[hook]
pub(super) fn use_head<T: PartialEq + 'static>(shown: T) -> NodeRef {
    let head = use_node_ref();
    {
        let head = head.clone();
        use_effect_with(shown, move |_| {
            if browser::lost_keyboard() {
                browser::focus(&head);
            }
        });
    }
    head
}

/// The section of a list. When the row that had the keyboard is gone, or has nothing to press any more, the next one
/// gets it; where there is none, the section's heading.
#[hook]
pub(super) fn use_rows<T: Clone + PartialEq + 'static>(rows: Option<Vec<T>>) -> NodeRef {
    let section = use_node_ref();
    let shown = use_mut_ref(Vec::new);
    {
        let section = section.clone();
        use_effect_with(rows, move |now| {
            let Some(now) = now else { return };
            let before = shown.replace(now.clone());
            let place = gone(&before, now).filter(|_| browser::lost_keyboard());
            if let Some(place) = place {
                let next = format!(".account__rows > :nth-child(n + {}) button", place + 1);
                if !browser::focus_in(&section, &next) {
                    browser::focus_in(&section, "h2");
                }
            }
        });
    }
    section
}

/// The place of the first row that is not there any more.
fn gone<T: PartialEq>(before: &[T], now: &[T]) -> Option<usize> {
    before.iter().position(|row| !now.contains(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_gone_is_found() {
        assert_eq!(gone(&[1, 2, 3], &[1, 3]), Some(1));
        assert_eq!(gone(&[1], &[]), Some(0));
        assert_eq!(gone(&[1, 2], &[0, 1, 2]), None);
        assert_eq!(gone(&[], &[1]), None);
    }
}
