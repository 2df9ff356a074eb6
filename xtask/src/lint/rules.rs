//! Which way dependencies may point. A new crate gets its line here.

/// What one crate of the workspace may depend on.
pub(super) struct Rule {
    pub(super) member: &'static str,
    /// The workspace's crates that it may name, in any section of its Cargo.toml.
    pub(super) may_use: &'static [&'static str],
    /// Crates that must not be in its tree, however far down; with the reason.
    pub(super) never: &'static [&'static str],
    pub(super) because: &'static str,
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        member: "slipway-contract",
        may_use: &[],
        never: &["tokio", "reqwest"],
        because: "the contract is compiled into the window's wasm too",
    },
    Rule {
        member: "slipway-ui",
        may_use: &["slipway-contract"],
        never: &["reqwest"],
        because: "the window's pages reach the world through the host alone",
    },
    Rule {
        member: "slipway-net",
        may_use: &[],
        never: &[],
        because: "",
    },
    Rule {
        member: "slipway-vault",
        may_use: &["slipway-contract"],
        never: &["reqwest", "sqlx", "openssl"],
        because: "keys go to the keychain or the sealed file, and nowhere else",
    },
    Rule {
        member: "slipway-agent",
        may_use: &["slipway-contract"],
        never: &["reqwest", "hyper", "rusqlite", "sqlx"],
        because: "the engine reaches the world through its ports",
    },
    Rule {
        member: "slipway-providers",
        may_use: &["slipway-agent", "slipway-contract", "slipway-net"],
        never: &[],
        because: "",
    },
    Rule {
        member: "slipway-tables",
        may_use: &[],
        never: &["tokio", "reqwest"],
        because: "a spreadsheet is read from bytes that its caller has",
    },
    Rule {
        member: "slipway-tools",
        may_use: &[
            "slipway-agent",
            "slipway-contract",
            "slipway-net",
            "slipway-tables",
        ],
        never: &[],
        because: "",
    },
    Rule {
        member: "slipway-runner",
        may_use: &[
            "slipway-tools",
            "slipway-providers",
            "slipway-agent",
            "slipway-contract",
            "slipway-net",
        ],
        never: &["rusqlite", "sqlx"],
        because: "the same runner runs on other stores, behind the journal's port",
    },
    Rule {
        member: "slipway-evals",
        may_use: &[
            "slipway-runner",
            "slipway-agent",
            "slipway-contract",
            "slipway-tables",
        ],
        never: &["rusqlite", "sqlx"],
        because: "the same tests run on other stores, behind the journal's port",
    },
    Rule {
        member: "slipway-store",
        may_use: &["slipway-agent", "slipway-contract"],
        never: &["reqwest"],
        because: "the store never connects to anything",
    },
    Rule {
        member: "slipway-cloud-client",
        may_use: &["slipway-contract", "slipway-net", "slipway-vault"],
        never: &["sqlx", "rusqlite", "openssl"],
        because: "the cloud's client is a leaf beside the store",
    },
    Rule {
        member: "slipway-app",
        may_use: &[
            "slipway-cloud-client",
            "slipway-store",
            "slipway-evals",
            "slipway-runner",
            "slipway-agent",
            "slipway-contract",
            "slipway-vault",
        ],
        never: &["tauri", "clap"],
        because: "use cases know neither the window nor the command line",
    },
    Rule {
        member: "slipway-cli",
        may_use: &["slipway-app", "slipway-contract"],
        never: &["tauri", "wry"],
        because: "the command line links no WebKit",
    },
    Rule {
        member: "slipway-desktop",
        may_use: &["slipway-app", "slipway-contract"],
        never: &["clap"],
        because: "the window does not carry the command line",
    },
    Rule {
        member: "slipway-cloud",
        may_use: &["slipway-agent", "slipway-contract"],
        never: &["tauri", "slipway-store", "slipway-app"],
        because: "the server is no desktop",
    },
    Rule {
        member: "slipway-cloud-tests",
        may_use: &["slipway-agent", "slipway-cloud", "slipway-contract"],
        never: &["tauri"],
        because: "what the server does is seen by its requests",
    },
    Rule {
        member: "slipway-tests",
        may_use: &[
            "slipway-app",
            "slipway-evals",
            "slipway-runner",
            "slipway-store",
            "slipway-tools",
            "slipway-providers",
            "slipway-agent",
            "slipway-contract",
            "slipway-net",
        ],
        never: &["tauri"],
        because: "tests start the built programs and link no WebKit",
    },
    Rule {
        member: "slipway-empty-window",
        may_use: &[],
        never: &["rusqlite", "sqlx"],
        because: "what the window is measured against must be no more than a window",
    },
    Rule {
        member: "xtask",
        may_use: &[],
        never: &["tokio"],
        because: "xtask is the first thing that a newcomer compiles",
    },
];
