//! Signing in: at which server, and how one gets a server of one's own.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::account::Who;
use slipway_contract::command::cloud::{BeginSignIn, StopSignIn};
use slipway_contract::command::{ShowKeyStore, UnlockKeys};
use yew::prelude::*;

use super::Trouble;
use super::keyboard::use_head;
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Copy, Icon, Kind, TextField, icon, notice};
use crate::pages::settings::passphrase::{Passphrase, PassphraseFields};
use crate::pages::settings::secret_field::{form_keys, take};
use crate::text;

/// What is known, and where it leads.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Who was signed in, and where.
    pub(super) who: Rc<Who>,
    /// That the server does not know of a sign-out here.
    pub(super) untold: Option<AttrValue>,
    /// Begins to sign in.
    pub(super) begin: Callback<BeginSignIn>,
    /// The server is being asked.
    pub(super) busy: bool,
    /// Why it did not begin.
    pub(super) problem: Option<Rc<Problem>>,
}

/// The form.
#[component]
pub(super) fn SignIn(props: &Props) -> Html {
    let head = use_head(());
    let address = use_state_eq(|| props.who.server.clone().unwrap_or_default());
    let (passphrase, again) = (use_node_ref(), use_node_ref());
    let has_passphrase = use_state_eq(|| false);
    let differ = use_state_eq(|| false);
    // What begins once the sealed file is open.
    let then = use_mut_ref(|| None::<BeginSignIn>);
    let store = use_query(ShowKeyStore {}, 0);
    let wanted = Passphrase::wanted(store.state.ready().map(|store| &**store));
    let unlock = {
        let (begin, then, look) = (props.begin.clone(), then.clone(), store.again);
        use_action::<UnlockKeys>(Callback::from(move |()| {
            look.emit(());
            if let Some(order) = then.borrow_mut().take() {
                begin.emit(order);
            }
        }))
    };
    let stop = use_action::<StopSignIn>(Callback::noop());
    let give_up = stop.send.reform(|()| StopSignIn {});
    let busy = props.busy || unlock.busy;
    let why_not = why_not(&address, wanted, *has_passphrase).filter(|_| !busy);
    let send = |with_code: bool| {
        let (passphrase, again, address) = (passphrase.clone(), again.clone(), address.clone());
        let (has_passphrase, differ) = (has_passphrase.clone(), differ.clone());
        let (begin, unlock, then) = (props.begin.clone(), unlock.send.clone(), then.clone());
        let blocked = busy || why_not.is_some();
        Callback::from(move |()| {
            if blocked {
                return;
            }
            let order = BeginSignIn {
                server: Some(address.trim().to_owned()),
                with_code,
            };
            let (opens, repeated) = (take(&passphrase), take(&again));
            has_passphrase.set(false);
            let is_same = wanted != Passphrase::Choose || opens == repeated;
            differ.set(!is_same);
            match opens {
                _ if !is_same => {}
                Some(passphrase) => {
                    *then.borrow_mut() = Some(order);
                    unlock.emit(UnlockKeys { passphrase });
                }
                None => begin.emit(order),
            }
        })
    };
    let oninput = {
        let address = address.clone();
        Callback::from(move |typed| address.set(typed))
    };
    let use_own = {
        let address = address.clone();
        Callback::from(move |()| address.set(text::OWN_SERVER_ADDRESS.to_owned()))
    };
    let (in_browser, with_code) = (send(false), send(true));
    let on_filled = Callback::from(move |filled| has_passphrase.set(filled));
    html! {
        <>
            <h1 ref={head} class="head" tabindex="-1">{ text::ACCOUNT }</h1>
            <p class="t2 set__lead">{ text::ACCOUNT_LEAD }</p>
            <section class="account__in" aria-label={text::SIGN_IN} onkeydown={form_keys(in_browser.clone(), Callback::noop())}>
                if let Some(untold) = &props.untold {
                    <div class="notice notice--parked selectable" role="status">{ icon(Icon::Alert) }<div>{ untold.clone() }</div></div>
                }
                if let Some(problem) = &props.who.problem { { notice(problem, None) } }
                <div class="panel">
                    <TextField id="cloud-server" label={text::SERVER_ADDRESS} help={text::SERVER_HELP} placeholder={text::SERVER_EXAMPLE} mono=true value={(*address).clone()} {oninput} disabled={busy} />
                    <PassphraseFields {wanted} what={text::THE_SIGN_IN} {passphrase} {again} {on_filled} />
                    if *differ { <p class="field__error" role="alert">{ text::PASSPHRASES_DIFFER }</p> }
                    if let Some(problem) = unlock.problem.as_ref().or(props.problem.as_ref()) { <Trouble problem={Rc::clone(problem)} /> }
                    <div class="btns">
                        <Button label={text::SIGN_IN} kind={Kind::Primary} {busy} why_not={why_not.map(AttrValue::Static)} onclick={in_browser} />
                        if props.busy {
                            <Button label={text::CANCEL} kind={Kind::Quiet} onclick={give_up} />
                        } else {
                            <Button label={text::WITH_CODE} kind={Kind::Quiet} why_not={why_not.map(AttrValue::Static)} onclick={with_code} />
                        }
                    </div>
                    <p class="small t3" role="status">{ if props.busy { text::ASKING_SERVER } else { text::SIGN_IN_HOW } }</p>
                </div>
                <details class="account__own">
                    <summary>{ text::OWN_SERVER }</summary>
                    <p class="small t2">{ text::OWN_SERVER_HOW }</p>
                    <pre class="code well selectable">{ text::OWN_SERVER_COMMAND }</pre>
                    <div class="btns">
                        <Copy label={text::COPY_COMMAND} text={text::OWN_SERVER_COMMAND} />
                        <Button label={text::USE_ADDRESS} small=true onclick={use_own} />
                        <span class="path t3">{ text::OWN_SERVER_ADDRESS }</span>
                    </div>
                </details>
            </section>
        </>
    }
}

/// Why it cannot begin now.
fn why_not(address: &str, wanted: Passphrase, has_passphrase: bool) -> Option<&'static str> {
    if address.trim().is_empty() {
        Some(text::NAME_SERVER_FIRST)
    } else if wanted != Passphrase::Nothing && !has_passphrase {
        Some(text::TYPE_PASSPHRASE_FIRST)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_a_server_and_where_it_is_wanted_a_passphrase() {
        let nothing = Passphrase::Nothing;
        assert_eq!(why_not("  ", nothing, false), Some(text::NAME_SERVER_FIRST));
        assert_eq!(why_not("https://a.example", nothing, false), None);
        for wanted in [Passphrase::Open, Passphrase::Choose] {
            let first = Some(text::TYPE_PASSPHRASE_FIRST);
            assert_eq!(why_not("https://a.example", wanted, false), first);
            assert_eq!(why_not("https://a.example", wanted, true), None);
        }
    }
}
