//! How a person shows who they are: authenticator app, recovery codes, passkeys, sessions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Line, PasskeyId, SessionId};

/// What an authenticator app is set up with. It is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// The secret, in Base32, to be typed.
    pub secret: String,
    /// The same as an `otpauth` URI, to be scanned.
    pub uri: String,
}

/// The first code of an app, which shows that it was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    /// The code: six digits.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Line<16>,
}

/// Codes that each stand in once for a lost second factor. They are shown this once; empty where there were
/// some already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
}

/// What signing in asks for after the first factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactor {
    /// Whether it takes the code of an authenticator app.
    pub totp: bool,
    /// Whether it takes a passkey.
    pub passkeys: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// Its id, for good.
    pub id: PasskeyId,
    /// What its person calls it.
    pub name: Line<100>,
    /// When it was added.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When it last let its person in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_used_at: Option<Timestamp>,
}

/// Another name for a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditPasskey {
    /// What its person calls it.
    pub name: Line<100>,
}

/// A sign-in of a browser, a device or a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Which program, by its OAuth client id; or `browser`.
    pub client: String,
    /// What the device or browser says that it is.
    pub device: String,
    /// From which address it was last used.
    pub address: String,
    /// When the person last showed who they are.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub signed_in_at: Timestamp,
    /// When it was last used.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub last_used_at: Timestamp,
    /// When it ends if it is not used.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}
