//! How what the agent asks differs from its recording, and the way back where a file of it changed.

use std::rc::Rc;

use slipway_contract::command::{ReadDraftFile, SaveDraftFile};
use slipway_contract::draft::NewContent;
use slipway_contract::test::Mismatch;
use slipway_contract::{AgentName, Problem};
use yew::prelude::*;

use crate::bridge::call;
use crate::components::{Button, Kind, Toasts, line_diff, notice};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent.
    pub(super) agent: AgentName,
    /// The difference.
    pub(super) mismatch: Rc<Mismatch>,
    /// The way to the trace.
    pub(super) trace: Html,
    /// The draft is another.
    pub(super) changed: Callback<()>,
}

/// The difference.
#[component]
pub(super) fn MismatchSection(props: &Props) -> Html {
    let toasts = use_context::<Toasts>();
    let busy = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<Rc<Problem>>);
    let mismatch = &props.mismatch;
    let back = mismatch.file.clone().zip(mismatch.recorded_text.clone());
    let restore = back.map(|(path, recorded)| {
        let (agent, changed, toasts) = (props.agent.clone(), props.changed.clone(), toasts.clone());
        let (busy, problem) = (busy.clone(), problem.clone());
        let label = text::restore_file(&path);
        let is_busy = *busy;
        let onclick = Callback::from(move |()| {
            if *busy {
                return;
            }
            busy.set(true);
            let (agent, path, recorded) = (agent.clone(), path.clone(), recorded.clone());
            let (busy, problem) = (busy.clone(), problem.clone());
            let (changed, toasts) = (changed.clone(), toasts.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = put(&agent, &path, recorded).await;
                busy.set(false);
                match done {
                    Ok(before) => {
                        problem.set(None);
                        changed.emit(());
                        if let (Some(toasts), Some(before)) = (&toasts, before) {
                            let said = text::file_restored(&path);
                            toasts.undo(said, put_later(agent, path, before, changed));
                        }
                    }
                    Err(refused) => problem.set(Some(Rc::new(refused))),
                }
            });
        });
        html! { <Button {label} small=true kind={Kind::Quiet} busy={is_busy} {onclick} /> }
    });
    html! {
        <section>
            <h3 class="section"><span>{ text::sentence(&mismatch.what) }</span><span class="spacer"></span>{ props.trace.clone() }</h3>
            if mismatch.file.is_some() || !mismatch.diff.is_empty() {
                <div class="case__file">
                    { for mismatch.file.as_ref().map(|file| html! { <span class="path clip">{ text::file_line(file, mismatch.diff.first().map(first_change)) }</span> }) }
                    <span class="spacer"></span>
                    { for restore }
                    <span class="small t3 case__legend" aria-hidden="true"><span class="is-minus">{ "−" }</span>{ text::LEGEND_RECORDED }<span class="is-plus">{ "+" }</span>{ text::LEGEND_NOW }</span>
                </div>
            }
            if !mismatch.diff.is_empty() { { line_diff(&mismatch.diff) } }
            { for (*problem).as_ref().map(|problem| notice(problem, None)) }
        </section>
    }
}

/// The line of what changed, as it is now.
fn first_change(hunk: &slipway_contract::version::Hunk) -> usize {
    use slipway_contract::version::LineChange;
    let same = hunk
        .lines
        .iter()
        .take_while(|line| line.change == LineChange::Same);
    hunk.after_line + same.count()
}

/// Gives a file of the draft this text; answers with the one that it had.
async fn put(agent: &AgentName, path: &str, text: String) -> Result<Option<String>, Problem> {
    let now = call(&ReadDraftFile {
        agent: agent.clone(),
        path: path.to_owned(),
    })
    .await?;
    call(&SaveDraftFile {
        agent: agent.clone(),
        path: path.to_owned(),
        content: NewContent::Text(text),
        seen: Some(now.content),
    })
    .await?;
    Ok(now.text)
}

fn put_later(agent: AgentName, path: String, text: String, changed: Callback<()>) -> Callback<()> {
    Callback::from(move |()| {
        let (agent, path, text, changed) =
            (agent.clone(), path.clone(), text.clone(), changed.clone());
        wasm_bindgen_futures::spawn_local(async move {
            // Where it cannot be put back, the page that is asked for again shows what is there.
            let _ = put(&agent, &path, text).await;
            changed.emit(());
        });
    })
}
