//! From texts to settings.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use slipway_contract::Secret;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::listed::SETTINGS;
use super::reader::Reader;
use super::{Config, Environment, Hsts, LogFormat, Source, WrongSettings, clear_text};
use crate::database::Database;
use crate::limits::{Rate, Rates};
use crate::mail::{self, Way};
use crate::people::hash::Cost;
use crate::people::{self, providers};

/// Where who works on it reaches a server that listens here: at this machine's name, since browsers have no
/// passkeys at a bare address.
fn reached_at(listen: SocketAddr) -> String {
    let is_here = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ]
    .contains(&listen.ip());
    if is_here || listen.ip().is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

fn mail(reader: &mut Reader<'_>, environment: Environment) -> mail::Settings {
    const NAME: &str = "SLIPWAY_CLOUD_MAIL";
    let text = reader.text(NAME).unwrap_or_default().to_owned();
    let way = match text.split_once(':') {
        // In production its lack was told already.
        None if text == "log"
            && (environment == Environment::Development || reader.source.get(NAME).is_none()) =>
        {
            Way::Log
        }
        Some(("folder", path)) if !path.is_empty() => Way::Folder(PathBuf::from(path)),
        Some(("smtp" | "smtps", rest)) if rest.starts_with("//") => Way::Smtp(Secret::new(text)),
        _ => {
            reader.refuse(NAME);
            Way::Log
        }
    };
    if let (Environment::Production, Way::Smtp(url)) = (environment, &way) {
        reader.wrong.extend(clear_text::mail(url.expose()));
    }
    let from = reader.text("SLIPWAY_CLOUD_MAIL_FROM").map(str::parse);
    if matches!(from, Some(Err(_))) {
        reader.refuse("SLIPWAY_CLOUD_MAIL_FROM");
    }
    mail::Settings {
        way,
        from: from.and_then(Result::ok),
    }
}

fn people(reader: &mut Reader<'_>) -> people::Settings {
    let usual = people::Settings::default();
    let cost = Cost {
        memory_kib: reader.number("SLIPWAY_CLOUD_PASSWORD_MEMORY", 19_456..=1_048_576),
        passes: reader.number("SLIPWAY_CLOUD_PASSWORD_PASSES", 2..=100),
        ..usual.cost
    };
    let refused = reader.text("SLIPWAY_CLOUD_REFUSED_PASSWORDS");
    let refused = refused.map(PathBuf::from);
    let second_factor_required = reader.one_of(
        "SLIPWAY_CLOUD_SECOND_FACTOR",
        &[("optional", false), ("required", true)],
        false,
    );
    let mut service = |id: &str, secret: &str, make: fn(&str, Secret) -> providers::Settings| match (
        reader.text(id),
        reader.text(secret),
    ) {
        (Some(id), Some(secret)) => Some(make(id, Secret::new(secret.to_owned()))),
        (None, None) => None,
        (given, _) => {
            reader.refuse(if given.is_some() { secret } else { id });
            None
        }
    };
    let github = service(
        "SLIPWAY_CLOUD_GITHUB_ID",
        "SLIPWAY_CLOUD_GITHUB_SECRET",
        providers::Settings::github,
    );
    let google = service(
        "SLIPWAY_CLOUD_GOOGLE_ID",
        "SLIPWAY_CLOUD_GOOGLE_SECRET",
        providers::Settings::google,
    );
    people::Settings {
        cost,
        refused,
        second_factor_required,
        github,
        google,
        ..usual
    }
}

/// Where people reach it, as browsers write an origin: in lower case, without the scheme's own port.
fn public_url(reader: &mut Reader<'_>, environment: Environment, listen: SocketAddr) -> String {
    const NAME: &str = "SLIPWAY_CLOUD_PUBLIC_URL";
    if reader.source.get(NAME).is_none() {
        return reached_at(listen);
    }
    let Some(url) = reader.url(NAME) else {
        return String::new();
    };
    if url.path() != "/" {
        reader.refuse(NAME);
    } else if environment == Environment::Production && url.scheme() != "https" {
        reader.refuse_for(NAME, "a URL without a path, in production of https");
    }
    url.origin().ascii_serialization()
}

