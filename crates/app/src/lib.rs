//! slipway-app
