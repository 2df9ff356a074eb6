//! slipway-providers
