//! slipway-tools