/// Where the data lie if nothing else is said of the database.
pub fn own_database(data: &Path) -> String {
    format!("sqlite:{}", data.join("cloud.db").display())
}

fn database(reader: &mut Reader<'_>, data: &Path) -> String {
    let Some(url) = reader.text("DATABASE_URL") else {
        return own_database(data);
    };
    let url = url.to_owned();
    let is_known = match url.strip_prefix("sqlite:") {
        // Each connection to memory would be a database of its own.
        Some(path) => {
            !path.trim_start_matches('/').is_empty()
                && !path.contains(['?', '#'])
                && !path.contains(":memory:")
        }
        None => Database::is_postgres(&url),
    };
    if !is_known {
        reader.refuse("DATABASE_URL");
    }
    url
}

/// A filter of `tracing`. A word alone that is no level would be taken for a part of the program, and silence all else.
fn log(reader: &mut Reader<'_>) -> String {
    let filter = reader
        .text("SLIPWAY_CLOUD_LOG")
        .unwrap_or("info")
        .to_owned();
    let is_clear =
        |each: &str| each.contains(['=', '[']) || each.trim().parse::<LevelFilter>().is_ok();
    if EnvFilter::try_new(&filter).is_err() || !filter.split(',').all(is_clear) {
        reader.refuse("SLIPWAY_CLOUD_LOG");
    }
    filter
}

