//! A choice of many: a button that says what is chosen, and opens the list.

use yew::prelude::*;

use super::icon::{Icon, icon};
use super::popover::Popover;
use super::virtual_rows::{RowMove, use_row_focus};
use crate::browser;

/// What an option's id begins with. One list is open at a time.
const OPTION_ID: &str = "select-option-";

/// Something that can be chosen.
#[derive(Clone, PartialEq)]
pub(crate) struct Choice {
    /// Its words.
    pub(crate) label: AttrValue,
    /// What is said of it.
    pub(crate) note: Option<AttrValue>,
}

impl Choice {
    /// A choice of which nothing more is said.
    pub(crate) fn new(label: impl Into<AttrValue>) -> Self {
        Self {
            label: label.into(),
            note: None,
        }
    }
}

/// How the button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Look {
    /// As a field.
    #[default]
    Field,
    /// Without a frame, in a row.
    Bare,
    /// As a filter above a list; it shows its name until something is chosen.
    Chip,
}

/// What is chosen from.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is chosen.
    pub(crate) label: AttrValue,
    /// What there is.
    pub(crate) items: Vec<Choice>,
    /// Which is chosen; none is, where it is beyond them.
    pub(crate) chosen: usize,
    /// Another one is wanted.
    pub(crate) onchoose: Callback<usize>,
    /// How the button looks.
    #[prop_or_default]
    pub(crate) look: Look,
    /// An icon before the words.
    #[prop_or_default]
    pub(crate) icon: Option<Icon>,
    /// By which it is found in the page, such as by a label.
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// Why nothing can be chosen now.
    #[prop_or_default]
    pub(crate) why_not: Option<AttrValue>,
}

/// A choice of many. Arrows open it and move in it, letters jump, Enter chooses, Escape leaves it as it was.
#[component]
pub(crate) fn Select(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let at = use_mut_ref(|| 0_usize);
    let focus_option = use_row_focus(OPTION_ID);
    let show = {
        let (open, at, focus_option, chosen) =
            (open.clone(), at.clone(), focus_option.clone(), props.chosen);
        let (count, blocked) = (props.items.len(), props.why_not.is_some());
        Callback::from(move |()| {
            if blocked || count == 0 {
                return;
            }
            let first = if chosen < count { chosen } else { 0 };
            *at.borrow_mut() = first;
            open.set(true);
            focus_option.emit(first);
        })
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            browser::focus(&button);
        })
    };
    let onclick = {
        let (show, close, is_open) = (show.clone(), close.clone(), *open);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if is_open {
                close.emit(());
            } else {
                show.emit(());
            }
        })
    };
    let opens = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
            event.prevent_default();
            event.stop_propagation();
            show.emit(());
        }
    });
    let moves = {
        let (close, items) = (close.clone(), props.items.clone());
        Callback::from(move |event: KeyboardEvent| {
            let here = *at.borrow();
            let to = if let Some(by) = RowMove::of(&event) {
                Some(by.from(here, items.len()))
            } else if event.key() == "Tab" {
                event.prevent_default();
                return close.emit(());
            } else {
                jump(&items, here, &event.key())
            };
            if let Some(to) = to {
                event.prevent_default();
                event.stop_propagation();
                *at.borrow_mut() = to;
                focus_option.emit(to);
            }
        })
    };
    let option = |(place, item): (usize, &Choice)| {
        let chosen = place == props.chosen;
        let onclick = {
            let (close, onchoose) = (close.clone(), props.onchoose.clone());
            Callback::from(move |_: MouseEvent| {
                close.emit(());
                onchoose.emit(place);
            })
        };
        html! {
            <button type="button" role="option" tabindex="-1" key={place} id={format!("{OPTION_ID}{place}")} class="menu__item" aria-selected={chosen.to_string()} {onclick}>
                <span>{ item.label.clone() }if let Some(note) = &item.note { <small class="menu__why">{ note.clone() }</small> }</span>
                if chosen { { icon(Icon::Check) } }
            </button>
        }
    };
    let chosen = props.items.get(props.chosen);
    let shown = chosen.map_or_else(|| props.label.clone(), |item| item.label.clone());
    let class = match props.look {
        Look::Field => classes!("select"),
        Look::Bare => classes!("select", "select--small", "select--bare"),
        Look::Chip => classes!("chip"),
    };
    let pressed = (props.look == Look::Chip).then(|| chosen.is_some().to_string());
    html! {
        <>
            <button
                ref={button.clone()}
                type="button"
                id={props.id.clone()}
                {class}
                aria-haspopup="listbox"
                aria-expanded={open.to_string()}
                aria-pressed={pressed}
                aria-label={if chosen.is_some() { format!("{}: {shown}", props.label) } else { props.label.to_string() }}
                aria-disabled={props.why_not.is_some().then_some("true")}
                title={props.why_not.clone()}
                {onclick}
                onkeydown={opens}
            >
                { for props.icon.map(icon) }<span>{ shown }</span>
                { icon(if props.look == Look::Chip { Icon::Down } else { Icon::UpDown }) }
            </button>
            if *open {
                <Popover anchor={button} class="menu--select" on_close={close.clone()}>
                    <div role="listbox" class="menu__list scroll" aria-label={props.label.clone()} onkeydown={moves}>{ for props.items.iter().enumerate().map(option) }</div>
                </Popover>
            }
        </>
    }
}

/// The next option after `here` that begins with a letter, from the top again at the end.
fn jump(items: &[Choice], here: usize, key: &str) -> Option<usize> {
    let mut letters = key.chars();
    let letter = letters.next().filter(|letter| letter.is_alphanumeric())?;
    if letters.next().is_some() {
        return None;
    }
    let begins = |at: &usize| {
        let first = items.get(*at).and_then(|item| item.label.chars().next());
        first.is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
    };
    (here + 1..items.len()).chain(0..=here).find(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_jumps_to_the_next_option_with_it() {
        let items = ["Ask", "Allow", "Deny", "Éclair"].map(Choice::new);
        assert_eq!(jump(&items, 0, "a"), Some(1));
        assert_eq!(jump(&items, 1, "A"), Some(0));
        assert_eq!(jump(&items, 0, "é"), Some(3));
        assert_eq!(jump(&items, 0, "x"), None);
        assert_eq!(jump(&items, 0, "Enter"), None);
        assert_eq!(jump(&[], 0, "a"), None);
    }
}
