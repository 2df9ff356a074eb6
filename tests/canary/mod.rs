//! Secrets of all kinds are planted wherever Slipway meets one. After runs, failures and a crash
//! they are nowhere: not in the data, the journal, the logs, the exports or the recordings, in
//! none of the forms in which they could be written, and not in memory after they were removed.

mod forms;
#[cfg(target_os = "linux")]
mod memory;
mod plants;
mod server;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::kit::{Agent, Answer, Desk, Ran, Reply, Running, model, until_asked};
pub(crate) use forms::Search;
use plants::Plants;
use server::Server;

const KEY: &str = "OPENAI_API_KEY";

/// One desk, and everything that Slipway said at it.
struct Watched {
    desk: Desk,
    said: Vec<u8>,
}

impl Watched {
    fn new() -> Self {
        Self {
            desk: Desk::new(),
            said: Vec::new(),
        }
    }

    /// The command, which logs all that it can.
    fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = self.desk.command(arguments);
        command
            .env(
                "SLIPWAY_LOG",
                "trace,async_openai::client=trace,hyper=trace",
            )
            .envs(variables.iter().copied());
        command
    }

    fn run(&mut self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let ran = Running::start(self.command(arguments, variables)).end();
        self.heard(ran)
    }

    /// Keeps a key in the vault.
    fn keep(&mut self, name: &str, key: &str, passphrase: &str) {
        let variables = [("SLIPWAY_VAULT_PASSPHRASE", passphrase)];
        let mut command = self.command(&["secrets", "set", name], &variables);
        command.stdin(Stdio::piped());
        let ran = Running::start(command).say(key.as_bytes()).end();
        self.heard(ran).exits(0);
    }

    fn heard(&mut self, ran: Ran) -> Ran {
        self.said.extend_from_slice(ran.stdout.as_bytes());
        self.said.extend_from_slice(ran.stderr.as_bytes());
        ran
    }
}

