//! The bar that finds in the text.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::search;
use crate::browser;
use crate::components::{Button, Icon, Kind, icon};
use crate::text;

/// What the bar shows and does.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What is looked for.
    pub(super) wanted: AttrValue,
    /// How often it is there.
    pub(super) count: usize,
    /// Which of them was jumped to.
    pub(super) current: usize,
    /// Changes when the keyboard is to be in the field.
    pub(super) asked: u32,
    /// Something else is looked for.
    pub(super) oninput: Callback<String>,
    /// The next one, or the one before.
    pub(super) onstep: Callback<bool>,
    /// Enough.
    pub(super) onclose: Callback<()>,
}

/// The bar.
#[component]
pub(super) fn FindBar(props: &Props) -> Html {
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(props.asked, move |_| {
            browser::focus_and_select(&field);
        });
    }
    let oninput = props.oninput.reform(|event: InputEvent| {
        let field = event.target_dyn_into::<HtmlInputElement>();
        field.map(|field| field.value()).unwrap_or_default()
    });
    let onkeydown = {
        let (onstep, onclose) = (props.onstep.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" => onstep.emit(!event.shift_key()),
                "Escape" => onclose.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let said = match (props.wanted.is_empty(), props.count) {
        (true, _) => String::new(),
        (_, 0) => text::NOT_FOUND.to_owned(),
        (_, count) => text::found_of(props.current + 1, count, count >= search::MOST),
    };
    let step = |forward: bool| props.onstep.reform(move |()| forward);
    html! {
        <div class="findbar" role="search" {onkeydown}>
            { icon(Icon::Search) }
            <input ref={field} class="findbar__field" type="text" value={props.wanted.clone()} placeholder={text::FIND} aria-label={text::FIND_IN_TEXT} spellcheck="false" autocomplete="off" {oninput} />
            <span class="small t3 num findbar__count" aria-live="polite">{ said }</span>
            <Button label={text::FIND_PREVIOUS} icon={Icon::ArrowUp} icon_only=true small=true kind={Kind::Quiet} onclick={step(false)} />
            <Button label={text::FIND_NEXT} icon={Icon::Down} icon_only=true small=true kind={Kind::Quiet} onclick={step(true)} />
            <Button label={text::CLOSE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={props.onclose.clone()} />
        </div>
    }
}
