//! The time, for telling how long ago something was.

use slipway_contract::Timestamp;

#[expect(
    clippy::disallowed_methods,
    reason = "lists tell how long ago a run was, as of now"
)]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
