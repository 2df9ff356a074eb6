//! Controls in all their states.

use yew::prelude::*;

use crate::components::{
    Button, Choice, Field, Icon, Kind, Look, Segmented, Select, Switch, Tab, Tabs, TextField,
    note_id, tab_id,
};
use crate::text;

/// Every kind of button in every state; a state that needs a pointer is set by its class.
pub(super) fn buttons() -> Html {
    let kinds = [
        (text::SPECIMEN_PRIMARY, "btn--primary", Kind::Primary),
        (text::SPECIMEN_DEFAULT, "", Kind::Plain),
        (text::SPECIMEN_QUIET, "btn--quiet", Kind::Quiet),
        (text::SPECIMEN_DANGER, "btn--danger", Kind::Danger),
    ];
    let row = |(name, class, kind): (&'static str, &'static str, Kind)| {
        let posed = |state: &'static str| {
            html! { <td><button type="button" class={classes!("btn", class, state)}>{ name }</button></td> }
        };
        html! {
            <tr>
                <th scope="row">{ name }</th>
                { for ["", "is-hover", "is-focus", "is-active"].map(posed) }
                <td><Button label={name} {kind} why_not={text::SPECIMEN_WHY_NOT} onclick={Callback::noop()} /></td>
                <td><Button label={name} {kind} busy=true onclick={Callback::noop()} /></td>
            </tr>
        }
    };
    html! {
        <>
            <table class="specimen__table">
                <thead><tr><td></td>{ for text::SPECIMEN_BUTTON_STATES.map(|state| html! { <th scope="col" class="micro t3">{ state }</th> }) }</tr></thead>
                <tbody>{ for kinds.map(row) }</tbody>
            </table>
            <div class="btns specimen__line">
                <Button label={text::SPECIMEN_SMALL} small=true onclick={Callback::noop()} />
                <Button label={text::RUN} kind={Kind::Primary} main_shortcut=true onclick={Callback::noop()} />
                <Button label={text::NEW_AGENT} icon={Icon::Plus} onclick={Callback::noop()} />
                <Button label={text::NEW_AGENT} icon={Icon::Plus} icon_only=true kind={Kind::Quiet} onclick={Callback::noop()} />
            </div>
        </>
    }
}

/// Fields at rest, with help, with an error, disabled, and one around a control of another kind.
#[component]
pub(super) fn Fields() -> Html {
    let name = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let oninput = {
        let name = name.clone();
        Callback::from(move |text: String| name.set(text))
    };
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |place: usize| chosen.set(place))
    };
    let ignored = Callback::from(|_: String| ());
    html! {
        <div class="specimen__fields">
            <TextField id="specimen-rest" label={text::SPECIMEN_REST} value={(*name).clone()} placeholder={text::SPECIMEN_NAME} {oninput} />
            <TextField id="specimen-help" label={text::SPECIMEN_HELP} value="0.50" help={text::SPECIMEN_HELP_TEXT} oninput={ignored.clone()} />
            <TextField id="specimen-error" label={text::SPECIMEN_ERROR} value="expense report" error={text::SPECIMEN_ERROR_TEXT} mono=true oninput={ignored.clone()} />
            <TextField id="specimen-disabled" label={text::SPECIMEN_DISABLED} value={text::SPECIMEN_NAME} disabled=true oninput={ignored} />
            <Field id="specimen-long" label={text::SPECIMEN_LONG} help={text::SPECIMEN_HELP_TEXT}>
                <textarea id="specimen-long" class="textarea" rows="2" aria-describedby={note_id("specimen-long")} />
            </Field>
            <Field id="specimen-select" label={text::SPECIMEN_SELECT}>
                <Select id="specimen-select" label={text::SPECIMEN_SELECT} icon={Icon::Laptop} items={choices()} chosen={*chosen} {onchoose} />
            </Field>
        </div>
    }
}

/// Switches, segments, tabs and menus, each one alive.
#[component]
pub(super) fn Choices() -> Html {
    let on = use_state_eq(|| true);
    let place = use_state_eq(|| 1_usize);
    let filter = use_state_eq(|| usize::MAX);
    let onchange = {
        let on = on.clone();
        Callback::from(move |to: bool| on.set(to))
    };
    let choose = |state: &UseStateHandle<usize>| {
        let state = state.clone();
        Callback::from(move |to: usize| state.set(to))
    };
    let words = text::SPECIMEN_SEGMENTS;
    html! {
        <>
            <div class="btns specimen__line">
                <Switch label={text::SPECIMEN_SWITCH} on={*on} {onchange} />
                <Switch label={text::SPECIMEN_SWITCH_OFF} on={false} why_not={text::SPECIMEN_WHY_NOT} onchange={Callback::noop()} />
                <Segmented label={text::SPECIMEN_SELECT} items={words.map(AttrValue::Static).to_vec()} chosen={*place} onchoose={choose(&place)} />
                <Segmented small=true label={text::SPECIMEN_SMALL} items={words.map(AttrValue::Static).to_vec()} chosen={*place} onchoose={choose(&place)} />
                <Select look={Look::Bare} label={text::SPECIMEN_SELECT} items={choices()} chosen={*place} onchoose={choose(&place)} />
                <Select look={Look::Chip} label={text::SPECIMEN_SELECT} items={choices()} chosen={*filter} onchoose={choose(&filter)} />
            </div>
            <div class="specimen__tabs">
                <Tabs label={text::SPECIMEN_SEGMENTS_OF} tabs={words.map(Tab::new).to_vec()} chosen={*place} panel="specimen-panel" onchoose={choose(&place)} small=true />
            </div>
            <div id="specimen-panel" role="tabpanel" tabindex="0" aria-labelledby={tab_id("specimen-panel", *place)} class="small t2">{ for words.get(*place) }</div>
        </>
    }
}

fn choices() -> Vec<Choice> {
    let mut choices = text::SPECIMEN_SEGMENTS.map(Choice::new).to_vec();
    choices.push(Choice {
        label: text::SPECIMEN_NAME.into(),
        note: Some(text::SPECIMEN_HELP_TEXT.into()),
    });
    choices
}
