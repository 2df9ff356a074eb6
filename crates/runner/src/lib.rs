//! slipway-runner
