//! A step made again, or edited, in a new run that goes on from there.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::again::StepEdit;
use slipway_contract::command::{ListModels, RetryRun};
use slipway_contract::message::Content;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem, RunId};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::bridge::{use_action, use_query};
use crate::browser;
use crate::components::{Button, Icon, Kept, Kind, ModelPicker, notice};
use crate::route::Route;
use crate::run_state::{Entry, ModelPhase, ToolPhase};
use crate::text;

/// A longer text is edited as a file, on the command line.
const MOST_EDITED: usize = 100_000;

/// Which step of which run.
#[derive(Properties)]
pub(super) struct Props {
    /// The run.
    pub(super) run: RunId,
    /// The step.
    pub(super) entry: Rc<Entry>,
    /// The run's model.
    pub(super) own_model: AttrValue,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entry, &other.entry)
            && self.run == other.run
            && self.own_model == other.own_model
    }
}

/// What a person does with the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Again,
    Editing,
}

/// The two ways on from a step.
#[component]
pub(super) fn Again(props: &Props) -> Html {
    let doing = use_state_eq(|| Doing::Nothing);
    let kept = use_context::<Kept>();
    let Some(gave) = Gave::of(&props.entry).filter(|_| kept.is_none()) else {
        return Html::default();
    };
    let open = |what: Doing| {
        let doing = doing.clone();
        Callback::from(move |()| doing.set(what))
    };
    match *doing {
        Doing::Nothing => {
            let edit = match &gave {
                Gave::Answer(_) | Gave::Parts(_) => Some(text::EDIT_ANSWER),
                Gave::Result(_) => Some(text::EDIT_RESULT),
                Gave::Nothing => None,
            };
            html! {
                <div class="again">
                    <Button label={text::MAKE_AGAIN} icon={Icon::Retry} small=true kind={Kind::Quiet} onclick={open(Doing::Again)} />
                    if let Some(label) = edit { <Button {label} icon={Icon::Pen} small=true kind={Kind::Quiet} onclick={open(Doing::Editing)} /> }
                </div>
            }
        }
        doing_it => {
            let gave = if doing_it == Doing::Editing {
                gave
            } else {
                Gave::Nothing
            };
            html! { <Form run={props.run} entry={Rc::clone(&props.entry)} own_model={props.own_model.clone()} {gave} on_close={open(Doing::Nothing)} /> }
        }
    }
}

/// What a step gave, as a person edits it.
#[derive(Debug, Clone, PartialEq)]
enum Gave {
    /// An answer that is text alone.
    Answer(String),
    /// An answer with calls, as JSON.
    Parts(String),
    /// A tool's result.
    Result(String),
    /// Nothing that could be edited here.
    Nothing,
}

impl Gave {
    /// None for a step that is not over.
    fn of(entry: &Entry) -> Option<Self> {
        let gave = match entry {
            Entry::Model(step) => match &step.phase {
                ModelPhase::Answered { content, .. } => Self::of_answer(content),
                ModelPhase::Failed | ModelPhase::CutOff => Self::Nothing,
                _ => return None,
            },
            Entry::Tool(step) => match &step.phase {
                ToolPhase::Returned {
                    whole_bytes: Some(_),
                    ..
                } => Self::Nothing,
                ToolPhase::Returned { result, .. } => Self::Result(match result {
                    Value::String(text) => text.clone(),
                    other => serde_json::to_string_pretty(other).unwrap_or_default(),
                }),
                ToolPhase::CutOff => Self::Nothing,
                _ => return None,
            },
            _ => return None,
        };
        Some(match gave {
            Self::Answer(text) | Self::Parts(text) | Self::Result(text)
                if text.len() > MOST_EDITED =>
            {
                Self::Nothing
            }
            gave => gave,
        })
    }

    fn of_answer(content: &[Content]) -> Self {
        let has_call = content
            .iter()
            .any(|part| matches!(part, Content::ToolCall(_)));
        if has_call {
            return Self::Parts(serde_json::to_string_pretty(content).unwrap_or_default());
        }
        let texts = content.iter().filter_map(|part| match part {
            Content::Text { text } => Some(text.as_str()),
            _ => None,
        });
        Self::Answer(texts.collect::<Vec<_>>().join("\n\n"))
    }

    fn text(&self) -> &str {
        match self {
            Self::Answer(text) | Self::Parts(text) | Self::Result(text) => text,
            Self::Nothing => "",
        }
    }

    /// What the person made of it.
    fn edit(&self, written: &str, was: &Entry) -> Result<Option<StepEdit>, Problem> {
        Ok(match self {
            Self::Nothing => None,
            Self::Answer(_) => Some(StepEdit::Answer {
                content: vec![Content::Text {
                    text: written.to_owned(),
                }],
            }),
            Self::Parts(_) => {
                let content = serde_json::from_slice(written.as_bytes()).map_err(|error| {
                    Problem::new(
                        ErrorCode::InvalidInput,
                        text::not_the_parts(&error.to_string()),
                    )
                })?;
                Some(StepEdit::Answer { content })
            }
            Self::Result(_) => {
                // What was text stays text, also where it reads like data.
                let was_text = matches!(was, Entry::Tool(step)
                    if matches!(&step.phase, ToolPhase::Returned { result: Value::String(_), .. }));
                let as_text = || Value::String(written.to_owned());
                let result = if was_text {
                    as_text()
                } else {
                    serde_json::from_slice(written.as_bytes()).unwrap_or_else(|_| as_text())
                };
                Some(StepEdit::Result { result })
            }
        })
    }
}

