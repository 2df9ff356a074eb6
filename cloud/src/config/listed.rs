//! Every setting: what it is for, what is taken, and what it is when nothing is said.

/// A setting.
#[derive(Debug)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// What is taken.
    pub takes: &'static str,
    /// What it is when nothing is said; empty where it is then not there.
    pub usual: &'static str,
    /// Whether it may come from a file named by `NAME_FILE`, or from Vault, and is never shown.
    pub secret: bool,
    /// Whether production does not start without it.
    pub required: bool,
}

const fn plain(
    name: &'static str,
    what: &'static str,
    takes: &'static str,
    usual: &'static str,
) -> Setting {
    Setting {
        name,
        what,
        takes,
        usual,
        secret: false,
        required: false,
    }
}

const fn secret(
    name: &'static str,
    what: &'static str,
    takes: &'static str,
    usual: &'static str,
) -> Setting {
    Setting {
        name,
        what,
        takes,
        usual,
        secret: true,
        required: false,
    }
}

/// All settings, in the order in which `.env.example` shows them.
pub const SETTINGS: &[Setting] = &[
    plain(
        "SLIPWAY_CLOUD_ENVIRONMENT",
        "For whom the server runs. In production it starts only when every secret is given.",
        "development or production",
        "development",
    ),
    plain(
        "SLIPWAY_CLOUD_LISTEN",
        "Where it listens.",
        "an address and a port",
        "127.0.0.1:8787",
    ),
    Setting {
        required: true,
        ..plain(
            "SLIPWAY_CLOUD_PUBLIC_URL",
            "Where people reach it; links and tokens name it. In production it begins with https.",
            "a URL without a path",
            "http://localhost:8787",
        )
    },
    plain(
        "SLIPWAY_CLOUD_DATA",
        "The folder of what it makes itself: the SQLite database, in development its secret, and archives that are on their way in.",
        "a path",
        "slipway-cloud-data",
    ),
    secret(
        "DATABASE_URL",
        "Its database; without it, a SQLite file in SLIPWAY_CLOUD_DATA.",
        "postgres://…, or sqlite:PATH",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_DATABASE_CONNECTIONS",
        "The most connections to the database.",
        "1 to 500",
        "16",
    ),
    secret(
        "REDIS_URL",
        "What several copies share beside the database: rate limits and notices. One copy needs none. In production a password goes in clear text (redis://) to this machine only.",
        "redis://… or rediss://…",
        "",
    ),
    Setting {
        required: true,
        ..secret(
            "SLIPWAY_CLOUD_SECRET_KEY",
            "The secret from which all others are derived: `openssl rand -base64 32`. All copies have the same. In development it is made and kept in SLIPWAY_CLOUD_DATA.",
            "32 bytes in base64",
            "",
        )
    },
    secret(
        "SLIPWAY_CLOUD_OTHER_SECRET_KEY",
        "Another secret key, while it is changed: what it sealed is opened, and nothing is sealed with it.",
        "32 bytes in base64",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_REQUEST_TIMEOUT",
        "The longest that a request may take (an archive: that its next 64 KiB may), and that a connection may be silent or leave unread what is sent to it, in seconds.",
        "1 to 300",
        "30",
    ),
    plain(
        "SLIPWAY_CLOUD_STOP_TIMEOUT",
        "The longest that what still runs may take once it is told to end, in seconds; then it is cut off.",
        "1 to 600",
        "30",
    ),
    plain(
        "SLIPWAY_CLOUD_CONNECTIONS",
        "How many connections may be open at once, of which one network has a quarter if there are no proxies. Without it, as many as the system lets a process have, up to 10000.",
        "1 to 1000000",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_CONCURRENCY",
        "How many requests may run at once, a quarter of them of one network; more are told to come back. As many may wait for their bodies, and as many for long answers to be read.",
        "1 to 100000",
        "512",
    ),
    plain(
        "SLIPWAY_CLOUD_PROXIES",
        "How many proxies stand before it, each of which adds the address that it saw to X-Forwarded-For.",
        "0 to 5",
        "0",
    ),
    plain(
        "SLIPWAY_CLOUD_HSTS",
        "Which hosts browsers reach over https alone for two years, once they were here: none, the server's own, or also all below it.",
        "off, own or subdomains",
        "own",
    ),
    plain(
        "SLIPWAY_CLOUD_DRAIN",
        "How many seconds /ready says 503 before no more connections are taken, once it is told to end: as long as a load balancer needs to see it.",
        "0 to 300",
        "0",
    ),
    plain(
        "SLIPWAY_CLOUD_RATE_ADDRESS",
        "How many requests a minute one address may make.",
        "1 to 1000000",
        "3000",
    ),
    plain(
        "SLIPWAY_CLOUD_RATE_READS",
        "How many times a minute one account or key may read.",
        "1 to 1000000",
        "600",
    ),
    plain(
        "SLIPWAY_CLOUD_RATE_WRITES",
        "How many times a minute one account or key may write.",
        "1 to 1000000",
        "120",
    ),
    plain(
        "SLIPWAY_CLOUD_RATE_SIGN_IN",
        "How many times a minute one address may try to sign in.",
        "1 to 1000000",
        "60",
    ),
    plain(
        "SLIPWAY_CLOUD_RATE_TOKENS",
        "How many times a minute programs of one address may ask for tokens.",
        "1 to 1000000",
        "600",
    ),
    Setting {
        required: true,
        ..secret(
            "SLIPWAY_CLOUD_MAIL",
            "How mail leaves. Into the log it goes with all that it says, which is for development alone. In production it goes in clear text (smtp:// alone) to this machine only.",
            "log, folder:PATH, smtps://USER:PASSWORD@HOST, or smtp://…?tls=required",
            "log",
        )
    },
    plain(
        "SLIPWAY_CLOUD_MAIL_FROM",
        "From whom it is.",
        "an e-mail address",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_WORKER",
        "Whether `serve` also does what `worker` does: it carries letters away.",
        "true or false",
        "true",
    ),
    plain(
        "SLIPWAY_CLOUD_PASSWORD_MEMORY",
        "How much memory the hash of a password takes, in KiB (Argon2id).",
        "19456 to 1048576",
        "19456",
    ),
    plain(
        "SLIPWAY_CLOUD_PASSWORD_PASSES",
        "How often it goes over that memory.",
        "2 to 100",
        "2",
    ),
    plain(
        "SLIPWAY_CLOUD_REFUSED_PASSWORDS",
        "A file of passwords that are refused beside those that are known to be common, one a line.",
        "a path",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_SECOND_FACTOR",
        "Whether everybody must have a second factor: who has none sets one up before anything else.",
        "optional or required",
        "optional",
    ),
    plain(
        "SLIPWAY_CLOUD_GITHUB_ID",
        "The client id by which people may sign in with GitHub.",
        "an id, and with it SLIPWAY_CLOUD_GITHUB_SECRET",
        "",
    ),
    secret(
        "SLIPWAY_CLOUD_GITHUB_SECRET",
        "Its secret.",
        "a secret, and with it SLIPWAY_CLOUD_GITHUB_ID",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_GOOGLE_ID",
        "The client id by which people may sign in with Google.",
        "an id, and with it SLIPWAY_CLOUD_GOOGLE_SECRET",
        "",
    ),
    secret(
        "SLIPWAY_CLOUD_GOOGLE_SECRET",
        "Its secret.",
        "a secret, and with it SLIPWAY_CLOUD_GOOGLE_ID",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_METRICS_LISTEN",
        "Where it tells its metrics (Prometheus), apart from the public: /metrics.",
        "an address and a port",
        "",
    ),
    plain(
        "SLIPWAY_CLOUD_LOG",
        "What is logged.",
        "off, error, warn, info, debug, trace, or several with commas between, also as PART=LEVEL (a filter of Rust's tracing)",
        "info",
    ),
    plain(
        "SLIPWAY_CLOUD_LOG_FORMAT",
        "How it is logged.",
        "text or json",
        "text",
    ),
    plain(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "Where traces go (OpenTelemetry, OTLP over HTTP): the collector, before /v1/traces. OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER are heeded, too.",
        "a URL",
        "",
    ),
    plain(
        "VAULT_ADDR",
        "HashiCorp Vault, from which secrets may come (KV version 2). In production it is on this machine, or its URL begins with https.",
        "a URL",
        "",
    ),
    secret("VAULT_TOKEN", "The token for it.", "a token", ""),
    plain(
        "VAULT_PATH",
        "Where in it they lie: the mount and the path. Its fields are named like the variables.",
        "MOUNT/PATH",
        "secret/slipway-cloud",
    ),
];
