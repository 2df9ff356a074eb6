//! The pages, one file each.

mod agent;
mod agents;
mod not_built;
mod not_found;
mod run;
mod runs;
mod settings;

pub(crate) use agent::AgentPage;
pub(crate) use agents::AgentsPage;
pub(crate) use not_built::not_built;
pub(crate) use not_found::NotFoundPage;
pub(crate) use run::RunPage;
pub(crate) use runs::RunsPage;
pub(crate) use settings::SettingsPage;