#[test]
fn planted_secrets_are_nowhere_after_runs_failures_and_a_crash() {
    let mut plants = Plants::default();
    let mut watched = Watched::new();
    provider_errors(&mut plants, &mut watched);
    headers_and_redirects(&mut plants, &mut watched);
    wrong_places(&mut plants, &mut watched);
    crashes(&mut plants, &mut watched);
    look_at_everything(&mut watched);

    let secrets = plants.planted();
    assert!(secrets.len() >= 50, "only {} are planted", secrets.len());
    let search = Search::new(secrets);
    search.finds_each_in_every_form();
    let mut found = search.within("what was printed and logged", &watched.said);
    let mut files = 0;
    let mut look = |path: &Path, bytes: &[u8]| {
        files += 1;
        found.extend(search.within(&path.display().to_string(), bytes));
    };
    every_file(&watched.desk.home(), &mut look);
    every_file(&watched.desk.path(""), &mut look);
    assert!(files > 20, "only {files} files were looked at");
    let said = String::from_utf8_lossy(&watched.said);
    let masked = said.matches("[secret]").count();
    assert!(
        masked > 100,
        "what was sent and came was looked at: {masked}"
    );
    assert!(
        said.contains("\"$OPENAI_API_KEY\" \\"),
        "requests were shown as commands"
    );
    assert!(watched.said.len() > 100_000, "nothing was logged");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Keys in the environment and in the vault, each echoed by its provider in another way.
fn provider_errors(plants: &mut Plants, watched: &mut Watched) {
    let agent = Agent::clerk().at(&watched.desk);
    let passphrase = plants.plant("the sealed file's passphrase");
    for (turn, echo) in server::ECHOES.iter().enumerate() {
        for is_kept in [false, true] {
            let key = plants.plant("a provider's key");
            let replies = echo(&key);
            let replies_count = replies.len();
            let provider = model(replies);
            let base = provider.base_url().to_string();
            let mut variables = vec![("OPENAI_BASE_URL", base.as_str())];
            if is_kept {
                watched.keep(KEY, &key, &passphrase);
                variables.push(("SLIPWAY_VAULT_PASSPHRASE", &passphrase));
            } else {
                variables.push((KEY, &key));
            }
            let name = format!("echo-{turn}-{is_kept}");
            let ran = watched.run(
                &[
                    "run", agent, "--json", "--record", &name, "--input", "Go on.",
                ],
                &variables,
            );
            let requests = provider.requests();
            assert!(requests.len() >= replies_count, "{}", ran.stderr);
            let sent = requests[0]
                .headers
                .get("authorization")
                .map(|sent| sent.as_bytes().to_vec());
            assert_eq!(
                sent,
                Some(format!("Bearer {key}").into_bytes()),
                "the key was sent"
            );
        }
    }
    watched.run(&["secrets", "remove", KEY], &[]).exits(0);
}

/// What a tool's server says beside its answers' bodies.
fn headers_and_redirects(plants: &mut Plants, watched: &mut Watched) {
    let server = Server::start(server::replies(plants));
    let urls: Vec<String> = (0..server.replies())
        .map(|reply| server.url(reply))
        .collect();
    let mut asks = Answer::nothing();
    for (number, url) in urls.iter().enumerate() {
        let arguments = serde_json::json!({ "url": url });
        asks = asks.and_tool(&format!("c{number}"), "http_request", &arguments);
    }
    let provider = model([asks, Answer::text("Done.")]);
    let agent = caller(&watched.desk, &server);
    let key = plants.plant("a provider's key");
    let base = provider.base_url().to_string();
    let arguments = [
        "run",
        agent,
        "--json",
        "--record",
        "headers",
        "--approve",
        "allow",
    ];
    let variables = [("OPENAI_BASE_URL", base.as_str()), (KEY, key.as_str())];
    let ran = watched.run(&arguments, &variables).exits(0);
    assert_eq!(ran.events("tool.returned").len(), urls.len());
    assert!(server.asked() >= urls.len(), "each was asked for");
    let failed = |event: &&serde_json::Value| event["is_error"] == true;
    let failures = ran.events("tool.returned").iter().filter(failed).count();
    assert!(failures >= 4, "redirects with secrets fail: {failures}");
}

/// An agent that may ask this server.
fn caller(desk: &Desk, server: &Server) -> &'static str {
    Agent::clerk()
        .allowing("http_request")
        .permissions(&format!("network = [\"{}\"]", server.address()))
        .and("[limits]\nmax_steps = 100\n")
        .at(desk)
}

/// Where secrets should not be, and people put them.
fn wrong_places(plants: &mut Plants, watched: &mut Watched) {
    let agent = Agent::clerk().at(&watched.desk);
    let key = plants.plant("a provider's key");
    let userinfo = format!(
        "http://me:{}@127.0.0.1:1/v1",
        plants.plant_for_url("a base URL's password")
    );
    let query = format!(
        "http://127.0.0.1:1/v1?key={}",
        plants.plant_for_url("a base URL's query")
    );
    for base in [&userinfo, &query] {
        let variables = [("OPENAI_BASE_URL", base.as_str()), (KEY, &key)];
        watched.run(&["run", agent, "--json"], &variables).exits(2);
        watched.run(&["models"], &variables).exits(0);
        watched.run(&["doctor"], &variables);
    }
    let proxy = Server::start(vec![
        b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnope".to_vec(),
    ]);
    let behind = format!(
        "http://me:{}@{}",
        plants.plant_for_url("a proxy's password"),
        proxy.address()
    );
    for (variable, base, code) in [
        ("HTTP_PROXY", "http://models.example.com/v1", 2),
        ("HTTPS_PROXY", "https://models.example.com/v1", 1),
    ] {
        let variables = [("OPENAI_BASE_URL", base), (KEY, &key), (variable, &behind)];
        watched
            .run(&["run", agent, "--json"], &variables)
            .exits(code);
        let was_used = proxy.asked() > 0;
        assert_eq!(was_used, code == 1, "no key goes out unencrypted");
    }
    for arguments in [["set", "NAME"], ["remove", ""]] {
        let key = plants.plant("a key as an argument");
        let arguments: Vec<&str> = ["secrets"]
            .into_iter()
            .chain(arguments)
            .filter(|word| !word.is_empty())
            .chain([key.as_str()])
            .collect();
        watched.run(&arguments, &[]).exits(2);
    }
    let passphrase = plants.plant("a wrong passphrase");
    let good = plants.plant("the sealed file's passphrase");
    let other = plants.plant("another kept secret");
    std::fs::remove_file(watched.desk.home().join("secrets/sealed.json")).unwrap();
    watched.keep("OTHER_SECRET", &other, &good);
    let refused = plants.plant("a secret that was not kept");
    let variables = [("SLIPWAY_VAULT_PASSPHRASE", passphrase.as_str())];
    let mut command = watched.command(&["secrets", "set", KEY], &variables);
    command.stdin(Stdio::piped());
    let ran = Running::start(command).say(refused.as_bytes()).end();
    watched.heard(ran).exits(2);
    watched.run(&["secrets", "list", "--json"], &[]).exits(0);
    std::fs::remove_file(watched.desk.home().join("secrets/sealed.json")).unwrap();
}

