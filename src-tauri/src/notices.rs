//! What the system says of runs while the person looks elsewhere: that one needs them, failed, or is done.
//!
//! A notice lies on the lock screen, where others read it. So it names the agent and says in words of Slipway's own
//! what is up, never what was asked, sent or answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use slipway_app::App;
use slipway_contract::RunId;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::history::RunQuery;
use slipway_contract::preferences::Preferences;
use slipway_contract::run::{ParkReason, RunStatus};
use slipway_contract::shell::Told;
use slipway_contract::visible::deceives;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::shell::Shell;

/// The longest title of an agent that is shown.
const LONGEST_TITLE: usize = 60;

/// Notices that are waited on at the same time; those beyond it are shown and lead nowhere.
const MOST_WAITING: usize = 16;

/// The runs among which the one of a notice is looked for.
const RECENT: u32 = 200;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    NeedsYou(ParkReason),
    Failed,
    Done,
}

/// Shows notices until the application is gone.
pub(crate) fn watch(shell: Shell, app: App, mut events: Receiver<RunEvent>) {
    let waiting = Arc::new(AtomicUsize::new(0));
    tauri::async_runtime::spawn(async move {
        loop {
            let heard = tokio::select! {
                heard = events.recv() => heard,
                // Nobody may have the data open that is replaced.
                () = app.closing() => return,
            };
            let event = match heard {
                Ok(event) => event,
                // Those that were missed show on the page.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let Some(news) = news(&event.kind) else {
                continue;
            };
            if shell.is_focused() || !is_wanted(news, app.preferences().await.unwrap_or_default()) {
                continue;
            }
            let title = title_of(&app, event.run_id).await;
            show(&shell, &waiting, event.run_id, news, &title);
        }
    });
}

/// What an event is news of; most are of nothing.
fn news(event: &EventKind) -> Option<News> {
    match event {
        EventKind::RunParked { reason } => Some(News::NeedsYou(*reason)),
        EventKind::RunFinished { status, .. } => match status {
            RunStatus::Succeeded => Some(News::Done),
            RunStatus::Failed => Some(News::Failed),
            // Whoever stopped it knows.
            _ => None,
        },
        _ => None,
    }
}

fn is_wanted(news: News, preferences: Preferences) -> bool {
    match news {
        News::NeedsYou(_) => preferences.notify_needs_you,
        News::Failed => preferences.notify_failed,
        News::Done => preferences.notify_done,
    }
}

/// Its heading and its text.
fn words(news: News, title: &str) -> (String, &'static str) {
    let title = plain(title);
    match news {
        News::NeedsYou(reason) => (
            format!("{title} needs you"),
            match reason {
                ParkReason::Grant => "It asks for something that it was not granted yet.",
                ParkReason::Approval => "It asks whether it may make a call.",
                ParkReason::OutcomeUnknown => {
                    "A call was cut off. Only you can say whether it happened."
                }
                ParkReason::Price => "Nobody knows the price of its model, and a budget applies.",
            },
        ),
        News::Failed => (format!("{title} failed"), "Open the run to see why."),
        News::Done => (
            format!("{title} is done"),
            "Open the run to see what came of it.",
        ),
    }
}

/// A title is text of whoever wrote the agent: nothing in it may act or hide.
pub(crate) fn plain(title: &str) -> String {
    let hides = |c: char| c.is_control() || deceives(c);
    let mut shown: String = title
        .chars()
        .filter(|c| !hides(*c))
        .take(LONGEST_TITLE)
        .collect();
    if title.chars().count() > LONGEST_TITLE {
        shown.push('…');
    }
    match shown.trim() {
        "" => "An agent".to_owned(),
        shown => shown.to_owned(),
    }
}

async fn title_of(app: &App, run: RunId) -> String {
    let recent = RunQuery {
        limit: RECENT,
        ..RunQuery::default()
    };
    let runs = app.list_runs(&recent).await.unwrap_or_default();
    let found = runs.into_iter().find(|known| known.id == run);
    found.map(|run| run.title).unwrap_or_default()
}

