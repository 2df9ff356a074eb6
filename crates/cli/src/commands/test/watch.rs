//! `slipway test --watch`.

use std::time::Duration;

use slipway_app::{App, Target};

use super::super::signals::Signals;
use super::{baseline, options, print, run};
use crate::args::TestArgs;
use crate::exit::{Exit, Failure};
use crate::output::{print_note, print_problem};

/// How often the package is looked at.
const LOOK: Duration = Duration::from_millis(300);

/// Runs the tests, and again whenever the package changes.
pub(super) async fn watch(app: &App, target: &Target, args: &TestArgs) -> Result<Exit, Failure> {
    let mut signals = Signals::listen()?;
    loop {
        let seen = app.state_of(target).await;
        let planned = match options(app, target, args).await {
            Ok(options) => app.plan_tests(target, options).await.map_err(Failure::from),
            Err(failure) => Err(failure),
        };
        match planned {
            Ok(planned) => {
                let (tested, told) = run(app, planned).await?;
                if let Some(exit) = told {
                    return Ok(exit);
                }
                let tested = app.compared(tested, &baseline(args)).await?;
                print(&tested, args, false)?;
            }
            // A file that is half written is corrected soon.
            Err(Failure::Problem(problem)) => print_problem(&problem, false),
            Err(failure) => return Err(failure),
        }
        print_note("Waiting for a change; Ctrl-C ends.");
        loop {
            tokio::select! {
                told = signals.next() => return Ok(told.exit()),
                () = tokio::time::sleep(LOOK) => {}
            }
            if app.state_of(target).await != seen {
                break;
            }
        }
    }
}
