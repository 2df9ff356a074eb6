//! Runs.

use slipway_app::{Ask, ExportPlace, Said, fit_for_window};
use slipway_contract::command::{
    AnswerRun, CancelRun, CompareRuns, ContinueRun, ExportRuns, ListRunModels, ListRuns, ResumeRun,
    RetryRun, RunCommand, SaveOutput, ShowHome, ShowResult, ShowRun, ShowWire, StartAgain,
    StartRun, SumRuns,
};

use crate::dialogs::{Choice, choose};
use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: StartRun| async move {
            let said = Ask { input: ask.input, model: ask.model, files: ask.attachments };
            app.start_run(&ask.agent, said).await
        })
        .on(|app, ask: StartAgain| async move {
            let said = Ask { input: ask.input, model: ask.model, files: ask.attachments };
            app.start_again(ask.run, said).await
        })
        .on(|app, ask: ContinueRun| async move {
            let said = Ask { input: ask.input, model: ask.model, files: ask.attachments };
            app.continue_run(ask.run, said).await
        })
        .on(|app, ask: RetryRun| async move {
            app.retry_run(ask.run, ask.step, ask.edit, ask.model).await
        })
        .on(|app, ask: RunCommand| async move { app.run_command(ask.run).await })
        .on_shell(|shell, app, ask: SaveOutput| async move {
            let name = app.output_name(ask.run).await?;
            match choose(&shell, Choice::NewFile(name)).await? {
                Some(path) => app.save_output(ask.run, path.into()).await.map(Some),
                None => Ok(None),
            }
        })
        .on(|app, ask: ShowResult| async move { app.show_result(ask.run, ask.step, ask.from).await })
        .on(|app, ask: ResumeRun| async move { app.resume_run(ask.run).await })
        .on(|app, ask: CancelRun| async move { app.cancel_run(ask.run).await })
        .on(|app, ask: AnswerRun| async move {
            let said = Said { answer: ask.answer, always: ask.always };
            app.answer_run(ask.run, ask.step, ask.binding, said).await
        })
        .on(|app, ask: ShowRun| async move {
            let mut detail = app.show_run_from(ask.run, ask.from).await?;
            detail.events.iter_mut().for_each(fit_for_window);
            Ok(detail)
        })
        .on(|app, ask: ShowWire| async move { app.show_wire(ask.run, ask.step).await })
        .on(|app, _: ShowHome| async move { app.home_page().await })
        .on(|app, ask: ListRuns| async move { app.list_runs(&ask.query).await })
        .on(|app, ask: SumRuns| async move { app.sum_runs(&ask.filter).await })
        .on(|app, _: ListRunModels| async move { app.run_models().await })
        .on(|app, ask: CompareRuns| async move { app.compare_runs(ask.run, ask.other).await })
        .on(|app, ask: ExportRuns| async move {
            let place = ExportPlace::Within(ask.folder.into());
            app.export_runs(&ask.filter, &place).await
        })
}
