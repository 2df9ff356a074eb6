//! One suite through which every protocol goes: each scenario, in each wire format, streaming and
//! whole, against the scripted server. What a protocol cannot have stands in the table with the
//! reason.

mod answers;
mod damage;
mod failures;
mod going_on;
mod place;
mod requests;
mod sent;
mod stops;
mod table;
mod waits;
