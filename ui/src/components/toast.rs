//! What was done, said in passing; with a way to take it back.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Icon, icon};
use crate::text;

/// How long one stays that only confirms.
const SAID_MS: u32 = 5_000;

/// How long one stays that can take something back, or tells of a failure.
const LONGER_MS: u32 = 12_000;

/// More than these are not shown at once; the oldest goes.
const SHOWN: usize = 3;

/// One of them.
#[derive(Clone, PartialEq)]
struct Toast {
    number: u32,
    text: AttrValue,
    kind: Said,
}

/// What kind of thing is said.
#[derive(Clone, PartialEq)]
pub(crate) enum Said {
    /// It was done.
    Done,
    /// It was done, and can be taken back.
    Undo(Callback<()>),
    /// It could not be done.
    Failed,
}

/// What is shown, and what was said last.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Shown {
    newest: u32,
    toasts: Vec<Toast>,
    announced: AttrValue,
}

/// What happens to them.
pub(crate) enum Change {
    Show { text: AttrValue, kind: Said },
    Announce(AttrValue),
    Gone(u32),
}

impl Reducible for Shown {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut shown = (*self).clone();
        match change {
            Change::Show { text, kind } => {
                shown.newest = shown.newest.wrapping_add(1);
                let number = shown.newest;
                shown.announced = text.clone();
                shown.toasts.push(Toast { number, text, kind });
                let too_many = shown.toasts.len().saturating_sub(SHOWN);
                shown.toasts.drain(..too_many);
            }
            Change::Announce(text) => shown.announced = text,
            Change::Gone(number) => shown.toasts.retain(|toast| toast.number != number),
        }
        Rc::new(shown)
    }
}

/// Says things in passing. A context of the whole window: `use_context::<Toasts>()`.
#[derive(Clone, PartialEq)]
pub(crate) struct Toasts(UseReducerDispatcher<Shown>);

impl Toasts {
    /// Confirms what was done.
    pub(crate) fn say(&self, text: impl Into<AttrValue>) {
        self.0.dispatch(Change::Show {
            text: text.into(),
            kind: Said::Done,
        });
    }

    /// Says that something could not be done.
    pub(crate) fn fail(&self, text: impl Into<AttrValue>) {
        self.0.dispatch(Change::Show {
            text: text.into(),
            kind: Said::Failed,
        });
    }

    /// Confirms what was done, and offers to take it back.
    pub(crate) fn undo(&self, text: impl Into<AttrValue>, undo: Callback<()>) {
        self.0.dispatch(Change::Show {
            text: text.into(),
            kind: Said::Undo(undo),
        });
    }

    /// Says something to those who listen to the page, without showing it.
    pub(crate) fn announce(&self, text: impl Into<AttrValue>) {
        self.0.dispatch(Change::Announce(text.into()));
    }
}

/// What is around everything that may say something.
#[derive(Properties, PartialEq)]
pub(crate) struct ToasterProps {
    /// All of it.
    pub(crate) children: Html,
}

/// Gives its children [`Toasts`], and draws what they say; the one polite region of the window.
#[component]
pub(crate) fn Toaster(props: &ToasterProps) -> Html {
    let shown = use_reducer(Shown::default);
    let gone = {
        let shown = shown.dispatcher();
        Callback::from(move |number| shown.dispatch(Change::Gone(number)))
    };
    html! {
        <ContextProvider<Toasts> context={Toasts(shown.dispatcher())}>
            { props.children.clone() }
            <div class="visually-hidden" role="status" aria-live="polite">{ shown.announced.clone() }</div>
            <div class="toasts">
                { for shown.toasts.iter().map(|toast| html! { <Line key={toast.number} toast={toast.clone()} gone={gone.clone()} /> }) }
            </div>
        </ContextProvider<Toasts>>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    toast: Toast,
    gone: Callback<u32>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let held = use_state_eq(|| false);
    {
        let (gone, number) = (props.gone.clone(), props.toast.number);
        let stays = match props.toast.kind {
            Said::Done => SAID_MS,
            Said::Undo(_) | Said::Failed => LONGER_MS,
        };
        // While the pointer or the keyboard is on it, it does not go.
        use_effect_with(*held, move |held| {
            let timeout = (!held).then(|| Timeout::new(stays, move || gone.emit(number)));
            move || drop(timeout)
        });
    }
    let hold = |to: bool| {
        let held = held.clone();
        move || held.set(to)
    };
    let (enter, leave) = (hold(true), hold(false));
    let (focus, blur) = (enter.clone(), leave.clone());
    let number = props.toast.number;
    let undo = match props.toast.kind.clone() {
        Said::Undo(undo) => {
            let gone = props.gone.clone();
            Some(Callback::from(move |()| {
                gone.emit(number);
                undo.emit(());
            }))
        }
        Said::Done | Said::Failed => None,
    };
    let failed = props.toast.kind == Said::Failed;
    html! {
        <div
            class={classes!("toast", failed.then_some("toast--failed"))}
            onmouseenter={Callback::from(move |_: MouseEvent| enter())}
            onmouseleave={Callback::from(move |_: MouseEvent| leave())}
            onfocusin={Callback::from(move |_: FocusEvent| focus())}
            onfocusout={Callback::from(move |_: FocusEvent| blur())}
        >
            { icon(if failed { Icon::Alert } else { Icon::Check }) }
            <span>{ props.toast.text.clone() }</span>
            if let Some(undo) = undo { <Button label={text::UNDO} small=true kind={Kind::Quiet} onclick={undo} /> }
            <Button label={text::CLOSE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={props.gone.reform(move |()| number)} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(shown: Rc<Shown>, text: &'static str) -> Rc<Shown> {
        shown.reduce(Change::Show {
            text: text.into(),
            kind: Said::Done,
        })
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many() {
        let mut shown = Rc::new(Shown::default());
        for text in ["one", "two", "three", "four"] {
            shown = show(shown, text);
        }
        let texts: Vec<_> = shown.toasts.iter().map(|toast| &*toast.text).collect();
        assert_eq!(texts, ["two", "three", "four"]);
        assert_eq!(&*shown.announced, "four");
    }

    #[test]
    fn each_goes_by_its_own_number() {
        let shown = show(show(Rc::new(Shown::default()), "one"), "two");
        let first = shown.toasts[0].number;
        let shown = shown
            .reduce(Change::Gone(first))
            .reduce(Change::Gone(first));
        assert_eq!(shown.toasts.len(), 1);
        assert_eq!(&*shown.toasts[0].text, "two");
    }
}
