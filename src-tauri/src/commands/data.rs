//! What is kept on this machine, and copies of it.

use std::path::Path;

use slipway_contract::command::{
    BackUpData, DeleteData, ExportData, ImportData, ListSnapshots, RestoreBackUp, RestoreSnapshot,
    ShowData, ShowErrand, StopErrand, TakeSnapshot, VerifySnapshots,
};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ShowData| async move { app.show_data().await })
        .on(|app, _: ListSnapshots| async move { app.list_snapshots().await })
        .on(|app, _: TakeSnapshot| async move { app.take_snapshot().await })
        .on(|app, ask: VerifySnapshots| async move { app.verify_snapshots(ask.name).await })
        .on(|app, ask: RestoreSnapshot| async move { app.restore_snapshot(&ask.name).await })
        .on(|app, ask: BackUpData| async move { app.back_up_data(Path::new(&ask.folder)).await })
        .on(|app, ask: RestoreBackUp| async move {
            app.restore_back_up(Path::new(&ask.folder)).await
        })
        .on(|app, ask: ExportData| async move { app.export_data(Path::new(&ask.folder)).await })
        .on(|app, ask: ImportData| async move { app.import_data(Path::new(&ask.path)).await })
        .on(|app, ask: DeleteData| async move { app.delete_data(&ask.typed, ask.keys).await })
        .on(|app, _: ShowErrand| async move { Ok(app.show_errand()) })
        .on(|app, _: StopErrand| async move {
            app.stop_errand();
            Ok(())
        })
}