fn show(shell: &Shell, waiting: &Arc<AtomicUsize>, run: RunId, news: News, title: &str) {
    let (heading, text) = words(news, title);
    let shell = shell.clone();
    let wait = waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING;
    // The system's side of it waits for the person, and so gets a thread of its own.
    let started = std::thread::Builder::new()
        .name("notice".to_owned())
        .spawn({
            let waiting = Arc::clone(waiting);
            move || {
                let mut notice = notify_rust::Notification::new();
                notice.appname("Slipway").summary(&heading).body(text);
                present(notice, wait, &shell, run);
                waiting.fetch_sub(1, Ordering::Relaxed);
            }
        });
    if let Err(error) = started {
        waiting.fetch_sub(1, Ordering::Relaxed);
        tracing::warn!(%error, "a notice was not shown");
    }
}

/// Shows it; a press leads to the run.
#[cfg(target_os = "linux")]
fn present(mut notice: notify_rust::Notification, wait: bool, shell: &Shell, run: RunId) {
    notice
        .icon("slipway-desktop")
        .action("default", "Open the run")
        .action("open", "Open the run");
    match notice.show() {
        Ok(shown) if wait => shown.wait_for_action(|action| {
            if matches!(action, "default" | "open") {
                shell.tell(Told::Run { run });
                shell.show();
            }
        }),
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "the system shows no notices"),
    }
}

/// Shows it. These systems bring the application forward by themselves; the run is on its first page.
#[cfg(not(target_os = "linux"))]
fn present(notice: notify_rust::Notification, _: bool, _: &Shell, _: RunId) {
    if let Err(error) = notice.show() {
        tracing::debug!(%error, "the system shows no notices");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "sk-of-a-test-0123456789";

    fn event(value: Value) -> EventKind {
        serde_json::from_value(value).unwrap()
    }

    fn finished(status: &str) -> EventKind {
        event(json!({
            "type": "run.finished", "status": status, "reason": "answered", "message": SECRET, "output": SECRET,
            "usage": slipway_contract::run::Usage::default(),
        }))
    }

    #[test]
    fn there_is_news_of_what_a_person_waits_for() {
        assert_eq!(news(&finished("succeeded")), Some(News::Done));
        assert_eq!(news(&finished("failed")), Some(News::Failed));
        assert_eq!(news(&finished("cancelled")), None);
        let parked = event(json!({ "type": "run.parked", "reason": "approval" }));
        assert_eq!(news(&parked), Some(News::NeedsYou(ParkReason::Approval)));
        assert_eq!(news(&EventKind::RunResumed {}), None);
    }

    #[test]
    fn each_kind_is_switched_off_by_itself() {
        let all = [
            News::NeedsYou(ParkReason::Approval),
            News::Failed,
            News::Done,
        ];
        let off = |change: fn(&mut Preferences)| {
            let mut preferences = Preferences::default();
            change(&mut preferences);
            all.map(|news| is_wanted(news, preferences))
        };
        assert_eq!(off(|_| {}), [true; 3]);
        assert_eq!(off(|all| all.notify_needs_you = false), [false, true, true]);
        assert_eq!(off(|all| all.notify_failed = false), [true, false, true]);
        assert_eq!(off(|all| all.notify_done = false), [true, true, false]);
    }

    #[test]
    fn nothing_of_what_went_on_is_said() {
        for event in [finished("succeeded"), finished("failed")] {
            let (heading, text) = words(news(&event).unwrap(), "Clerk");
            assert!(
                !heading.contains(SECRET) && !text.contains(SECRET),
                "{heading} {text}"
            );
        }
        let (heading, _) = words(News::Done, "Clerk");
        assert_eq!(heading, "Clerk is done");
    }

    #[test]
    fn a_title_neither_acts_nor_hides_nor_fills_the_screen() {
        assert_eq!(plain("a\u{202e}b\n\u{1b}[2Jc\u{200b}"), "ab[2Jc");
        assert_eq!(plain("\u{200b}\n"), "An agent");
        assert_eq!(plain(&"x".repeat(5_000)).chars().count(), LONGEST_TITLE + 1);
        assert_eq!(plain("会計 🧾"), "会計 🧾");
    }
}
