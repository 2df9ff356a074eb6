//! Builds the context from `tauri.conf.json`, and from nothing else: `TAURI_CONFIG` is about the other window that is
//! built beside it.
fn main() {
    println!("cargo:rustc-env=TAURI_CONFIG={{}}");
    tauri_build::build();
}
