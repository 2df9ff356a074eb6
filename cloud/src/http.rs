//! How requests are read and answered: what all endpoints share.

pub mod access;
pub mod acting;
pub mod arriving;
pub mod audit_listing;
pub mod caller;
pub mod deadline;
pub mod deprecation;
pub mod etag;
pub mod idempotency;
pub mod json;
pub mod layers;
pub mod listing;
pub mod origin;
pub mod params;
pub mod rate;
pub mod room;
pub mod route;
pub mod sending;
pub mod urlencoded;
