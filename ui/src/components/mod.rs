//! The parts that pages are made of.

mod async_value;
mod button;
mod composer;
mod conversation;
mod exact;
mod follow;
mod icon;
mod mark;
mod meter;
mod model_picker;
mod problem;
mod question;
mod result;
mod run_bar;
mod sidebar;
mod tick;
mod topbar;
mod trace;
mod virtual_rows;

pub(crate) use async_value::async_value;
pub(crate) use button::{Button, Kind};
pub(crate) use composer::Composer;
pub(crate) use conversation::Conversation;
pub(crate) use exact::{arguments, exact};
pub(crate) use icon::{Icon, icon};
pub(crate) use mark::{Mark, mark, run_mark, run_status};
pub(crate) use model_picker::{ModelPicker, model_icon};
pub(crate) use problem::notice;
pub(crate) use question::{QuestionCard, permission};
pub(crate) use result::result;
pub(crate) use run_bar::RunBar;
pub(crate) use sidebar::Sidebar;
pub(crate) use tick::use_now;
pub(crate) use topbar::topbar;
pub(crate) use trace::{TracePane, tool_icon};
pub(crate) use virtual_rows::{RowMove, use_row_focus, use_viewport};
