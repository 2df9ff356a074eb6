//! slipway-net
