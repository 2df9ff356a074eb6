//! Organizations, and what belongs to them and to their people: invitations, keys, agents, logs.

mod agents;
mod audit;
mod deletion;
mod full;
mod idempotency;
mod invitations;
mod keys;
mod lists;
mod members;
mod quotas;
mod versions;
