//! What needs a person, what goes on, and what it cost.

use jiff::tz::TimeZone;
use serde_json::Value;
use slipway_agent::machine::{State, Work};
use slipway_agent::policy::period::Span;
use slipway_agent::ports::clock::Clock as _;
use slipway_contract::budget::Period;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::history::{
    Asking, AtWork, Doing, HomePage, MonthSpend, NeedsYou, RunFilter, RunOrder, RunQuery,
};
use slipway_contract::run::{RunState, RunSummary};
use slipway_contract::{Problem, StepId};
use slipway_runner::system::SystemClock;

use crate::App;
use crate::problem::from_store;

/// Runs of each kind that are told in full; the others are counted.
const MOST: u32 = 20;
/// The runs that ended last.
const RECENT: u32 = 12;
/// Letters of what a tool is called with.
const LETTERS: usize = 120;

const NEEDS: [RunState; 2] = [RunState::Parked, RunState::CutOff];
const WORKING: [RunState; 2] = [RunState::Queued, RunState::Running];
const ENDED: [RunState; 3] = [RunState::Succeeded, RunState::Failed, RunState::Cancelled];

impl App {
    /// What needs the person, what goes on, and what was spent.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn home_page(&self) -> Result<HomePage, Problem> {
        let oldest_first = RunOrder {
            ascending: true,
            ..RunOrder::default()
        };
        let waiting = self.some(&NEEDS, MOST, oldest_first).await?;
        let mut needs = Vec::with_capacity(waiting.len());
        for run in waiting {
            needs.push(self.needs(run).await);
        }
        let mut working = Vec::new();
        for run in self.some(&WORKING, MOST, RunOrder::default()).await? {
            working.extend(self.at_work(run).await);
        }
        let now = SystemClock::default().now();
        let today = Span::of(Period::Day, now, &TimeZone::system());
        let ended = self.store().ended_since(today.since).await;
        Ok(HomePage {
            needing: self.count(&NEEDS).await?.max(needs.len() as u64),
            needs,
            at_work: self.count(&WORKING).await?.max(working.len() as u64),
            working,
            recent: self.some(&ENDED, RECENT, RunOrder::default()).await?,
            ended_today: ended.map_err(|error| from_store(&error))?,
            spend: self.month_spend().await?,
        })
    }

    /// What was spent this month.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn month_spend(&self) -> Result<MonthSpend, Problem> {
        let spend = self.store().month_spend().await;
        spend.map_err(|error| from_store(&error))
    }

    async fn some(
        &self,
        states: &[RunState],
        limit: u32,
        order: RunOrder,
    ) -> Result<Vec<RunSummary>, Problem> {
        let page = RunQuery {
            order,
            limit,
            ..RunQuery::of_states(states)
        };
        self.list_runs(&page).await
    }

    async fn count(&self, states: &[RunState]) -> Result<u64, Problem> {
        let filter = RunFilter {
            states: states.to_vec(),
            ..RunFilter::default()
        };
        Ok(self.sum_runs(&filter).await?.all.runs)
    }

    async fn needs(&self, run: RunSummary) -> NeedsYou {
        match self.recorded(run.id).await {
            Ok((state, events)) => NeedsYou {
                since: events.last().map_or(run.created_at, |event| event.at),
                asks: asks(&state, &events),
                workdir: super::read::workdir(&state),
                run,
                problem: None,
            },
            Err(problem) => NeedsYou {
                since: run.created_at,
                workdir: String::new(),
                asks: Vec::new(),
                run,
                problem: Some(problem),
            },
        }
    }

    /// None where the run's journal cannot be read, which its own page tells.
    async fn at_work(&self, run: RunSummary) -> Option<AtWork> {
        let (state, events) = self.recorded(run.id).await.ok()?;
        let mut steps: Vec<StepId> = Vec::new();
        for event in &events {
            if let EventKind::ModelRequested { step, .. } = event.kind {
                steps.push(step);
            }
        }
        steps.dedup();
        Some(AtWork {
            run,
            step: u32::try_from(steps.len()).unwrap_or(u32::MAX),
            max_steps: state.spec().map_or(0, |spec| spec.limits.max_steps),
            doing: doing(&state, &events),
        })
    }
}

fn asks(state: &State, events: &[RunEvent]) -> Vec<Asking> {
    let asked_at = |step: StepId| {
        let asked = events.iter().rev().find(|event| {
            matches!(&event.kind, EventKind::ApprovalRequested(approval) if approval.step == step)
        });
        asked.or(events.last()).map(|event| event.at)
    };
    let questions = state.questions().into_iter();
    questions
        .filter_map(|approval| {
            Some(Asking {
                at: asked_at(approval.step)?,
                approval: approval.clone(),
            })
        })
        .collect()
}

fn doing(state: &State, events: &[RunEvent]) -> Vec<Doing> {
    let work = state.under_way();
    let doing = work.iter().rev().filter_map(|work| match work {
        Work::Model { .. } => state.model_in_force().map(|model| Doing::Asks {
            model: model.to_string(),
        }),
        Work::Wait { .. } => Some(Doing::Waits),
        Work::Tool { step, .. } | Work::Reconcile { step, .. } => called(*step, events),
        Work::Ask(_) => None,
    });
    doing.collect()
}

