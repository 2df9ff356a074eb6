//! A blank agent, or one from a template.

use slipway_contract::AgentName;
use slipway_contract::agent::{AgentSummary, AgentTemplate};
use slipway_contract::command::{CreateAgent, ListTemplates};
use yew::prelude::*;

use crate::bridge::{use_action, use_query};
use crate::browser;
use crate::components::{Button, Kind, TextField, async_value, notice, skeleton};
use crate::text;

/// The first field.
const TITLE_ID: &str = "new-title";

/// The most characters of a title, as every agent.toml is held to.
const MOST_TITLE: usize = 100;

/// Where it leads.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent was made.
    pub(super) made: Callback<AgentSummary>,
}

/// The form.
#[component]
pub(super) fn Create(props: &Props) -> Html {
    let templates = use_query(ListTemplates {}, 0);
    let template = use_state_eq(|| None::<String>);
    let title = use_state_eq(String::new);
    // As long as the person writes no name, it follows the title.
    let own_name = use_state_eq(|| None::<String>);
    let create = use_action::<CreateAgent>(props.made.clone());
    let name = (*own_name).clone().unwrap_or_else(|| text::name_of(&title));
    let parsed = name.trim().parse::<AgentName>();
    let error = match &parsed {
        Err(error) if !name.is_empty() => Some(AttrValue::from(text::sentence(&error.to_string()))),
        _ => None,
    };
    let length = title.trim().chars().count();
    let too_long =
        (length > MOST_TITLE).then(|| AttrValue::from(text::title_too_long(length, MOST_TITLE)));
    use_effect_with((), |()| {
        // After the page itself, which gets the keyboard when it opens.
        browser::next_frame(|| {
            browser::focus_id(TITLE_ID);
        });
    });
    let why_not = too_long
        .clone()
        .or_else(|| parsed.is_err().then_some(AttrValue::from(text::NAME_FIRST)));
    let send = {
        let (send, title) = (create.send.clone(), title.trim().to_owned());
        let (template, parsed) = ((*template).clone(), parsed.ok());
        let blocked = why_not.is_some();
        Callback::from(move |()| {
            if let Some(name) = parsed.as_ref().filter(|_| !blocked) {
                send.emit(CreateAgent {
                    name: name.clone(),
                    title: (!title.is_empty()).then(|| title.clone()),
                    template: template.clone(),
                });
            }
        })
    };
    let onsubmit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(());
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if browser::is_main_shortcut(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let set_title = {
        let title = title.clone();
        Callback::from(move |text| title.set(text))
    };
    let set_name = {
        let own_name = own_name;
        Callback::from(move |text: String| own_name.set((!text.is_empty()).then_some(text)))
    };
    let choice = |name: Option<&str>, label: String, how: String| {
        let (chosen, to) = (template.as_deref() == name, name.map(str::to_owned));
        let template = template.clone();
        let onclick = Callback::from(move |_: MouseEvent| template.set(to.clone()));
        html! {
            <button type="button" class="template" role="radio" aria-checked={chosen.to_string()} {onclick}>
                <span class="radio" aria-hidden="true" aria-checked={chosen.to_string()}><i></i></span>
                <span><span class="medium">{ label }</span><span class="small t2">{ how }</span></span>
            </button>
        }
    };
    let from = |template: &AgentTemplate| {
        let label = text::upper_first(&template.name.replace('-', " "));
        choice(Some(&template.name), label, template.description.clone())
    };
    let choices = async_value(
        &templates,
        skeleton::lines(&["w-240", "w-320", "w-240"]),
        |templates| {
            html! {
                <div class="group templates" role="radiogroup" aria-label={text::BEGIN_FROM}>
                    { choice(None, text::BLANK.to_owned(), text::BLANK_HOW.to_owned()) }
                    { for templates.iter().map(from) }
                </div>
            }
        },
    );
    html! {
        <section>
            <h2 class="section">{ text::BEGIN_FROM }</h2>
            { choices }
            <form class="form" {onsubmit} {onkeydown}>
                <TextField id={TITLE_ID} label={text::AGENT_TITLE} value={(*title).clone()} oninput={set_title} help={text::AGENT_TITLE_HELP} error={too_long} />
                <TextField id="new-name" label={text::AGENT_NAME} mono=true value={name} oninput={set_name} help={text::AGENT_NAME_HELP} {error} />
                <div><Button label={text::CREATE_AGENT} kind={Kind::Primary} main_shortcut=true busy={create.busy} {why_not} onclick={send} /></div>
                <button type="submit" class="visually-hidden" tabindex="-1">{ text::CREATE_AGENT }</button>
            </form>
            if let Some(problem) = &create.problem { { notice(problem, None) } }
        </section>
    }
}
