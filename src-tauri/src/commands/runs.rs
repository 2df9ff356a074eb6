//! Runs.

use slipway_app::{RunQuery, Said};
use slipway_contract::command::{
    AnswerRun, CancelRun, ContinueRun, ListRuns, ResumeRun, ShowRun, ShowWire, StartRun,
};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: StartRun| async move { app.start_run(&ask.agent, ask.input, ask.model).await })
        .on(|app, ask: ContinueRun| async move { app.continue_run(ask.run, ask.input).await })
        .on(|app, ask: ResumeRun| async move { app.resume_run(ask.run).await })
        .on(|app, ask: CancelRun| async move { app.cancel_run(ask.run).await })
        .on(|app, ask: AnswerRun| async move {
            let said = Said { answer: ask.answer, always: ask.always };
            app.answer_run(ask.run, ask.step, ask.binding, said).await
        })
        .on(|app, ask: ShowRun| async move { app.show_run(ask.run).await })
        .on(|app, ask: ShowWire| async move { app.show_wire(ask.run, ask.step).await })
        .on(|app, ask: ListRuns| async move {
            app.list_runs(&RunQuery { limit: ask.limit, ..RunQuery::default() }).await
        })
}
