//! slipway-contract