/// Makes settings of what was given.
///
/// # Errors
/// Every value that is wrong, by its name and with what is taken; and what production lacks.
pub fn read(source: &Source) -> Result<Config, WrongSettings> {
    let mut reader = Reader {
        source,
        wrong: source.wrong().to_vec(),
    };
    let environments = [
        ("development", Environment::Development),
        ("production", Environment::Production),
    ];
    let environment = reader.one_of(
        "SLIPWAY_CLOUD_ENVIRONMENT",
        &environments,
        Environment::Production,
    );
    if environment == Environment::Production {
        for setting in SETTINGS
            .iter()
            .filter(|setting| setting.required && source.is_missing(setting.name))
        {
            reader.wrong.push(format!(
                "{} is missing; in production it must be given: {}",
                setting.name, setting.takes
            ));
        }
    }
    let listen = reader
        .address("SLIPWAY_CLOUD_LISTEN")
        .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let public_url = public_url(&mut reader, environment, listen);
    let data = PathBuf::from(reader.text("SLIPWAY_CLOUD_DATA").unwrap_or_default());
    let database = database(&mut reader, &data);
    let redis = reader.text("REDIS_URL").map(str::to_owned);
    if redis
        .as_ref()
        .is_some_and(|url| !url.starts_with("redis://") && !url.starts_with("rediss://"))
    {
        reader.refuse("REDIS_URL");
    }
    if let (Environment::Production, Some(url)) = (environment, &redis) {
        reader.wrong.extend(clear_text::redis(url));
    }
    let mut rate = |name: &str| Rate::a_minute(reader.number(name, 1..=1_000_000));
    let rates = Rates {
        address: rate("SLIPWAY_CLOUD_RATE_ADDRESS"),
        reads: rate("SLIPWAY_CLOUD_RATE_READS"),
        writes: rate("SLIPWAY_CLOUD_RATE_WRITES"),
        sign_in: rate("SLIPWAY_CLOUD_RATE_SIGN_IN"),
        tokens: rate("SLIPWAY_CLOUD_RATE_TOKENS"),
    };
    let mail = mail(&mut reader, environment);
    let people = people(&mut reader);
    let config = Config {
        environment,
        listen,
        public_url,
        data,
        database: Secret::new(database),
        connections: reader.number("SLIPWAY_CLOUD_DATABASE_CONNECTIONS", 1..=500),
        redis: redis.map(Secret::new),
        secret_key: reader.key("SLIPWAY_CLOUD_SECRET_KEY"),
        other_secret_key: reader.key("SLIPWAY_CLOUD_OTHER_SECRET_KEY"),
        request_timeout: Duration::from_secs(
            reader.number("SLIPWAY_CLOUD_REQUEST_TIMEOUT", 1..=300),
        ),
        stop_timeout: Duration::from_secs(reader.number("SLIPWAY_CLOUD_STOP_TIMEOUT", 1..=600)),
        open_connections: reader
            .text("SLIPWAY_CLOUD_CONNECTIONS")
            .is_some()
            .then(|| reader.number("SLIPWAY_CLOUD_CONNECTIONS", 1..=1_000_000)),
        mail,
        people,
        worker: reader.one_of(
            "SLIPWAY_CLOUD_WORKER",
            &[("true", true), ("false", false)],
            true,
        ),
        concurrency: reader.number("SLIPWAY_CLOUD_CONCURRENCY", 1..=100_000),
        proxies: reader.number("SLIPWAY_CLOUD_PROXIES", 0..=5),
        hsts: reader.one_of(
            "SLIPWAY_CLOUD_HSTS",
            &[
                ("off", Hsts::Off),
                ("own", Hsts::Own),
                ("subdomains", Hsts::Subdomains),
            ],
            Hsts::Own,
        ),
        drain: Duration::from_secs(reader.number("SLIPWAY_CLOUD_DRAIN", 0..=300)),
        rates,
        metrics: reader.address("SLIPWAY_CLOUD_METRICS_LISTEN"),
        traces: reader.url("OTEL_EXPORTER_OTLP_ENDPOINT").map(String::from),
        log: log(&mut reader),
        log_format: reader.one_of(
            "SLIPWAY_CLOUD_LOG_FORMAT",
            &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            LogFormat::Text,
        ),
    };
    if reader.wrong.is_empty() {
        Ok(config)
    } else {
        Err(WrongSettings(reader.wrong))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    async fn given(variables: &[(&str, &str)]) -> Result<Config, WrongSettings> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        read(&Source::gather(variables).await)
    }

    #[tokio::test]
    async fn it_starts_without_any_setting() {
        let config = given(&[]).await.unwrap();
        assert_eq!(config.environment, Environment::Development);
        assert_eq!(config.public_url, "http://localhost:8787");
        assert!(config.database.expose().starts_with("sqlite:"));
    }

    #[tokio::test]
    async fn it_is_reached_by_a_name_where_passkeys_work() {
        for (listen, url) in [
            ("127.0.0.1:9000", "http://localhost:9000"),
            ("[::1]:9000", "http://localhost:9000"),
            ("0.0.0.0:9000", "http://localhost:9000"),
            ("127.0.0.2:9000", "http://127.0.0.2:9000"),
            ("192.168.1.5:9000", "http://192.168.1.5:9000"),
        ] {
            let config = given(&[("SLIPWAY_CLOUD_LISTEN", listen)]).await.unwrap();
            assert_eq!(config.public_url, url);
        }
    }

    #[tokio::test]
    async fn all_that_is_wrong_is_named_with_what_is_taken() {
        let wrong = given(&[
            ("SLIPWAY_CLOUD_ENVIRONMENT", "staging"),
            ("SLIPWAY_CLOUD_LISTEN", "everywhere"),
            ("SLIPWAY_CLOUD_DATABASE_CONNECTIONS", "0"),
            ("DATABASE_URL", "mysql://root:hunter2@localhost"),
            ("SLIPWAY_CLOUD_SECRET_KEY", "c2hvcnQ="),
            ("SLIPWAY_CLOUD_LOG", "=="),
        ])
        .await
        .unwrap_err()
        .to_string();
        for words in [
            "SLIPWAY_CLOUD_ENVIRONMENT=staging: it takes development or production",
            "SLIPWAY_CLOUD_LISTEN=everywhere: it takes an address and a port",
            "SLIPWAY_CLOUD_DATABASE_CONNECTIONS=0: it takes 1 to 500",
            "DATABASE_URL: it takes postgres://…, or sqlite:PATH",
            "SLIPWAY_CLOUD_SECRET_KEY: it takes 32 bytes in base64",
            "SLIPWAY_CLOUD_LOG",
        ] {
            assert!(wrong.contains(words), "{words:?} is not in {wrong}");
        }
        assert!(
            !wrong.contains("hunter2") && !wrong.contains("c2hvcnQ"),
            "{wrong}"
        );
    }

    #[tokio::test]
    async fn production_has_no_default_secrets() {
        let wrong = given(&[("SLIPWAY_CLOUD_ENVIRONMENT", "production")])
            .await
            .unwrap_err()
            .to_string();
        assert!(
            wrong.contains("SLIPWAY_CLOUD_SECRET_KEY is missing")
                && wrong.contains("SLIPWAY_CLOUD_PUBLIC_URL is missing"),
            "{wrong}"
        );
        let key = STANDARD.encode([1; 32]);
        let plain = [
            ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
            ("SLIPWAY_CLOUD_SECRET_KEY", &key),
            ("SLIPWAY_CLOUD_PUBLIC_URL", "http://example.com"),
        ];
        assert!(
            given(&plain)
                .await
                .unwrap_err()
                .to_string()
                .contains("SLIPWAY_CLOUD_PUBLIC_URL=http://example.com")
        );
        let sound = [
            ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
            ("SLIPWAY_CLOUD_SECRET_KEY", &key),
            ("SLIPWAY_CLOUD_PUBLIC_URL", "https://example.com/"),
            ("SLIPWAY_CLOUD_MAIL", "folder:mail"),
        ];
        assert_eq!(
            given(&sound).await.unwrap().public_url,
            "https://example.com"
        );
        let secret = "smtp://user:hunter2@mail.example.com";
        let mut clear = sound.to_vec();
        clear.extend([
            ("SLIPWAY_CLOUD_MAIL", secret),
            ("REDIS_URL", "redis://:hunter2@redis.example.com"),
        ]);
        let wrong = given(&clear).await.unwrap_err();
        let names = ["REDIS_URL", "SLIPWAY_CLOUD_MAIL"];
        for (reason, name) in wrong.0.iter().zip(names) {
            assert!(
                reason.starts_with(name) && !reason.contains("hunter2"),
                "{reason}"
            );
        }
        assert_eq!(wrong.0.len(), names.len());
        // Nothing is asked of a Vault that would be told the token in clear text.
        let mut clear = sound.to_vec();
        clear.extend([
            ("VAULT_ADDR", "http://vault.example.com"),
            ("VAULT_TOKEN", "hunter2"),
        ]);
        let wrong = given(&clear).await.unwrap_err();
        assert!(wrong.0.len() == 1 && wrong.0[0].starts_with("VAULT_ADDR: in production"));
    }

    #[tokio::test]
    async fn an_address_is_kept_as_browsers_write_it() {
        for (url, origin) in [
            ("http://LocalHost:8792", "http://localhost:8792"),
            ("https://x.example:443/", "https://x.example"),
            ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let config = given(&[("SLIPWAY_CLOUD_PUBLIC_URL", url)]).await.unwrap();
            assert_eq!(config.public_url, origin);
        }
        for url in [
            "x.example",
            "https://x.example/cloud",
            "https://me@x.example",
            "https://x.example?a",
            "ftp://x.example",
        ] {
            let wrong = given(&[("SLIPWAY_CLOUD_PUBLIC_URL", url)]).await;
            let wrong = wrong.unwrap_err().to_string();
            assert!(wrong.contains("it takes a URL without a path"), "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_would_be_taken_for_something_else_is_refused() {
        for (name, value) in [
            ("DATABASE_URL", "sqlite::memory:"),
            ("DATABASE_URL", "sqlite:"),
            ("DATABASE_URL", "sqlite:cloud.db?mode=ro"),
            ("SLIPWAY_CLOUD_LOG", "verbose"),
            ("SLIPWAY_CLOUD_LOG", "info,verbose"),
            ("VAULT_ADDR", "nonsense"),
        ] {
            let wrong = given(&[(name, value)]).await.unwrap_err().to_string();
            assert!(
                wrong.contains(name) && wrong.contains("it takes "),
                "{wrong}"
            );
        }
        for log in ["warn", "off", "info,hyper=debug", "warn,[request]=trace"] {
            assert_eq!(given(&[("SLIPWAY_CLOUD_LOG", log)]).await.unwrap().log, log);
        }
    }

    #[tokio::test]
    async fn wrong_names_values_and_files_are_told_together() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cloud.env");
        std::fs::write(&file, "LISTEN=1\nnothing\nSLIPWAY_CLOUD_PROXIES=9\n").unwrap();
        let wrong = given(&[
            ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
            ("SLIPWAY_CLOUD_CONFIG", &file.display().to_string()),
            ("SLIPWAY_CLOUD_LISTN", "127.0.0.1:2"),
            ("SLIPWAY_CLOUD_SECRET_KEY_FILE", "/nowhere/key"),
            ("SLIPWAY_CLOUD_PUBLIC_URL", "http://x.example"),
        ])
        .await
        .unwrap_err();
        let told = |words: &str| wrong.0.iter().any(|each| each.contains(words));
        for words in [
            "line 1: LISTEN is no setting",
            "line 2: this is not NAME=value",
            "SLIPWAY_CLOUD_PROXIES=9: it takes 0 to 5",
            "SLIPWAY_CLOUD_LISTN is no setting",
            "SLIPWAY_CLOUD_SECRET_KEY_FILE=/nowhere/key",
            "SLIPWAY_CLOUD_PUBLIC_URL=http://x.example: it takes a URL without a path, in production of https",
            "SLIPWAY_CLOUD_MAIL is missing",
        ] {
            assert!(told(words), "{words:?} is not in {wrong}");
        }
        assert!(!told("SLIPWAY_CLOUD_SECRET_KEY is missing"), "{wrong}");
    }

    #[tokio::test]
    async fn secrets_come_from_files_and_the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("key");
        std::fs::write(&secret, format!("{}\n", STANDARD.encode([2; 32]))).unwrap();
        let file = folder.path().join("cloud.env");
        std::fs::write(
            &file,
            "# all\nSLIPWAY_CLOUD_LISTEN=127.0.0.1:1\nSLIPWAY_CLOUD_CONCURRENCY=\"7\"\n",
        )
        .unwrap();
        let (secret, file) = (secret.display().to_string(), file.display().to_string());
        let config = given(&[
            ("SLIPWAY_CLOUD_SECRET_KEY_FILE", &secret),
            ("SLIPWAY_CLOUD_CONFIG", &file),
            ("SLIPWAY_CLOUD_LISTEN", "127.0.0.1:2"),
        ])
        .await
        .unwrap();
        assert_eq!(*config.secret_key.unwrap().expose(), [2; 32]);
        assert_eq!((config.listen.port(), config.concurrency), (2, 7));
        std::fs::write(folder.path().join("cloud.env"), "LISTEN=127.0.0.1:1").unwrap();
        let stray = given(&[("SLIPWAY_CLOUD_CONFIG", &file)])
            .await
            .unwrap_err()
            .to_string();
        assert!(stray.contains("line 1: LISTEN is no setting"), "{stray}");
        let typo = given(&[
            ("SLIPWAY_CLOUD_LISTN", "127.0.0.1:2"),
            ("SLIPWAY_CLOUD_SECRET_KEY_FILE", "/nowhere/key"),
        ])
        .await
        .unwrap_err()
        .to_string();
        assert!(
            typo.contains("SLIPWAY_CLOUD_LISTN is no setting") && typo.contains("/nowhere/key"),
            "{typo}"
        );
    }
}