#[derive(Properties)]
struct FormProps {
    run: RunId,
    entry: Rc<Entry>,
    own_model: AttrValue,
    gave: Gave,
    on_close: Callback<()>,
}

impl PartialEq for FormProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.entry, &other.entry) && self.gave == other.gave
    }
}

#[component]
fn Form(props: &FormProps) -> Html {
    let models = use_query(ListModels {}, 0);
    let chosen = use_state_eq(|| None::<ModelRef>);
    let wrong = use_state_eq(|| None::<Rc<Problem>>);
    let field = use_node_ref();
    let navigator = use_navigator();
    let retry = use_action::<RetryRun>(Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    }));
    {
        let field = field.clone();
        use_effect_with((), move |()| browser::focus(&field));
    }
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |model| chosen.set(model))
    };
    let send = {
        let (run, entry, gave) = (props.run, Rc::clone(&props.entry), props.gave.clone());
        let (send, field, wrong, model) = (
            retry.send.clone(),
            field.clone(),
            wrong.clone(),
            (*chosen).clone(),
        );
        Callback::from(move |()| {
            let Some(step) = entry.step() else { return };
            let written = field
                .cast::<HtmlTextAreaElement>()
                .map(|field| field.value())
                .unwrap_or_default();
            match gave.edit(&written, &entry) {
                Ok(edit) => {
                    wrong.set(None);
                    send.emit(RetryRun {
                        run,
                        step,
                        edit,
                        model: model.clone(),
                    });
                }
                Err(problem) => wrong.set(Some(Rc::new(problem))),
            }
        })
    };
    let onkeydown = {
        let (close, send) = (props.on_close.clone(), send.clone());
        Callback::from(move |event: KeyboardEvent| {
            // Keys in the form are not the trace's.
            event.stop_propagation();
            if event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
            } else if browser::is_main_shortcut(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let (label, hint, rows) = match &props.gave {
        Gave::Answer(_) => (text::EDITED_ANSWER, "", "8"),
        Gave::Parts(_) => (text::EDITED_PARTS, "code", "12"),
        Gave::Result(_) => (text::EDITED_RESULT, "code", "10"),
        Gave::Nothing => ("", "", ""),
    };
    let begin = if props.gave == Gave::Nothing {
        text::MAKE_AGAIN
    } else {
        text::GO_ON_FROM_HERE
    };
    let problem = wrong.as_ref().or(retry.problem.as_ref());
    html! {
        <div class="again again--open group" {onkeydown}>
            if props.gave != Gave::Nothing {
                <label class="field">
                    <span class="field__label">{ label }</span>
                    <textarea ref={field} class={classes!("textarea", hint)} {rows} spellcheck="false" defaultvalue={props.gave.text().to_owned()} />
                </label>
            }
            <p class="small t3">{ text::MAKES_A_NEW_RUN }</p>
            if let Some(problem) = problem { { notice(problem, None) } }
            <div class="btns">
                <Button label={begin} kind={Kind::Primary} small=true busy={retry.busy} onclick={send} />
                <Button label={text::CANCEL} small=true kind={Kind::Quiet} onclick={props.on_close.clone()} />
                <span class="spacer"></span>
                <ModelPicker own={props.own_model.clone()} {models} chosen={(*chosen).clone()} {on_choose} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn returned(result: Value) -> Entry {
        let step = serde_json::from_value(json!(3)).unwrap();
        Entry::Tool(crate::run_state::ToolStep {
            step,
            call_id: slipway_contract::CallId("c".into()),
            tool: "t".into(),
            arguments: json!({}),
            effect: None,
            phase: ToolPhase::Returned {
                result,
                whole_bytes: None,
                is_error: false,
                took_ms: None,
                began: true,
            },
            asked: Vec::new(),
            with: Vec::new(),
        })
    }

    #[test]
    fn a_result_stays_what_it_was() {
        for (was, written, becomes) in [
            (json!("3"), "4", json!("4")),
            (json!({ "a": 1 }), "{\"a\": 2}", json!({ "a": 2 })),
            (
                json!({ "a": 1 }),
                "no data any more",
                json!("no data any more"),
            ),
        ] {
            let entry = returned(was);
            let gave = Gave::of(&entry).unwrap();
            let edit = gave.edit(written, &entry).unwrap();
            assert_eq!(edit, Some(StepEdit::Result { result: becomes }));
        }
    }

    #[test]
    fn parts_that_are_none_are_refused_before_anything_starts() {
        let content = [Content::ToolCall(slipway_contract::message::ToolCall {
            call_id: slipway_contract::CallId("c".into()),
            tool: "t".into(),
            arguments: json!({}),
            malformed: None,
        })];
        let gave = Gave::of_answer(&content);
        let entry = returned(json!(1));
        let same = gave.edit(gave.text(), &entry).unwrap();
        assert_eq!(
            same,
            Some(StepEdit::Answer {
                content: content.to_vec()
            })
        );
        let problem = gave.edit("[{\"type\": \"spell\"}]", &entry).unwrap_err();
        assert!(
            problem.message.contains("no parts of an answer"),
            "{problem}"
        );
    }

    #[test]
    fn what_is_too_long_is_not_edited_here() {
        let entry = returned(json!("x".repeat(MOST_EDITED + 1)));
        assert_eq!(Gave::of(&entry), Some(Gave::Nothing));
    }
}
