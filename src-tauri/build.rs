//! Builds the desktop shell's context from `tauri.conf.json`.
//!
//! The window may do what `capabilities/` and `permissions/` list and nothing else: with a
//! manifest of its own permissions, Tauri refuses every command of this app that none allows.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    let manifest = tauri_build::AppManifest::new()
        .permissions_path_pattern("./src-tauri/permissions/**/*.toml");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(manifest);
    Ok(tauri_build::try_build(attributes)?)
}
