//! The snapshots: take one, read through them, go back to one.

use std::collections::BTreeMap;

use slipway_contract::command::{RestoreSnapshot, TakeSnapshot, VerifySnapshots};
use slipway_contract::data::{RestoredData, SnapshotList, SnapshotSummary, SnapshotVerdict};
use yew::prelude::*;

use super::errand::UnderWay;
use crate::bridge::{UseQuery, use_action};
use crate::browser::{self, local};
use crate::components::{
    Button, Dialog, Icon, Kind, Mark, Toasts, async_value, mark, notice, skeleton,
};
use crate::place::Place;
use crate::{format, text};

/// What there is, and where it leads.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The snapshots that there are.
    pub(super) snapshots: UseQuery<SnapshotList>,
    /// There is another one.
    pub(super) changed: Callback<()>,
    /// One was restored.
    pub(super) restored: Callback<RestoredData>,
}

/// The snapshots.
#[component]
pub(super) fn Snapshots(props: &Props) -> Html {
    let toasts = use_context::<Toasts>();
    let verdicts = use_state(BTreeMap::<String, SnapshotVerdict>::new);
    let asking = use_state_eq(|| None::<SnapshotSummary>);
    let verifying = use_state_eq(|| None::<String>);
    let take = {
        let changed = props.changed.clone();
        use_action::<TakeSnapshot>(Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.say(text::SNAPSHOT_TAKEN);
            }
            changed.emit(());
        }))
    };
    let verify = {
        let verdicts = verdicts.clone();
        use_action::<VerifySnapshots>(Callback::from(move |found: Vec<SnapshotVerdict>| {
            let mut all = (*verdicts).clone();
            all.extend(
                found
                    .into_iter()
                    .map(|verdict| (verdict.name.clone(), verdict)),
            );
            verdicts.set(all);
        }))
    };
    let restore = {
        let (asking, restored) = (asking.clone(), props.restored.clone());
        use_action::<RestoreSnapshot>(Callback::from(move |done| {
            asking.set(None);
            restored.emit(done);
        }))
    };
    let on_take = take.send.reform(|()| TakeSnapshot {});
    let look_through = {
        let (send, verifying) = (verify.send.clone(), verifying.clone());
        Callback::from(move |name: Option<String>| {
            verifying.set(name.clone());
            send.emit(VerifySnapshots { name });
        })
    };
    let ask = {
        let asking = asking.clone();
        Callback::from(move |snapshot| asking.set(snapshot))
    };
    let busy_with = verify.busy.then(|| (*verifying).clone());
    let list = |list: &SnapshotList| {
        if list.snapshots.is_empty() && list.unreadable.is_empty() {
            return html! { <p class="small t3 snaps__none">{ text::NO_SNAPSHOT }</p> };
        }
        let row = |snapshot: &SnapshotSummary| {
            let verdict = verdicts.get(&snapshot.name);
            let busy = busy_with == Some(Some(snapshot.name.clone()));
            line(snapshot, verdict, busy, &look_through, &ask)
        };
        html! { <ul class="rows snaps">{ for list.snapshots.iter().map(row) }{ for list.unreadable.iter().map(unreadable) }</ul> }
    };
    let some = props
        .snapshots
        .state
        .ready()
        .is_some_and(|list| !list.snapshots.is_empty());
    html! {
        <section aria-label={text::SNAPSHOTS}>
            <h2 class="section">
                { text::SNAPSHOTS }<span class="spacer"></span>
                if some { <Button label={text::VERIFY_ALL} kind={Kind::Quiet} small=true busy={busy_with == Some(None)} onclick={look_through.reform(|()| None)} /> }
                <Button id={Place::TakeSnapshot.id()} label={text::TAKE_SNAPSHOT} icon={Icon::Plus} kind={Kind::Quiet} small=true busy={take.busy} onclick={on_take} />
            </h2>
            <p class="small t3">{ text::SNAPSHOTS_HOW }</p>
            if let Some(problem) = &take.problem { { notice(problem, None) } }
            if let Some(problem) = &verify.problem { { notice(problem, None) } }
            if verify.busy { <UnderWay /> }
            { async_value(&props.snapshots, skeleton::lines(&["w-320", "w-320"]), |found| list(found)) }
            { for asking.as_ref().map(|snapshot| {
                let name = snapshot.name.clone();
                let stay = ask.reform(|()| None);
                let go = restore.send.reform(move |()| RestoreSnapshot { name: name.clone() });
                let actions = html! {
                    <>
                        <Button label={text::STAY} onclick={stay.clone()} />
                        <Button label={text::GO_BACK_TO_IT} kind={Kind::Danger} busy={restore.busy} onclick={go} />
                    </>
                };
                // What was begun is not left.
                let onclose = if restore.busy { Callback::noop() } else { stay };
                html! {
                    <Dialog title={text::restore_question(&when(snapshot))} open=true {onclose} {actions}>
                        <p class="t2">{ text::RESTORE_FOLLOWS }</p>
                        <p class="t2">{ text::RESTORE_FILES }</p>
                        if let Some(problem) = &restore.problem { { notice(problem, None) } }
                    </Dialog>
                }
            }) }
        </section>
    }
}

