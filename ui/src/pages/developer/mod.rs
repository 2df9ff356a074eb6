//! All components in all states, for whoever changes one.

mod controls;
mod marks;
mod overlays;
mod values;

use slipway_contract::preferences::{Preference, Theme};
use yew::prelude::*;

use crate::components::{Segmented, topbar};
use crate::preferences::UsePreferences;
use crate::text;

/// All components in all states.
#[component]
pub(crate) fn DeveloperPage() -> Html {
    let preferences = use_context::<UsePreferences>();
    let colours = preferences.map(|preferences| {
        let chosen = Theme::ALL
            .iter()
            .position(|theme| *theme == preferences.now.theme)
            .unwrap_or_default();
        let onchoose = preferences.set.reform(|place: usize| {
            let theme = Theme::ALL.get(place).copied().unwrap_or_default();
            (Preference::Theme, theme.as_str().to_owned())
        });
        html! { <Segmented label={text::COLOURS} items={Theme::ALL.map(text::theme).map(AttrValue::Static).to_vec()} {chosen} {onchoose} /> }
    });
    html! {
        <>
            { topbar(text::COMPONENTS, html! { { text::ALL_STATES } }, html! { { for colours } }) }
            <div class="page scroll specimens" data-pane="" tabindex="-1">
                { specimen(text::SPECIMEN_BUTTONS, controls::buttons()) }
                { specimen(text::SPECIMEN_FIELDS, html! { <controls::Fields /> }) }
                { specimen(text::SPECIMEN_CHOICES, html! { <controls::Choices /> }) }
                { specimen(text::SPECIMEN_STATES, marks::states()) }
                { specimen(text::SPECIMEN_TAGS, marks::tags()) }
                { specimen(text::SPECIMEN_ROWS, marks::rows()) }
                { specimen(text::SPECIMEN_SAYS, overlays::notices()) }
                { specimen(text::SPECIMEN_NOTHING, overlays::nothing()) }
                { specimen(text::SPECIMEN_FLOATS, html! { <overlays::Floats /> }) }
                { specimen(text::SPECIMEN_TYPE, values::types()) }
                { specimen(text::SPECIMEN_COLOURS, values::colours()) }
                { specimen(text::SPECIMEN_ICONS, marks::icons()) }
            </div>
        </>
    }
}

fn specimen(title: &'static str, shown: Html) -> Html {
    html! { <section class="specimen" aria-label={title}><h2 class="section">{ title }</h2>{ shown }</section> }
}
