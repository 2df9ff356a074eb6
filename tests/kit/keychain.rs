//! A session of its own: a message bus that starts nothing by itself, and a keychain on it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// The collection in which GNOME's keychain keeps what nobody puts elsewhere. Its password is the
/// one at the log-in.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

const PASSWORD: &[u8] = b"the password of the log-in";

/// A bus without services: whoever wants to show a dialog finds nobody who could.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=BUS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A person's session with a keychain.
pub(crate) struct Session {
    folder: TempDir,
    address: String,
    bus: Child,
    keychain: Child,
}

impl Session {
    /// A session whose keychain is open.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "data", "config", "cache", "run"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        // Where others could look in, the keychain makes no place for itself.
        let closed = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder.path().join("run"), closed).unwrap();
        let settings = folder.path().join("bus.conf");
        let socket = folder.path().join("run/bus");
        std::fs::write(&settings, BUS.replace("BUS", socket.to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.arg("--config-file")
            .arg(&settings)
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut bus = alone(bus, &folder).spawn().unwrap();
        let mut address = String::new();
        // It says where it is once it listens there.
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let address = address.trim().to_owned();
        let keychain = keychain(&folder, &address);
        let session = Self {
            folder,
            address,
            bus,
            keychain,
        };
        session.until_locked(false);
        session
    }

    /// What a command needs to find this session, and nothing of the person at the keyboard.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        variables(&self.folder, &self.address)
    }

    /// Everything that the keychain wrote lies in here.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Locks the keychain, as a person does who walks away.
    pub(crate) fn lock(&self) {
        let said = self.asked(
            "/org/freedesktop/secrets",
            &[
                "org.freedesktop.Secret.Service.Lock",
                &format!("array:objpath:{LOGIN}"),
            ],
        );
        assert!(said.is_some_and(|said| said.contains(LOGIN)));
        self.until_locked(true);
    }

    /// Opens the keychain, as logging in again does.
    pub(crate) fn unlock(&mut self) {
        end(&mut self.keychain);
        self.keychain = keychain(&self.folder, &self.address);
        self.until_locked(false);
    }

    #[track_caller]
    fn until_locked(&self, locked: bool) {
        let value = format!("boolean {locked}");
        for _ in 0..6_000 {
            let said = self.asked(
                LOGIN,
                &[
                    "org.freedesktop.DBus.Properties.Get",
                    "string:org.freedesktop.Secret.Collection",
                    "string:Locked",
                ],
            );
            if said.is_some_and(|said| said.contains(&value)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the keychain did not come to be locked: {locked}");
    }

    /// What the keychain answers, if it is there.
    fn asked(&self, object: &str, call: &[&str]) -> Option<String> {
        let mut command = Command::new("dbus-send");
        command
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
                object,
            ])
            .args(call);
        let output = alone(command, &self.folder)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(said)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        end(&mut self.keychain);
        end(&mut self.bus);
    }
}

fn keychain(folder: &TempDir, address: &str) -> Child {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = alone(command, folder)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(PASSWORD).unwrap();
    child
}

/// The command with nothing of the person at the keyboard: no display, no bus, no home.
fn alone(mut command: Command, folder: &TempDir) -> Command {
    command.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command.envs(variables(folder, ""));
    command
}

fn variables(folder: &TempDir, address: &str) -> Vec<(&'static str, String)> {
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    vec![
        ("HOME", place("home")),
        ("XDG_DATA_HOME", place("data")),
        ("XDG_CONFIG_HOME", place("config")),
        ("XDG_CACHE_HOME", place("cache")),
        ("XDG_RUNTIME_DIR", place("run")),
        ("DBUS_SESSION_BUS_ADDRESS", address.to_owned()),
        ("DISPLAY", String::new()),
        ("WAYLAND_DISPLAY", String::new()),
    ]
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}