fn when(snapshot: &SnapshotSummary) -> String {
    let taken = local(snapshot.taken_at);
    let day = format::day(taken.date(), local(browser::now()).date());
    format!("{day}, {}", format::clock(taken))
}

fn line(
    snapshot: &SnapshotSummary,
    verdict: Option<&SnapshotVerdict>,
    busy: bool,
    look_through: &Callback<Option<String>>,
    ask: &Callback<Option<SnapshotSummary>>,
) -> Html {
    let name = snapshot.name.clone();
    let verify = look_through.reform(move |()| Some(name.clone()));
    let restore = {
        let (ask, snapshot) = (ask.clone(), snapshot.clone());
        Callback::from(move |()| ask.emit(Some(snapshot.clone())))
    };
    let when = when(snapshot);
    let state = match verdict {
        Some(verdict) if verdict.good => {
            html! { <span class="status status--succeeded">{ mark(Mark::Succeeded) }{ text::SNAPSHOT_GOOD }</span> }
        }
        Some(verdict) => html! {
            <span class="status status--failed" title={verdict.faults.join("\n")}>{ mark(Mark::Failed) }{ text::SNAPSHOT_BAD }</span>
        },
        None => {
            html! { <span class="t3">{ text::snapshot_state(snapshot.sound, snapshot.lost) }</span> }
        }
    };
    html! {
        <li key={snapshot.name.clone()} class="snap">
            <span class="snap__when medium num" title={snapshot.name.clone()}>{ when.clone() }</span>
            <span class="small t2 clip">{ text::snapshot_reason(snapshot.reason) }</span>
            <span class="small snap__state" role="status">{ state }</span>
            <span class="num r small t2">{ text::data_size(snapshot.bytes) }</span>
            <span class="snap__act">
                <Button label={text::VERIFY} name={text::of_snapshot(text::VERIFY, &when)} small=true kind={Kind::Quiet} {busy} onclick={verify} />
                <Button label={text::RESTORE_ASKS} name={text::of_snapshot(text::RESTORE_ASKS, &when)} small=true onclick={restore} />
            </span>
            if let Some(verdict) = verdict.filter(|verdict| !verdict.good) {
                <ul class="findings snap__faults selectable">{ for verdict.faults.iter().map(|fault| html! { <li class="path">{ fault.clone() }</li> }) }</ul>
            }
        </li>
    }
}

fn unreadable((name, why): &(String, String)) -> Html {
    html! {
        <li key={name.clone()} class="snap">
            <span class="path clip" title={name.clone()}>{ name.clone() }</span>
            <span class="small t2 clip selectable" title={why.clone()}>{ why.clone() }</span>
            <span class="small snap__state"><span class="status status--failed">{ mark(Mark::Failed) }{ text::SNAPSHOT_UNREADABLE }</span></span>
        </li>
    }
}
