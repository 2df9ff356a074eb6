//! Requests made up from the API's description, good and bad, by a program that knows nothing else of it.

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// How many requests are made up for each operation and phase. With `SLIPWAY_SCHEMATHESIS` another number.
const EXAMPLES: &str = "40";

fn program() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the target folder");
    let folder = if cfg!(windows) {
        "Scripts/st.exe"
    } else {
        "bin/st"
    };
    target.join("schemathesis").join(folder)
}

on_both! {
    async fn nothing_breaks_and_all_is_as_described(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let description = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api/openapi.json");
        let folder = tempfile::tempdir().expect("a folder");
        let examples = std::env::var("SLIPWAY_SCHEMATHESIS").unwrap_or_else(|_| EXAMPLES.to_owned());
        let mut command = Command::new(program());
        command
            .current_dir(folder.path())
            .arg("--config-file")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemathesis/schemathesis.toml"))
            .arg("run")
            .arg(description)
            .args(["--url", &format!("http://{}", cloud.address)])
            .args(["--header", &format!("Authorization: Bearer {}", anna.access)])
            .args(["--checks", "all", "--max-examples", &examples, "--seed", "7", "--workers", "2"])
            .args(["--continue-on-failure", "--request-timeout", "30"])
            .env_remove("PYTHONPATH")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "120");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(proxy);
        }
        let ended = command.output().await.expect("`cargo xtask test` installs schemathesis");
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success(), "{said}");
        let count = said.lines().rev().find(|line| line.contains("generated")).unwrap_or("no count");
        println!("{count}");
        assert!(count.contains("generated") && count.contains("passed"), "{said}");
    }
}
