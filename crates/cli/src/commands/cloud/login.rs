//! `slipway cloud login`.

use std::io;
use std::pin::pin;
use std::time::Duration;

use serde_json::json;
use slipway_app::secrets::Keys;
use slipway_app::{BrowserSignIn, Cloud, Program};
use slipway_contract::account::{SignInCode, Who};

use super::done;
use crate::args::LoginArgs;
use crate::commands::signals::Signals;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, print_note, sanitize};

/// After how long of silence it is said what is waited for.
const SOON: Duration = Duration::from_secs(2);

pub(super) async fn login(
    cloud: &Cloud,
    keys: &Keys,
    args: LoginArgs,
    json: bool,
) -> Result<Exit, Failure> {
    let server = cloud.meant_server(args.server.as_deref())?;
    // Before anything begins: who does not want it there, or cannot open it, does not sign in.
    if let Some(place) = keys.instead_of_keychain() {
        print_note(&place);
        tokio::task::block_in_place(|| keys.make_ready())?;
    }
    let mut signals = Signals::listen()?;
    tokio::select! {
        done = Box::pin(signed_in(cloud, &server, &args, json)) => done,
        told = signals.next() => Ok(told.exit()),
    }
}

async fn signed_in(
    cloud: &Cloud,
    server: &str,
    args: &LoginArgs,
    json: bool,
) -> Result<Exit, Failure> {
    let name = args.name.as_deref();
    let why_no_browser = if args.device { None } else { no_browser() };
    if let Some(why) = why_no_browser {
        print_note(&format!(
            "{why}, so a code is shown for a browser elsewhere"
        ));
    }
    let before = cloud.who();
    let who = if args.device || why_no_browser.is_some() {
        let begun = cloud.sign_in_with_code(Some(server), Program::CommandLine, name);
        let begun = patiently(server, begun).await?;
        show_code(begun.code(), json)?;
        waits_for_person(begun.code().seconds / 60);
        begun.finish().await?
    } else {
        let begun = cloud.sign_in(Some(server), Program::CommandLine, name);
        let begun = patiently(server, begun).await?;
        show_url(begun.url(), json)?;
        if let Err(error) = open::that_detached(begun.url()) {
            print_note(&format!(
                "no browser could be opened ({error}): open the address yourself"
            ));
        }
        waits_for_person(BrowserSignIn::MINUTES);
        Box::pin(begun.finish()).await?
    };
    if let Some(replaced) = replaced(&before, &who) {
        print_note(&replaced);
    }
    welcome(&who, json)
}

/// Waits for the server, and says so where that takes a while.
async fn patiently<T>(server: &str, asking: impl Future<Output = T>) -> T {
    let mut asking = pin!(asking);
    tokio::select! {
        answer = &mut asking => return answer,
        () = tokio::time::sleep(SOON) => {
            print_note(&format!("waiting for {server} to answer; Ctrl-C gives up"));
        }
    }
    asking.await
}

fn waits_for_person(minutes: u64) {
    print_note(&format!(
        "waiting for you to sign in there, for {minutes} minutes at most; Ctrl-C gives up"
    ));
}

/// That somebody else, or the same person elsewhere, was signed in until now.
fn replaced(before: &Who, after: &Who) -> Option<String> {
    let (person, server) = (before.person.as_ref()?, before.server.as_deref()?);
    let is_same = after.server.as_deref() == Some(server)
        && after.person.as_ref().map(|person| person.account) == Some(person.account);
    (!is_same).then(|| {
        let (name, email) = (person.name.as_str(), &person.email);
        format!("this takes the place of the sign-in of {name} ({email}) at {server}")
    })
}

/// Why no browser of this machine would be seen by who asks.
fn no_browser() -> Option<&'static str> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        return Some("this is another machine, over SSH");
    }
    let has_display = !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    if has_display {
        None
    } else {
        Some("there is no display")
    }
}

fn show_url(url: &str, json: bool) -> io::Result<()> {
    if json {
        return print_json(&json!({"type": "browser", "url": url}));
    }
    let mut screen = Screen::stdout();
    screen.line("Sign in with your browser. If it does not open by itself, open:")?;
    screen.line("")?;
    screen.line(&format!("  {}", sanitize::line(url)))?;
    screen.line("")?;
    screen.flush()
}

fn show_code(code: &SignInCode, json: bool) -> io::Result<()> {
    if json {
        return print_json(&json!({
            "type": "code", "code": code.code, "url": code.url, "complete_url": code.complete_url,
            "seconds": code.seconds,
        }));
    }
    let mut screen = Screen::stdout();
    screen.line("Open this address in a browser, on any machine:")?;
    screen.line("")?;
    screen.line(&format!("  {}", sanitize::line(&code.url)))?;
    screen.line("")?;
    screen.line("and type this code there, if you are the one who signs in:")?;
    screen.line("")?;
    screen.line(&format!("  {}", sanitize::line(&code.code)))?;
    screen.line("")?;
    screen.flush()
}

fn welcome(who: &Who, json: bool) -> Result<Exit, Failure> {
    let object = json!({"type": "signed_in", "server": who.server, "person": who.person});
    let (Some(server), Some(person)) = (&who.server, &who.person) else {
        return done(json, &object, "Signed in.");
    };
    let (name, email) = (person.name.as_str(), &person.email);
    done(
        json,
        &object,
        &format!("Signed in at {server} as {name} ({email})."),
    )
}
