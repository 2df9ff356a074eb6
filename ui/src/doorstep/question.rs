//! What a link would do, before it does.

use slipway_contract::shell::Link;
use yew::prelude::*;

use super::Asked;
use crate::components::{Button, Dialog, Kind, exact, notice};
use crate::text;

/// What is asked, and who hears the answer.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What is asked.
    pub(super) asked: Asked,
    /// The person wants it.
    pub(super) follow: Callback<Link>,
    /// The person is done with it.
    pub(super) done: Callback<()>,
}

/// A dialog. The button that does nothing has the keyboard: a dialog that comes while somebody types must not be agreed to.
#[component]
pub(super) fn Question(props: &Props) -> Html {
    let done = &props.done;
    let link = match &props.asked {
        Asked::Link(link) => link.clone(),
        Asked::Refused(problem) => {
            let actions = html! { <Button label={text::CLOSE} onclick={done.clone()} /> };
            return html! {
                <Dialog title={text::NOT_OPENED} open=true onclose={done.clone()} {actions}>{ notice(problem, None) }</Dialog>
            };
        }
    };
    let (title, what, shown, verb) = match &link {
        Link::Agent { agent } => (text::LINK_TO_AGENT, "", agent.to_string(), text::LINK_OPEN),
        Link::Ask { agent, input } if input.is_empty() => {
            (text::LINK_TO_ASK, "", agent.to_string(), text::LINK_OPEN)
        }
        Link::Ask { input, .. } => (
            text::LINK_TO_WRITE,
            text::LINK_TO_WRITE_WHAT,
            input.clone(),
            text::LINK_WRITE,
        ),
        Link::Run { run } => (text::LINK_TO_RUN, "", run.to_string(), text::LINK_OPEN),
        Link::Import { path } => (
            text::LINK_TO_IMPORT,
            text::LINK_TO_IMPORT_WHAT,
            path.clone(),
            text::LINK_LOOK,
        ),
    };
    let agent = match &link {
        Link::Ask { agent, input } if !input.is_empty() => Some(agent.to_string()),
        _ => None,
    };
    let follow = {
        let (follow, link) = (props.follow.clone(), link);
        Callback::from(move |()| follow.emit(link.clone()))
    };
    let actions = html! {
        <>
            <Button label={text::LINK_LEAVE} onclick={done.clone()} />
            <Button label={verb} kind={Kind::Primary} onclick={follow} />
        </>
    };
    html! {
        <Dialog {title} open=true onclose={done.clone()} {actions}>
            if let Some(agent) = agent { <p class="path">{ agent }</p> }
            <pre class="well link__what selectable" dir="auto" tabindex="-1">{ exact(&shown) }</pre>
            if !what.is_empty() { <p class="t2">{ what }</p> }
            <p class="small t3">{ text::LINK_IS_NOBODYS }</p>
        </Dialog>
    }
}