/// Killed while the key is on its way.
fn crashes(plants: &mut Plants, watched: &mut Watched) {
    let agent = Agent::clerk().at(&watched.desk);
    let passphrase = plants.plant("the sealed file's passphrase");
    for is_kept in [false, true] {
        let key = plants.plant("a crashing run's key");
        let late = Reply::from(Answer::text("Too late.")).after(std::time::Duration::from_secs(60));
        let provider = model([late]);
        let base = provider.base_url().to_string();
        let mut variables = vec![("OPENAI_BASE_URL", base.as_str())];
        if is_kept {
            watched.keep(KEY, &key, &passphrase);
            variables.push(("SLIPWAY_VAULT_PASSPHRASE", &passphrase));
        } else {
            variables.push((KEY, &key));
        }
        let mut running = Running::start(watched.command(&["run", agent, "--json"], &variables));
        until_asked(&provider, 1);
        running.kill();
        let ran = running.end();
        watched.heard(ran);
    }
}

/// Every command that shows or writes what is kept.
fn look_at_everything(watched: &mut Watched) {
    let listed = watched
        .run(&["runs", "list", "--json", "--limit", "100"], &[])
        .exits(0);
    for run in listed.objects() {
        let id = run["id"].as_str().expect("an id").to_owned();
        watched.run(&["runs", "show", &id], &[]).exits(0);
        look_at_the_wire(watched, &id);
        let file = format!("{id}.jsonl");
        watched
            .run(&["runs", "export", &id, "--output", &file], &[])
            .exits(0);
    }
    watched
        .run(&["export", "--all", "everything"], &[])
        .exits(0);
    for shown in [
        &["secrets"][..],
        &["models"],
        &["agents"],
        &["doctor", "--json"],
    ] {
        watched.run(shown, &[]);
    }
}

/// What went over the wire, in every way in which it can be shown: it may lie there packed.
fn look_at_the_wire(watched: &mut Watched, run: &str) {
    let calls = watched.run(&["runs", "wire", run, "--json"], &[]).exits(0);
    watched.run(&["runs", "wire", run], &[]).exits(0);
    let steps = calls.objects();
    let steps: BTreeSet<String> = steps.iter().map(|call| call["step"].to_string()).collect();
    for step in steps {
        watched
            .run(&["runs", "wire", run, "--step", &step], &[])
            .exits(0);
        for way in ["--json", "--curl", "--response"] {
            watched
                .run(&["runs", "wire", run, "--step", &step, way], &[])
                .exits(0);
        }
    }
}

/// Looks at all that lies there; sockets and the like hold nothing.
pub(crate) fn every_file(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            every_file(&path, look);
        } else if path.is_file() {
            look(&path, &std::fs::read(&path).expect("a file"));
        }
    }
}
