//! All built-in tools, ready to be called.

use std::sync::Arc;

use slipway_agent::ports::clock::Clock as ClockPort;
use slipway_agent::ports::tool::Tool;
use slipway_net::Guarded;

use crate::calculator::Calculator;
use crate::clock::Clock;
use crate::files::Backups;
use crate::files::edit_file::EditFile;
use crate::files::list_files::ListFiles;
use crate::files::read_file::ReadFile;
use crate::files::search_files::SearchFiles;
use crate::files::write_file::WriteFile;
use crate::http_request::HttpRequest;
use crate::table::read_table::ReadTable;
use crate::table::save_table::SaveTable;
use crate::template::render_template::RenderTemplate;

/// What the tools need besides their invocations.
#[derive(Clone)]
pub struct Deps {
    /// The time of day.
    pub clock: Arc<dyn ClockPort>,
    /// Where the previous content of changed files is kept.
    pub backups: Backups,
    /// The client for requests.
    pub http: Guarded,
}

/// Every built-in tool, in the order of [`crate::definitions`].
#[must_use]
pub fn built_in(deps: &Deps) -> Vec<Arc<dyn Tool>> {
    let Deps {
        clock,
        backups,
        http,
    } = deps;
    vec![
        Arc::new(Calculator::new()),
        Arc::new(Clock::new(Arc::clone(clock))),
        Arc::new(ReadFile::new()),
        Arc::new(ListFiles::new()),
        Arc::new(SearchFiles::new()),
        Arc::new(WriteFile::new(backups.clone())),
        Arc::new(EditFile::new(backups.clone())),
        Arc::new(ReadTable::new()),
        Arc::new(SaveTable::new(backups.clone())),
        Arc::new(RenderTemplate::new(backups.clone())),
        Arc::new(HttpRequest::new(http.clone())),
    ]
}
