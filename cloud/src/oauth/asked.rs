//! What a program asks a person for (RFC 6749, section 4.1.1, as OAuth 2.1 has it).
//!
//! Until it is known which program asks and where its answer goes, nobody is sent anywhere: a page says
//! what is wrong. From then on the program is told.

use serde::{Deserialize, Serialize};

use super::DeviceName;
use super::parameters::no_scope;
use super::pkce::{self, Challenge};
use super::program::Program;
use super::redirect::Loopback;
use super::refusal::{Code, Refusal};
use crate::http::urlencoded::Fields;
use crate::server::Server;

/// The longest state that is given back.
const LONGEST: usize = 512;

/// What a program asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How it gets its answer.
    pub back: Back,
    /// How its device names itself.
    pub device: Option<DeviceName>,
    /// What it proves itself with.
    pub challenge: Challenge,
}

/// How a program gets its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Back {
    /// Which program.
    pub program: Program,
    /// Where it listens.
    pub redirect: Loopback,
    /// What it knows its request by.
    pub state: Option<String>,
}

impl Back {
    /// Where the browser goes with an answer. It names this server, so that no other passes its answer for
    /// ours (RFC 9207).
    #[must_use]
    pub fn with(&self, server: &Server, answer: &[(&str, &str)]) -> String {
        let mut whole = answer.to_vec();
        if let Some(state) = &self.state {
            whole.push(("state", state));
        }
        whole.push(("iss", &server.config.public_url));
        self.redirect.with(&whole)
    }

    /// Where the browser goes with a refusal.
    #[must_use]
    pub fn refused(&self, server: &Server, refusal: &Refusal) -> String {
        let answer = [
            ("error", refusal.error.as_str()),
            ("error_description", &*refusal.description),
        ];
        self.with(server, &answer)
    }
}

/// What is wrong with a request.
#[derive(Debug)]
pub enum Wrong {
    /// Nobody is known who could be told: the person is, in these words.
    Unknown(&'static str),
    /// The program is told.
    Told(Back, Refusal),
}

fn back(fields: &Fields) -> Result<Back, &'static str> {
    let program = fields.one("client_id").and_then(Program::named);
    let program = program
        .ok_or("The link does not say which program asks, or it is none that this server knows.")?;
    let redirect = fields.one("redirect_uri").and_then(Loopback::parse);
    let redirect = redirect.ok_or(
        "The link would lead to where no program of yours listens. Somebody may want to get at your account.",
    )?;
    Ok(Back {
        program,
        redirect,
        state: None,
    })
}

impl Asked {
    /// Reads a query.
    ///
    /// # Errors
    /// What is wrong with it, and who is told.
    pub fn read(query: &str) -> Result<Self, Wrong> {
        let fields = Fields::parse(query.as_bytes());
        let fields = fields.map_err(|_| Wrong::Unknown("The link cannot be read."))?;
        let mut back = back(&fields).map_err(Wrong::Unknown)?;
        let is_sound = |state: &&str| {
            (1..=LONGEST).contains(&state.len())
                && state.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        };
        back.state = fields.one("state").filter(is_sound).map(str::to_owned);
        match Self::checked(&fields, &back) {
            Ok((device, challenge)) => Ok(Self {
                back,
                device,
                challenge,
            }),
            Err(refusal) => Err(Wrong::Told(back, refusal)),
        }
    }

    fn checked(fields: &Fields, back: &Back) -> Result<(Option<DeviceName>, Challenge), Refusal> {
        let invalid = |what| Refusal::new(Code::InvalidRequest, what);
        if fields.twice().is_some() {
            return Err(invalid("A parameter is there twice."));
        }
        let given = |name: &str| fields.one(name).filter(|value| !value.is_empty());
        match given("response_type") {
            Some("code") => {}
            Some(_) => {
                let what = "The parameter response_type must be code.";
                return Err(Refusal::new(Code::UnsupportedResponseType, what));
            }
            None => return Err(invalid("The parameter response_type is missing.")),
        }
        if given("state").is_some() && back.state.is_none() {
            return Err(invalid(
                "The parameter state must be 1 to 512 characters of ASCII.",
            ));
        }
        if given("scope").is_some() {
            return Err(no_scope());
        }
        if given("code_challenge_method") != Some(pkce::METHOD) {
            return Err(invalid("The parameter code_challenge_method must be S256."));
        }
        let challenge = given("code_challenge").and_then(Challenge::parse);
        let challenge = challenge.ok_or(invalid(
            "The parameter code_challenge must be a SHA-256 in base64url.",
        ))?;
        let device = given("device_name").map(str::parse).transpose();
        let device = device.map_err(|_| {
            invalid("The parameter device_name must be one line of at most 100 characters.")
        })?;
        Ok((device, challenge))
    }

    /// The same as a query, with nothing else in it.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", self.back.program.id())
            .append_pair("redirect_uri", &self.back.redirect.to_string())
            .append_pair("code_challenge", &self.challenge.to_string())
            .append_pair("code_challenge_method", pkce::METHOD);
        if let Some(state) = &self.back.state {
            query.append_pair("state", state);
        }
        if let Some(device) = &self.device {
            query.append_pair("device_name", device.as_str());
        }
        query.finish()
    }
}