fn called(step: StepId, events: &[RunEvent]) -> Option<Doing> {
    events.iter().rev().find_map(|event| match &event.kind {
        EventKind::ToolRequested {
            step: of,
            tool,
            arguments,
            effect,
            ..
        } if *of == step => Some(Doing::Calls {
            tool: tool.clone(),
            with: first_words(arguments),
            effect: *effect,
        }),
        _ => None,
    })
}

/// The first words of a value, on one line: of arguments the first that is a text, else all.
pub(super) fn first_words(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => match fields.values().find_map(Value::as_str) {
            Some(text) => text.to_owned(),
            None if fields.is_empty() => String::new(),
            None => value.to_string(),
        },
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    let mut line = String::new();
    for word in words {
        line.push_str(word);
        if line.len() > LETTERS * 4 {
            break;
        }
    }
    if line.chars().count() > LETTERS {
        line = line.chars().take(LETTERS).chain(['…']).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::approval::Question;
    use slipway_contract::history::RunSum;
    use slipway_runner::testing::Answer;

    use super::*;
    use crate::testing::{ASKING, Desk, run};
    use crate::{ExportPlace, RunOptions, Target};

    #[tokio::test]
    async fn home_tells_what_needs_the_person_and_what_was_spent() {
        let desk = Desk::new([Answer::text("Done.")]);
        let app = desk.app().await;
        let empty = app.home_page().await.unwrap();
        assert_eq!((empty.needing, empty.at_work, empty.ended_today), (0, 0, 0));
        assert_eq!(empty.spend.spent_usd, slipway_contract::Usd::ZERO);
        let plain = Target::Folder(desk.clerk("plain", ""));
        let done = run(&app, &plain, RunOptions::default()).await.unwrap();
        let asking = Target::Folder(desk.clerk("asking", ASKING));
        let parked = run(&app, &asking, RunOptions::default()).await.unwrap();
        let home = app.home_page().await.unwrap();
        assert_eq!((home.needing, home.at_work), (1, 0));
        let [need] = home.needs.as_slice() else {
            panic!("one run waits: {:?}", home.needs);
        };
        assert_eq!((need.run.id, need.asks.len()), (parked.run, 1));
        let question = &need.asks[0].approval.question;
        assert!(matches!(question, Question::Grant { .. }), "{question:?}");
        assert!(
            need.since >= need.asks[0].at,
            "it was parked after it asked"
        );
        assert_eq!(home.recent.len(), 1);
        assert_eq!(home.recent[0].id, done.run);
        assert_eq!(home.ended_today, 1);
        let spent = home.recent[0].usage.cost_usd.unwrap();
        assert_eq!(home.spend.spent_usd, spent, "every priced call counts");
        assert_eq!(home.spend.days.last().unwrap().spent_usd, spent);
        assert_eq!(home.spend.agents[0].title, "The clerk");
    }

    #[tokio::test]
    async fn another_app_over_the_same_data_is_heard_of() {
        let desk = Desk::new([Answer::text("Done.")]);
        let (window, terminal) = (desk.app().await, desk.app().await);
        let mut elsewhere = window.elsewhere().await.unwrap();
        let plain = Target::Folder(desk.clerk("plain", ""));
        let done = run(&terminal, &plain, RunOptions::default()).await.unwrap();
        assert_eq!(elsewhere.next().await, [done.run]);
    }

    #[tokio::test]
    async fn the_runs_of_a_filter_are_written_into_a_new_folder_each_time() {
        let desk = Desk::new([Answer::text("Done."), Answer::text("Done.")]);
        let app = desk.app().await;
        let plain = Target::Folder(desk.clerk("plain", ""));
        for _ in 0..2 {
            run(&app, &plain, RunOptions::default()).await.unwrap();
        }
        let all = RunFilter::default();
        let place = ExportPlace::Within(desk.path(""));
        for name in ["slipway-runs", "slipway-runs-2"] {
            let written = app.export_runs(&all, &place).await.unwrap();
            assert_eq!((written.runs, written.skipped), (2, Vec::new()));
            assert_eq!(written.folder, desk.path(name).display().to_string());
            let files = std::fs::read_dir(desk.path(name)).unwrap().count();
            assert_eq!(files, 3, "each run, and the list of them");
        }
        let sum = app.sum_runs(&all).await.unwrap();
        assert_eq!(sum.all.runs, 2);
        let of_days = sum.days.iter().map(|day| day.sum);
        let cost = of_days.fold(RunSum::default(), |sum, day| RunSum {
            cost_usd: sum.cost_usd.plus(day.cost_usd),
            ..sum
        });
        assert_eq!(cost.cost_usd, sum.all.cost_usd, "the days add up");
        let none = RunFilter {
            text: Some("elephants".to_owned()),
            ..RunFilter::default()
        };
        let problem = app.export_runs(&none, &place).await.unwrap_err();
        assert_eq!(problem.code, slipway_contract::ErrorCode::NotFound);
        assert!(!desk.path("slipway-runs-3").exists());
    }

    #[test]
    fn what_a_tool_is_called_with_is_told_in_a_line() {
        for (arguments, words) in [
            (
                json!({"path": "out/report.md", "content": "x"}),
                "out/report.md",
            ),
            (json!({"n": 3}), "{\"n\":3}"),
            (json!({}), ""),
            (json!(null), ""),
            (json!("a\n  b"), "a b"),
        ] {
            assert_eq!(first_words(&arguments), words);
        }
        let long = first_words(&json!({"text": "é ".repeat(10_000)}));
        assert_eq!(long.chars().count(), LETTERS + 1, "and ends in a sign");
    }
}
