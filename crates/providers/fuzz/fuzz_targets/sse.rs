#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| slipway_providers::fuzzing::sse(bytes));
