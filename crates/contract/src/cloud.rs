//! What the desktop and the cloud say to each other: the cloud's HTTP API in types.
//!
//! Requests refuse fields that they do not know. Times are RFC 3339 in UTC, ids are UUIDs.

pub mod account;
pub mod agent;
pub mod audit;
pub mod browser;
pub mod factor;
pub mod id;
pub mod invitation;
pub mod key;
pub mod line;
pub mod member;
pub mod organization;
pub mod page;
pub mod permission;
pub mod problem;
pub mod session;
mod whole;

pub use id::{
    AccountId, AgentId, ApiKeyId, AuditId, InvitationId, OrganizationId, PasskeyId, SessionId,
};
pub use line::{Email, InvalidLine, Line};
pub use page::{Cursor, Page};
pub use permission::{Permission, Role, Scope};
pub use problem::{FieldProblem, Problem, ProblemCode};
