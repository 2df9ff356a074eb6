//! The pages, one file each.

mod agents;
mod build;
mod compare_runs;
mod developer;
mod home;
mod new_agent;
mod not_found;
mod run;
mod runs;
mod settings;
mod suite;
mod tests;
mod versions;
mod welcome;

pub(crate) use agents::{AgentsPage, Shown as AgentsShown};
pub(crate) use build::BuildPage;
pub(crate) use compare_runs::CompareRunsPage;
pub(crate) use developer::DeveloperPage;
pub(crate) use home::HomePage;
pub(crate) use new_agent::NewAgentPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use run::{AskPage, RunPage};
pub(crate) use runs::RunsPage;
pub(crate) use settings::{SHOWN_SECTIONS, SettingsPage, section_icon};
pub(crate) use suite::SuitePage;
pub(crate) use tests::TestsPage;
pub(crate) use versions::{ComparePage, VersionsPage};
pub(crate) use welcome::WelcomePage;
