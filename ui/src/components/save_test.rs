//! A run made a test: it is asked where it goes, and said what was saved.

use std::rc::Rc;

use slipway_contract::command::{SaveAsTest, ShowTests};
use slipway_contract::test::SavedTest;
use slipway_contract::{AgentName, RunId};
use yew::prelude::*;

use super::button::{Button, Kind};
use super::dialog::Dialog;
use super::field::TextField;
use super::icon::Icon;
use super::problem::notice;
use super::select::{Choice, Select};
use crate::bridge::{use_action, use_query};
use crate::route::{Route, SuiteFile, Which};
use crate::text;

/// The letters of a name that is proposed.
const NAME: usize = 60;

/// Which run.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) run: RunId,
    /// Its agent.
    pub(crate) agent: AgentName,
    /// What it was asked.
    pub(crate) asked: AttrValue,
    /// Why it cannot be one yet.
    #[prop_or_default]
    pub(crate) why_not: Option<AttrValue>,
    /// A smaller button.
    #[prop_or_default]
    pub(crate) small: bool,
}

/// The button, and its dialog.
#[component]
pub(crate) fn SaveTest(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let set = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let class = (!props.small).then_some("head-action");
    html! {
        <span {class}>
            <Button label={text::SAVE_AS_TEST} icon={Icon::Test} kind={Kind::Quiet} small={props.small} why_not={props.why_not.clone()} onclick={set(true)} />
            if *open { <Ask run={props.run} agent={props.agent.clone()} asked={props.asked.clone()} onclose={set(false)} /> }
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct AskProps {
    run: RunId,
    agent: AgentName,
    asked: AttrValue,
    onclose: Callback<()>,
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let tests = use_query(
        ShowTests {
            agent: props.agent.clone(),
            suite: None,
        },
        0,
    );
    let name = {
        let asked = first_words(&props.asked);
        use_state_eq(move || asked)
    };
    let chosen = use_state_eq(|| 0_usize);
    let saved = use_state_eq(|| None::<Rc<SavedTest>>);
    let save = {
        let saved = saved.clone();
        use_action::<SaveAsTest>(Callback::from(move |test| saved.set(Some(Rc::new(test)))))
    };
    if let Some(saved) = &*saved {
        return html! { <Saved saved={Rc::clone(saved)} onclose={props.onclose.clone()} /> };
    }
    let suites = tests
        .state
        .ready()
        .map_or_else(Vec::new, |page| page.suites.clone());
    let items: Vec<Choice> = suites
        .iter()
        .map(|suite| Choice {
            label: suite.title.clone().into(),
            note: Some(suite.file.clone().into()),
        })
        .collect();
    let send = {
        let run = props.run;
        let suite = suites.get(*chosen).map(|suite| suite.file.clone());
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        save.send.reform(move |()| SaveAsTest {
            run,
            suite: suite.clone(),
            name: name.clone(),
        })
    };
    let oninput = {
        let name = name.setter();
        Callback::from(move |typed: String| name.set(typed))
    };
    let onchoose = {
        let chosen = chosen.setter();
        Callback::from(move |at: usize| chosen.set(at))
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.onclose.clone()} />
            <Button label={text::SAVE_TEST} kind={Kind::Primary} busy={save.busy} onclick={send} />
        </>
    };
    html! {
        <Dialog title={text::SAVE_AS_TEST} open=true onclose={props.onclose.clone()} {actions}>
            <p class="t2">{ text::SAVE_AS_TEST_HOW }</p>
            <div {onkeydown}><TextField id="test-name" label={text::FIELD_NAME} value={(*name).clone()} {oninput} /></div>
            if !items.is_empty() {
                <div class="field"><span class="field__label">{ text::SUITE }</span><Select label={text::SUITE} {items} chosen={*chosen} {onchoose} /></div>
            } else if tests.state.ready().is_some() {
                <p class="small t3">{ text::FIRST_SUITE_IS_MADE }</p>
            }
            if let Some(problem) = &save.problem { { notice(problem, None) } }
        </Dialog>
    }
}

/// The beginning of what was asked, up to a whole word.
fn first_words(asked: &str) -> String {
    let line = asked
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim();
    let mut words = String::new();
    for word in line.split_whitespace() {
        if !words.is_empty() && words.chars().count() + word.chars().count() + 1 > NAME {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    let cut: String = words.chars().take(NAME).collect();
    cut.trim_end_matches(['.', ',', ':', ';']).to_owned()
}

#[derive(Properties, PartialEq)]
struct SavedProps {
    saved: Rc<SavedTest>,
    onclose: Callback<()>,
}

#[component]
fn Saved(props: &SavedProps) -> Html {
    let saved = &props.saved;
    let route = saved.case.parse().ok().map(|case| Route::Case {
        name: saved.agent.clone(),
        suite: SuiteFile::of(&saved.suite),
        report: Which::Newest,
        case,
    });
    let actions = html! {
        <>
            <Button label={text::CLOSE} onclick={props.onclose.clone()} />
            { for route.map(|route| html! { <a class="btn btn--primary" href={route.href()}>{ text::TO_THE_CASE }</a> }) }
        </>
    };
    html! {
        <Dialog title={text::SAVED_AS_TEST} open=true onclose={props.onclose.clone()} {actions}>
            <p><b class="strong">{ saved.name.clone() }</b>{ text::IN_SUITE }<span class="path">{ saved.suite.clone() }</span></p>
            <p class="t2">{ text::tools_in_test(saved.tools_run) }</p>
            if !saved.files.is_empty() {
                <p class="t2">{ text::FILES_COPIED }</p>
                <ul class="bullets">{ for saved.files.iter().map(|file| html! { <li class="path">{ file.clone() }</li> }) }</ul>
            }
            { for saved.notes.iter().map(|note| html! { <p class="t2">{ text::sentence(note) }</p> }) }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_beginning_of_what_was_asked() {
        assert_eq!(
            first_words("\n Make the report of October.\nAll of it"),
            "Make the report of October"
        );
        let long = "word ".repeat(40);
        assert_eq!(first_words(&long).chars().count(), 59);
        assert_eq!(first_words(&"x".repeat(100)).len(), NAME);
        assert_eq!(first_words(" \n"), "");
    }
}
