//! Settings: the colours of the window.

use slipway_contract::preferences::{Preference, Theme};
use yew::prelude::*;

use crate::components::{Segmented, notice};
use crate::preferences::UsePreferences;
use crate::text;

/// The colours of the window.
#[component]
pub(super) fn Appearance() -> Html {
    let Some(preferences) = use_context::<UsePreferences>() else {
        return Html::default();
    };
    let chosen = Theme::ALL
        .iter()
        .position(|theme| *theme == preferences.now.theme)
        .unwrap_or_default();
    let onchoose = preferences.set.reform(|place: usize| {
        let theme = Theme::ALL.get(place).copied().unwrap_or_default();
        (Preference::Theme, theme.as_str().to_owned())
    });
    html! {
        <>
            <h1 class="head">{ text::APPEARANCE }</h1>
            <p class="t2 set__lead">{ text::APPEARANCE_LEAD }</p>
            <div class="rows prefs">
                <div class="pref">
                    <div class="pref__what">
                        <div class="medium">{ text::COLOURS }</div>
                        <div class="small t3">{ text::COLOURS_HOW }</div>
                    </div>
                    <Segmented label={text::COLOURS} items={Theme::ALL.map(text::theme).map(AttrValue::Static).to_vec()} {chosen} {onchoose} />
                </div>
                <div class="pref">
                    <div class="pref__what">
                        <div class="medium">{ text::MOTION }</div>
                        <div class="small t3">{ text::MOTION_HOW }</div>
                    </div>
                </div>
                <div class="pref">
                    <div class="pref__what">
                        <div class="medium">{ text::FIGURES }</div>
                        <div class="small t3">{ text::FIGURES_HOW }</div>
                    </div>
                    <span class="small t2 num">{ text::figures_example() }</span>
                </div>
            </div>
            if let Some(problem) = &preferences.problem { { notice(problem, None) } }
        </>
    }
}
