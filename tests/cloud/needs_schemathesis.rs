//! Requests made up from the API's description, good and bad, by a program that knows nothing else of it.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::kit::Cloud;

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

/// Asks for what these filters leave, as somebody new; how many requests were made up.
async fn run(cloud: &Cloud, name: &str, filters: &[&str]) -> u64 {
    let somebody = cloud.person(name).await;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().expect("a folder");
    let examples = std::env::var("SLIPWAY_SCHEMATHESIS").unwrap_or_else(|_| EXAMPLES.to_owned());
    let mut command = Command::new(program());
    command
        .current_dir(folder.path())
        .arg("--config-file")
        .arg(tests.join("schemathesis/schemathesis.toml"))
        .arg("run")
        .arg(tests.join("../docs/api/openapi.json"))
        .args(["--url", &format!("http://{}", cloud.address)])
        .args([
            "--header",
            &format!("Authorization: Bearer {}", somebody.access),
        ])
        .args([
            "--checks",
            "all",
            "--max-examples",
            &examples,
            "--seed",
            "7",
            "--workers",
            "2",
        ])
        .args(["--continue-on-failure", "--request-timeout", "30"])
        .args(filters)
        .env_remove("PYTHONPATH")
        .env("SCHEMATHESIS_HOOKS", tests.join("schemathesis/hooks.py"))
        .env("NO_COLOR", "1")
        .env("COLUMNS", "120");
    for proxy in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        command.env_remove(proxy);
    }
    let ended = command
        .output()
        .await
        .expect("`cargo xtask test` installs schemathesis");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr)
    );
    assert!(ended.status.success(), "{said}");
    let count = said
        .lines()
        .rev()
        .find(|line| line.contains("generated"))
        .unwrap_or("no count");
    assert!(
        count.contains("generated") && count.contains("passed"),
        "{said}"
    );
    println!("{}", count.trim());
    let count = count
        .split_whitespace()
        .next()
        .and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("{said}"))
}

on_both! {
    async fn nothing_breaks_and_all_is_as_described(cloud: &Cloud) {
        // Who ends their own session is nobody any more, to whom all else is refused.
        let all = run(cloud, "anna", &["--exclude-operation-id", "end_session"]).await;
        let one = run(cloud, "bert", &["--include-operation-id", "end_session"]).await;
        println!("{} requests, nothing broke", all + one);
    }
}
