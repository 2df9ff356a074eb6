//! Salts, nonces and ids: from the system alone, and never drawn again.

/// Bytes that nobody can guess.
///
/// # Errors
/// The system gives none; nothing may be sealed then.
#[expect(
    clippy::disallowed_methods,
    reason = "a nonce that a caller could choose could be used twice"
)]
pub(crate) fn bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes)
}
