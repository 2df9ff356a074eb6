//! What a person says of what came of tests.

use slipway_contract::Problem;
use slipway_contract::id::ReportId;
use slipway_store::LabelRow;

use crate::App;
use crate::problem::from_store;

impl App {
    /// Calls what came of a case a regression, or takes that back.
    ///
    /// # Errors
    /// There is no such report, or no such case in it.
    pub async fn call_regression(
        &self,
        report: ReportId,
        case: &str,
        is: bool,
    ) -> Result<(), Problem> {
        let row = self.report_row(report).await?;
        let header = super::header::Header::of(&row)?;
        if !header
            .report
            .cases()
            .any(|(_, one)| one.id.as_str() == case)
        {
            return Err(super::attempt::no_such_case(case));
        }
        let at = is.then(|| self.runner().world().clock.now());
        let said = self.store().set_regression(report, case, at).await;
        said.map_err(|error| from_store(&error))
    }

    /// Says whether a model's verdict is right: whether what it judged is met. None takes it back.
    ///
    /// # Errors
    /// There is no such report.
    pub async fn label_verdict(
        &self,
        report: ReportId,
        (case, number, expected): (&str, u32, &str),
        met: Option<bool>,
    ) -> Result<(), Problem> {
        self.report_row(report).await?;
        let said = match met {
            None => {
                self.store()
                    .remove_label(report, (case, number, expected))
                    .await
            }
            Some(met) => {
                let label = LabelRow {
                    case: case.to_owned(),
                    number,
                    expected: expected.to_owned(),
                    met,
                };
                let at = self.runner().world().clock.now();
                self.store().keep_label(report, &label, at).await
            }
        };
        said.map_err(|error| from_store(&error))
    }
}
