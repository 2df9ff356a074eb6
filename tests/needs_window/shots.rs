//! Writes the pictures of the window that the documentation shows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::json;

use super::driver::Window;
use super::scene::{IS_THERE, SHOWS, Scene};

/// Nothing moves, no field has the keyboard, and what waits for a moment has come.
pub(super) const REST: &str = "
    document.activeElement?.blur();
    const moving = document.getAnimations();
    moving.forEach(one => { try { one.finish() } catch { one.cancel() } });
    return moving.length === 0 && document.fonts.status === 'loaded'";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes into docs/screenshots: `cargo xtask shots` runs it"]
async fn writes_a_picture_of_every_page() {
    let folder = std::env::var_os("SLIPWAY_SHOTS").map(PathBuf::from);
    let folder = folder.expect("SLIPWAY_SHOTS, the folder: run this with `cargo xtask shots`");
    let scene = Scene::new();
    let mut written = BTreeSet::new();
    for theme in ["light", "dark"] {
        let wear = ["settings", "set", "theme", theme];
        scene.desk.slipway(wear).exits(0);
        let window = Window::open(&scene.desk).await;
        window.resize(1280, 800).await;
        for (name, address, words) in scene.pages() {
            window.go(&address).await;
            let there = if name == "developer" { SHOWS } else { IS_THERE };
            let came = window.comes_true(there, &[json!(words)]).await;
            assert!(came, "{name}: no {words:?} in:\n{}", window.text().await);
            assert!(
                window.comes_true(REST, &[]).await,
                "{name} does not come to rest"
            );
            let file = format!("{name}-{theme}.png");
            std::fs::write(folder.join(&file), window.picture().await).expect("a picture");
            written.insert(file);
        }
        window.close().await;
    }
    // Pictures of pages that are gone, or are called differently.
    for entry in std::fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".png") && !written.contains(&name) {
            std::fs::remove_file(path).expect("an old picture");
        }
    }
}
