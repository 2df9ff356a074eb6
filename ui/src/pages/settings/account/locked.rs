//! That the sign-in could not be opened; where a passphrase opens it, the way to type that.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::command::ShowKeyStore;
use slipway_contract::secret::SealedState;
use yew::prelude::*;

use super::Trouble;
use crate::bridge::{Query, use_query};
use crate::pages::settings::unlock_form::UnlockForm;
use crate::text;

/// Why it could not be opened.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// As it was said to who asked.
    pub(super) problem: Rc<Problem>,
    /// Asks who is signed in once more.
    pub(super) again: Callback<()>,
}

/// The form, or the problem where it is another one.
#[component]
pub(super) fn Locked(props: &Props) -> Html {
    let store = use_query(ShowKeyStore {}, 0);
    match &store.state {
        Query::Pending => Html::default(),
        Query::Ready(store) if store.sealed == SealedState::Locked => html! {
            <div class="account__then">
                <UnlockForm hint={text::locked_file_why(text::THE_SIGN_IN)} unlocked={props.again.clone()} />
            </div>
        },
        _ => {
            html! { <Trouble problem={Rc::clone(&props.problem)} again={props.again.clone()} /> }
        }
    }
}
