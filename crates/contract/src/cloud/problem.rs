//! Errors of the cloud's API: problem details of RFC 9457 with a stable code.

use serde::{Deserialize, Serialize};

/// What went wrong, to what, and what the caller can do (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{detail}")]
pub struct Problem {
    /// A page that explains the code.
    #[serde(rename = "type")]
    pub about: String,
    /// The code in words, the same each time.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This one occurrence, in a sentence or two.
    pub detail: String,
    /// What a program branches on.
    pub code: ProblemCode,
    /// By which the server's logs know the request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_id: Option<String>,
    /// Each field of the request that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub errors: Vec<FieldProblem>,
}

/// A field of a request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Where it stands, such as `members[0].role`.
    pub at: String,
    /// What is wrong with it.
    pub detail: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// What a program branches on. Codes are added, never changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// One that this program does not know yet.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ProblemCode {
            /// All that a server gives.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// Its title.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* Self::Unknown => "Unknown" }
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed", 400, "The request cannot be read";
    /// It can be read, and a field is wrong.
    Invalid = "invalid", 422, "A field of the request is wrong";
    /// No token, or one that is not valid any more.
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    /// The token does not reach this far, or the role does not.
    Forbidden = "forbidden", 403, "Not allowed";
    /// The sign-in is too long ago for this.
    ReauthenticationRequired = "reauthentication-required", 403, "Sign in again first";
    /// The account is suspended.
    Suspended = "suspended", 403, "The account is suspended";
    /// There is no such thing, or it is nothing that the caller may know of.
    NotFound = "not-found", 404, "Not found";
    /// The path is known, the method is not.
    MethodNotAllowed = "method-not-allowed", 405, "Method not allowed";
    /// None of the types that are asked for can be given.
    NotAcceptable = "not-acceptable", 406, "No such representation";
    /// It took too long to arrive.
    Timeout = "timeout", 408, "The request took too long";
    /// What is there stands against it.
    Conflict = "conflict", 409, "In conflict with what is there";
    /// An organization needs an owner.
    LastOwner = "last-owner", 409, "The last owner cannot go";
    /// As many as there may be are there.
    QuotaExceeded = "quota-exceeded", 409, "As many as there may be are there";
    /// If-Match names another state than the present one.
    Changed = "changed", 412, "Changed in the meantime";
    /// The body has more bytes than this endpoint takes.
    TooLarge = "too-large", 413, "The body is too large";
    /// The body is of a type that this endpoint does not take.
    UnsupportedMediaType = "unsupported-media-type", 415, "Unsupported media type";
    /// The idempotency key was used for another request.
    IdempotencyKeyReused = "idempotency-key-reused", 409, "The idempotency key was used for another request";
    /// If-Match is missing.
    PreconditionRequired = "precondition-required", 428, "If-Match is missing";
    /// Asked too often.
    RateLimited = "rate-limited", 429, "Too many requests";
    /// A mistake of the server's.
    Internal = "internal", 500, "The server made a mistake";
    /// For now, such as while the database starts.
    Unavailable = "unavailable", 503, "Not available for now";
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ProblemCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(
                "What a program branches on. Codes are added, never changed.",
            ))
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ProblemCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_new_is_read_as_unknown() {
        let code: ProblemCode = serde_json::from_str("\"from-the-future\"").unwrap();
        assert_eq!(code, ProblemCode::Unknown);
        for code in ProblemCode::ALL {
            let text = serde_json::to_string(code).unwrap();
            assert_eq!(text, format!("{:?}", code.as_str()));
            assert_eq!(serde_json::from_str::<ProblemCode>(&text).unwrap(), *code);
        }
    }
}
