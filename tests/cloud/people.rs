//! People and their accounts, through the pages, as a browser without JavaScript.

mod account;
mod address;
mod api;
mod endings;
pub mod factors;
mod failed;
mod forms;
mod front;
mod invitation;
mod mail;
mod problems;
mod races;
mod required;
mod services;
mod sign_in;
mod strangers;
mod ways;

/// A password that nobody guesses.
const PASSWORD: &str = "a hull on its slope";

/// A hash as an older program might have kept it: one pass.
fn weak_hash(password: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    let params = argon2::Params::new(64, 1, 1, Some(32)).expect("parameters");
    let mut hash = [0; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(password.as_bytes(), b"salt of old days", &mut hash)
        .expect("a hash");
    let (salt, hash) = (
        STANDARD_NO_PAD.encode(b"salt of old days"),
        STANDARD_NO_PAD.encode(hash),
    );
    format!("$argon2id$v=19$m=64,t=1,p=1${salt}${hash}")
}
