//! Turns the window's compiled code into a JavaScript module and the wasm that it loads:
//! `xtask-bindgen INPUT.wasm OUTPUT_FOLDER [--release]`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (input, output, release) = match args.as_slice() {
        [input, output] => (PathBuf::from(input), PathBuf::from(output), false),
        [input, output, flag] if flag == "--release" => {
            (PathBuf::from(input), PathBuf::from(output), true)
        }
        _ => bail!("use: xtask-bindgen INPUT.wasm OUTPUT_FOLDER [--release]"),
    };
    Bindgen::new()
        .input_path(&input)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        // Names make a panic in a debug build readable; a release does not pay for them.
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&output)
        .with_context(|| format!("wasm-bindgen could not process {}", input.display()))
}
