//! A name that is typed: of a person, of an organization.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::cloud::{InvalidLine, Line};
use yew::prelude::*;

use super::Trouble;
use super::keyboard::use_keyboard_back;
use crate::browser;
use crate::components::{Button, Kind, TextField};
use crate::pages::settings::secret_field::form_keys;
use crate::text;

/// What is named.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The field's id.
    pub(super) id: &'static str,
    /// The id of what opened it.
    pub(super) opener: &'static str,
    /// Its name.
    pub(super) label: &'static str,
    /// What helps to fill it in.
    #[prop_or_default]
    pub(super) help: Option<AttrValue>,
    /// What is in it at first.
    #[prop_or_default]
    pub(super) name: String,
    /// The words of the button.
    pub(super) send: &'static str,
    /// It is under way.
    pub(super) busy: bool,
    /// Why it was not taken.
    pub(super) problem: Option<Rc<Problem>>,
    /// Takes the name.
    pub(super) onsend: Callback<Line<100>>,
    /// The person gives up.
    pub(super) give_up: Callback<()>,
}

/// The name that is typed, and what is wrong with it; with nothing typed, nothing is wrong yet.
pub(super) fn read(typed: &str) -> (Option<Line<100>>, Option<AttrValue>) {
    match typed.parse() {
        Ok(name) => (Some(name), None),
        Err(InvalidLine::Empty) => (None, None),
        Err(error) => (None, Some(text::sentence(&error.to_string()).into())),
    }
}

/// Why a form with this name cannot be sent.
pub(super) fn why_not(name: Option<&Line<100>>, error: Option<&AttrValue>) -> Option<AttrValue> {
    let missing = || error.cloned().unwrap_or(text::TYPE_NAME_FIRST.into());
    name.is_none().then(missing)
}

/// The form.
#[component]
pub(super) fn NameForm(props: &Props) -> Html {
    let typed = use_state_eq(|| props.name.clone());
    use_keyboard_back(props.opener);
    {
        let id = props.id;
        use_effect_with((), move |()| {
            browser::focus_id(id);
        });
    }
    let (read, error) = read(&typed);
    let why_not = why_not(read.as_ref(), error.as_ref());
    let send = {
        let (onsend, name, busy) = (props.onsend.clone(), read, props.busy);
        Callback::from(move |()| {
            if let Some(name) = name.clone().filter(|_| !busy) {
                onsend.emit(name);
            }
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <div class="panel" role="group" aria-label={props.label} onkeydown={form_keys(send.clone(), props.give_up.clone())}>
            <TextField id={props.id} label={props.label} help={props.help.clone()} value={(*typed).clone()} {error} {oninput} disabled={props.busy} />
            if let Some(problem) = &props.problem { <Trouble problem={Rc::clone(problem)} /> }
            <div class="btns">
                <Button label={props.send} kind={Kind::Primary} busy={props.busy} why_not={why_not.filter(|_| !props.busy)} onclick={send} />
                <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.give_up.clone()} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_wrong_with_it() {
        let (name, error) = read(" Anna ");
        assert_eq!(name.as_ref().map(Line::as_str), Some("Anna"));
        assert_eq!(why_not(name.as_ref(), error.as_ref()), None);
        let (name, error) = read("  ");
        assert_eq!(error, None);
        let first = why_not(name.as_ref(), error.as_ref());
        assert_eq!(first.as_deref(), Some(text::TYPE_NAME_FIRST));
        let (name, error) = read(&"a".repeat(101));
        assert!(error.as_deref().is_some_and(|error| error.contains("101")));
        assert_eq!(why_not(name.as_ref(), error.as_ref()), error);
    }
}
