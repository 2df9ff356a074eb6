//! What else can be done with something: a button that opens a menu.

use yew::prelude::*;

use super::icon::{Icon, icon};
use super::popover::Popover;
use super::virtual_rows::{RowMove, use_row_focus};
use crate::browser;

/// What an item's id begins with. One menu is open at a time.
const ITEM_ID: &str = "menu-item-";

/// One thing that can be done.
#[derive(Clone, PartialEq)]
pub(crate) struct MenuItem {
    /// Its words.
    pub(crate) label: AttrValue,
    /// Its icon.
    pub(crate) icon: Icon,
    /// It takes something away.
    pub(crate) is_danger: bool,
    /// Why it cannot be done now.
    pub(crate) why_not: Option<AttrValue>,
    /// What follows.
    pub(crate) chosen: Callback<()>,
}

/// What the menu shows.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The button's name.
    pub(crate) label: AttrValue,
    /// What can be done.
    pub(crate) items: Vec<MenuItem>,
}

/// The button, and its menu when it is open.
#[component]
pub(crate) fn More(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let at = use_mut_ref(|| 0_usize);
    let focus_item = use_row_focus(ITEM_ID);
    let toggle = {
        let (open, at, focus_item) = (open.clone(), at.clone(), focus_item.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            *at.borrow_mut() = 0;
            open.set(!*open);
            focus_item.emit(0);
        })
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            browser::focus(&button);
        })
    };
    let onkeydown = {
        let (close, count) = (close.clone(), props.items.len());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Tab" {
                event.prevent_default();
                close.emit(());
            } else if let Some(by) = RowMove::of(&event) {
                event.prevent_default();
                let to = by.from(*at.borrow(), count);
                *at.borrow_mut() = to;
                focus_item.emit(to);
            }
        })
    };
    let item = |(place, item): (usize, &MenuItem)| {
        let onclick = {
            let (close, item) = (close.clone(), item.clone());
            Callback::from(move |_: MouseEvent| {
                if item.why_not.is_none() {
                    close.emit(());
                    item.chosen.emit(());
                }
            })
        };
        let class = classes!("menu__item", item.is_danger.then_some("menu__item--danger"));
        html! {
            <button type="button" role="menuitem" tabindex="-1" id={format!("{ITEM_ID}{place}")} {class} {onclick} aria-disabled={item.why_not.is_some().then_some("true")}>
                { icon(item.icon) }
                <span>{ item.label.clone() }if let Some(why) = &item.why_not { <small class="menu__why">{ why.clone() }</small> }</span>
            </button>
        }
    };
    html! {
        <>
            <button ref={button.clone()} type="button" class="btn btn--small btn--quiet btn--icon" aria-haspopup="menu" aria-expanded={open.to_string()} aria-label={props.label.clone()} title={props.label.clone()} onclick={toggle}>{ icon(Icon::More) }</button>
            if *open {
                <Popover anchor={button} class="menu--more" at_end=true on_close={close.clone()}>
                    <div role="menu" aria-label={props.label.clone()} {onkeydown}>{ for props.items.iter().enumerate().map(item) }</div>
                </Popover>
            }
        </>
    }
}
