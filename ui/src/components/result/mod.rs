//! What a tool returned, shown by its kind: a table as a table, Markdown as text, lines that changed as such, an image from
//! its bytes, everything else as data.

mod diff;
mod image;
mod kind;
mod long;
mod table;

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::{RunId, StepId};
use yew::prelude::*;

pub(crate) use self::long::LongText;

use self::image::Image;
use self::kind::{Beside, Kind, Words, kind};
use self::long::KeptResult;
use super::exact::{data, exact, scalar};
use super::fold::Fold;
use super::segmented::Segmented;
use crate::run_state::{Entry, ToolPhase, ToolStep};
use crate::{format, markdown, text};

/// Whose result it is.
#[derive(Properties)]
pub(crate) struct Props {
    /// The tool call.
    pub(crate) entry: Rc<Entry>,
    /// The run.
    pub(crate) run: RunId,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // A result may be long, and an entry changes only by becoming another value.
        Rc::ptr_eq(&self.entry, &other.entry) && self.run == other.run
    }
}

/// What a tool returned.
#[component]
pub(crate) fn ToolResult(props: &Props) -> Html {
    let rows = use_state_eq(|| 0_usize);
    let as_written = use_state_eq(|| false);
    let Entry::Tool(step) = props.entry.as_ref() else {
        return Html::default();
    };
    let ToolPhase::Returned {
        result,
        whole_bytes,
        ..
    } = &step.phase
    else {
        return Html::default();
    };
    let on_more = {
        let rows = rows.clone();
        Callback::from(move |more| rows.set(more))
    };
    let kind = kind(result, &step.arguments);
    let is_short_text = matches!(&kind, Kind::Text(text, ..) if text.len() <= 24);
    let shown = match &kind {
        Kind::Table(table) => table.view(*rows, &on_more),
        Kind::Picture(picture) => html! { <Image picture={picture.clone()} /> },
        Kind::Text(words, how, beside) => {
            html! { <>{ view_text(words, *how, &as_written) }{ for beside.map(rest) }</> }
        }
        Kind::Data if edits(step) => Html::default(),
        Kind::Data => data(result),
    };
    html! {
        <>
            { edited(step) }
            { shown }
            if let Some(bytes) = *whole_bytes {
                { in_pieces(bytes, props.run, step.step) }
            } else {
                { whole(result, &kind, is_short_text, edits(step)) }
            }
        </>
    }
}

fn view_text(words: &str, how: Words, as_written: &UseStateHandle<bool>) -> Html {
    if how == Words::Plain {
        return data(&Value::String(words.to_owned()));
    }
    let onchoose = {
        let as_written = as_written.clone();
        Callback::from(move |chosen| as_written.set(chosen == 1))
    };
    let shown = if how == Words::Diff {
        text::AS_DIFF
    } else {
        text::AS_MARKDOWN
    };
    html! {
        <>
            <div class="more__kinds"><Segmented label={text::SHOWN_AS} small=true items={vec![AttrValue::Static(shown), AttrValue::Static(text::AS_WRITTEN)]} chosen={usize::from(**as_written)} {onchoose} /></div>
            if **as_written {
                { data(&Value::String(words.to_owned())) }
            } else if how == Words::Diff {
                { diff::view(&diff::lines(words)) }
            } else {
                <div class="well more__text read selectable">{ markdown::view(markdown::parse(words)) }</div>
            }
        </>
    }
}

/// What a tool that edits put in the place of what.
fn edited(step: &ToolStep) -> Html {
    let text = |name: &str| step.arguments.get(name).and_then(Value::as_str);
    match (text("old_text"), text("new_text")) {
        (Some(old), Some(new)) => diff::view(&diff::between(old, new)),
        _ => Html::default(),
    }
}

fn edits(step: &ToolStep) -> bool {
    ["old_text", "new_text"]
        .iter()
        .all(|name| step.arguments.get(*name).is_some_and(Value::is_string))
}

/// All that was returned, for whoever wants to see it.
fn in_pieces(bytes: u64, run: RunId, step: StepId) -> Html {
    let size = format::bytes(usize::try_from(bytes).unwrap_or(usize::MAX));
    html! { <Fold summary={text::whole_result(&size)}><KeptResult {run} {step} /></Fold> }
}

fn whole(result: &Value, kind: &Kind<'_>, is_short: bool, edits: bool) -> Html {
    match kind {
        Kind::Data if edits => html! { <Fold summary={text::ALL_OF_IT}>{ data(result) }</Fold> },
        Kind::Table(_) | Kind::Picture(_) | Kind::Text(_, _, Some(_)) if !is_short => {
            html! { <Fold summary={text::ALL_OF_IT}>{ data(result) }</Fold> }
        }
        _ => Html::default(),
    }
}

/// What was returned beside the text.
fn rest(beside: Beside<'_>) -> Html {
    const LONGEST: usize = 400;
    let value = |value: &Value| scalar(value).chars().take(LONGEST).collect::<String>();
    html! {
        <dl class="facts num more__facts selectable">
            { for beside.iter().map(|(name, field)| html! { <><dt>{ exact(name) }</dt><dd>{ exact(&value(field)) }</dd></> }) }
        </dl>
    }
}
