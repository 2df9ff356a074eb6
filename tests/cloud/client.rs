//! `slipway cloud`: the real command against a real server, with the browser as its person uses it.

mod hostile;
mod keys;
mod login;
mod machine;
mod together;
mod work;
