//! A report as one HTML file: nothing in it is fetched, nothing in it runs, and it follows the
//! reader's choice of light and dark.

mod page;
mod style;

use maud::{DOCTYPE, html};

use super::Report;

/// Loads nothing and runs nothing, whatever should have got into the file.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The report as a file.
#[must_use]
pub fn render(report: &Report) -> String {
    let title = super::exposed::line(&report.title);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Tests of " (title) }
                style { (maud::PreEscaped(style::STYLE)) }
            }
            body { main { (page::body(report)) } }
        }
    };
    page.into_string()
}
