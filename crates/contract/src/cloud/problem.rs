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
    ($(#[doc = $meaning:literal] $name:ident = $text:literal, $status:literal, $title:literal, $advice:literal;)*) => {
        /// What a program branches on. Codes are added, never changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $(#[doc = $meaning] #[serde(rename = $text)] $name,)*
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

            /// What it means, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning.trim_ascii(),)* Self::Unknown => "" }
            }

            /// What the caller can do.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* Self::Unknown => "" }
            }
        }
    };
}

codes! {
    /// The request cannot be read.
    Malformed = "malformed", 400, "The request cannot be read",
        "Send JSON in UTF-8 without U+0000, or a form as pages of this server send it.";
    /// It can be read, and holds something that is not taken.
    Invalid = "invalid", 422, "A field of the request is wrong",
        "errors names each field that is wrong, and what it takes. Mend them and send the request again.";
    /// No token, or one that is not valid any more.
    Unauthenticated = "unauthenticated", 401, "Sign in first",
        "Send Authorization: Bearer with an access token or an API key. Get a new access token with the refresh token, or sign in.";
    /// The token does not reach this far, or the role does not.
    Forbidden = "forbidden", 403, "Not allowed",
        "Use a key with the scope that is named, or ask an owner of the organization for a higher role.";
    /// This server asks everybody for a second factor, and the account has none.
    SecondFactorRequired = "second-factor-required", 403, "Set up a second factor first",
        "Its person sets one up on the page of their account, /account/second-factor.";
    /// The sign-in is too long ago for this.
    ReauthenticationRequired = "reauthentication-required", 403, "Sign in again first",
        "Sign in anew, and do it within a quarter of an hour.";
    /// The account is suspended.
    Suspended = "suspended", 403, "The account is suspended",
        "Write to who runs the server.";
    /// There is no such thing, or it is nothing that the caller may know of.
    NotFound = "not-found", 404, "Not found",
        "Look whether the id is right, and whether you still belong to its organization.";
    /// The path is known, the method is not.
    MethodNotAllowed = "method-not-allowed", 405, "Method not allowed",
        "The description of the API says which methods a path takes.";
    /// None of the types that are asked for can be given.
    NotAcceptable = "not-acceptable", 406, "No such representation",
        "Leave Accept out, or ask for a type that the description of the API names.";
    /// It did not arrive, or was not answered, in the time that the server gives it.
    Timeout = "timeout", 408, "The request took too long",
        "Try again, with less at once.";
    /// It would be taken if something else were not there, or not so.
    Conflict = "conflict", 409, "In conflict with what is there",
        "The detail says what is in the way. Read the present state first.";
    /// An organization needs an owner.
    LastOwner = "last-owner", 409, "The last owner cannot go",
        "Transfer the organization to another member, or delete it.";
    /// As many as there may be are there.
    QuotaExceeded = "quota-exceeded", 409, "As many as there may be are there",
        "Delete what is not needed any more.";
    /// If-Match names another state than the present one.
    Changed = "changed", 412, "Changed in the meantime",
        "Read it again, and send the change with its present ETag.";
    /// The body has more bytes than this endpoint takes.
    TooLarge = "too-large", 413, "The body is too large",
        "Send less. The description of the API says how much an endpoint takes.";
    /// The body is of a type that this endpoint does not take.
    UnsupportedMediaType = "unsupported-media-type", 415, "Unsupported media type",
        "Say the type in Content-Type that the description of the API names.";
    /// The idempotency key was used for another request.
    IdempotencyKeyReused = "idempotency-key-reused", 409, "The idempotency key was used for another request",
        "Take a new key for each thing that you create.";
    /// If-Match is missing.
    PreconditionRequired = "precondition-required", 428, "If-Match is missing",
        "Read it first, and send its ETag in If-Match.";
    /// The address, the account or the key asks more often than it may.
    RateLimited = "rate-limited", 429, "Too many requests",
        "Wait as many seconds as Retry-After says.";
    /// Nothing in the request is the cause.
    Internal = "internal", 500, "The server made a mistake",
        "Tell who runs the server the request_id.";
    /// The database starts, say, or as much runs as may run at once.
    Unavailable = "unavailable", 503, "Not available for now",
        "Try again after as many seconds as Retry-After says.";
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
