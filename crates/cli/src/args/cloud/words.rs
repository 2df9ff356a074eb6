//! Values of which there are few: the help lists them.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use slipway_contract::cloud::{Role, Scope, SessionId};

/// What a key may be used for.
pub(super) fn scope() -> impl TypedValueParser<Value = Scope> {
    PossibleValuesParser::new(Scope::ALL.iter().map(|scope| scope.as_str()))
        .try_map(|word| word.parse::<Scope>())
}

/// What a member is.
pub(super) fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()))
        .try_map(|word| word.parse::<Role>())
}

/// A session's id.
pub(super) fn session(text: &str) -> Result<SessionId, &'static str> {
    text.parse()
        .map_err(|_| "it is no id of a session; `slipway cloud sessions list` shows them")
}
