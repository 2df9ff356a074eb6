//! Where the built command is.

use std::path::PathBuf;

/// `SLIPWAY_BIN`, or the command beside this test's own binary.
pub(super) fn slipway() -> PathBuf {
    if let Some(named) = std::env::var_os("SLIPWAY_BIN") {
        return PathBuf::from(named);
    }
    let own = std::env::current_exe().expect("this test's own binary");
    let folder = own
        .ancestors()
        .nth(2)
        .expect("target/<profile>/deps/<test>");
    let command = folder.join(format!("slipway{}", std::env::consts::EXE_SUFFIX));
    assert!(
        command.is_file(),
        "{} is not built: run `cargo build -p slipway-cli`, or all tests with `cargo xtask test`",
        command.display()
    );
    command
}
