//! `slipway://` links: what one asks for, if it is one. Any page or message can hold one, so that all of it is hostile.

use std::path::Path;

use slipway_contract::shell::Link;
use slipway_contract::{ErrorCode, Problem};
use url::Url;

/// What links begin with.
pub const SCHEME: &str = "slipway";

/// The longest link that is read.
const LONGEST: usize = 16 << 10;

/// What there is, for whoever wrote something else.
const HELP: &str = "Links are slipway://agent/NAME, slipway://agent/NAME/run?input=TEXT, slipway://run/ID and \
    slipway://import?path=PATH. Nothing was done.";

/// Reads a link. What is not exactly one of the kinds there are is none.
///
/// # Errors
/// It is none; the message says why, and which there are.
pub fn read(text: &str) -> Result<Link, Problem> {
    if text.len() > LONGEST {
        return Err(refused("it is longer than 16 KiB"));
    }
    // An address is read without its tabs and line ends: two that look different would be the same.
    if text.chars().any(char::is_control) {
        return Err(refused("it holds control characters"));
    }
    let url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    if url.scheme() != SCHEME {
        return Err(refused("it does not begin with slipway://"));
    }
    let has_more = !url.username().is_empty() || url.password().is_some() || url.port().is_some();
    if has_more || url.fragment().is_some() {
        return Err(refused("it holds a name, a password, a port or a fragment"));
    }
    let parts: Vec<&str> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    match (url.host_str().unwrap_or_default(), &*parts) {
        ("agent", [name]) => {
            no_parameters(&url)?;
            Ok(Link::Agent {
                agent: named(name)?,
            })
        }
        ("agent", [name, "run"]) => Ok(Link::Ask {
            agent: named(name)?,
            input: plain(parameter(&url, "input")?.unwrap_or_default())?,
        }),
        ("run", [id]) => {
            no_parameters(&url)?;
            let run = id.parse();
            let run = run.map_err(|_| refused("what follows run/ is no id of a run"))?;
            Ok(Link::Run { run })
        }
        ("import", []) => {
            let path = parameter(&url, "path")?;
            let path = path.ok_or_else(|| refused("it does not say which package"))?;
            Ok(Link::Import { path: local(path)? })
        }
        _ => Err(refused("it leads to nothing that there is")),
    }
}

fn named(name: &str) -> Result<slipway_contract::AgentName, Problem> {
    name.parse()
        .map_err(|_| refused("what follows agent/ is no name of an agent"))
}

/// The only parameter that the link may have.
fn parameter(url: &Url, name: &str) -> Result<Option<String>, Problem> {
    let mut found = None;
    for (key, value) in url.query_pairs() {
        if key != name || found.is_some() {
            return Err(refused(&format!("it may have one parameter, {name}")));
        }
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(refused("its parameter is not valid UTF-8"));
        }
        found = Some(value.into_owned());
    }
    Ok(found)
}

fn no_parameters(url: &Url) -> Result<(), Problem> {
    match url.query() {
        None => Ok(()),
        Some(_) => Err(refused("it may have no parameters")),
    }
}

/// Text for a field: of control characters, only line ends and tabs stand in one.
fn plain(text: String) -> Result<String, Problem> {
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        return Err(refused("its text holds control characters"));
    }
    Ok(text)
}

/// A path of this machine: one of another machine would be asked for it, with the person's own name.
fn local(path: String) -> Result<String, Problem> {
    let is_remote = path.starts_with("//") || path.starts_with("\\\\");
    if is_remote || !Path::new(&path).is_absolute() || path.chars().any(char::is_control) {
        return Err(refused("its path is no whole path on this machine"));
    }
    Ok(path)
}

fn refused(why: &str) -> Problem {
    let message = format!("the link was not followed: {why}");
    Problem::new(ErrorCode::InvalidInput, message).help(HELP)
}

#[cfg(test)]
mod tests {
    use slipway_contract::RunId;

    use super::*;

    #[test]
    fn every_kind_of_link_is_read() {
        let agent = || "expense-report".parse().unwrap();
        let run = RunId::from_random([7; 10]);
        for (text, link) in [
            (
                "slipway://agent/expense-report".to_owned(),
                Link::Agent { agent: agent() },
            ),
            (
                "SLIPWAY://agent/expense-report/".to_owned(),
                Link::Agent { agent: agent() },
            ),
            (
                "slipway://agent/expense-report/run".to_owned(),
                Link::Ask {
                    agent: agent(),
                    input: String::new(),
                },
            ),
            (
                "slipway://agent/expense-report/run?input=Two%20lines%0Aand+%3Cb%3E".to_owned(),
                Link::Ask {
                    agent: agent(),
                    input: "Two lines\nand <b>".to_owned(),
                },
            ),
            (format!("slipway://run/{run}"), Link::Run { run }),
        ] {
            assert_eq!(read(&text).unwrap(), link, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_package_of_this_machine_is_named_by_its_whole_path() {
        let link = read("slipway://import?path=/home/a/clerk%20one.slipway").unwrap();
        let path = "/home/a/clerk one.slipway".to_owned();
        assert_eq!(link, Link::Import { path });
    }

    #[test]
    fn garbage_is_refused_with_what_there_is() {
        let long = format!("slipway://agent/a/run?input={}", "x".repeat(LONGEST));
        for text in [
            "",
            "slipway:",
            "slipway://",
            "slipway:agent/clerk",
            "slipway://agent",
            "slipway://agent/",
            "slipway://agent/Clerk One",
            "slipway://agent/..%2F..%2Fetc",
            "slipway://agent/../../etc/passwd",
            "slipway://agent/<script>alert(1)</script>",
            "slipway://agent/clerk/delete",
            "slipway://agent/clerk/run/now",
            "slipway://agent/clerk?input=hello",
            "slipway://agent/clerk/run?input=a&input=b",
            "slipway://agent/clerk/run?start=yes",
            "slipway://agent/clerk/run?input=%FF%FE",
            "slipway://agent/clerk/run?input=%1b%5b2J",
            "slipway://agent/clerk/run?input=a\nb",
            "slipway://user:secret@agent/clerk",
            "slipway://agent:80/clerk",
            "slipway://agent/clerk#x",
            "slipway://run/not-a-run",
            "slipway://run/0/1",
            "slipway://import",
            "slipway://import?path=",
            "slipway://import?path=clerk.slipway",
            "slipway://import?path=../clerk.slipway",
            "slipway://import?path=//server/share/clerk.slipway",
            "slipway://import?path=%5C%5Cserver%5Cshare",
            "slipway://import?path=/a%00b",
            "slipway://import?url=https://example.com/x.slipway",
            "slipway://import/x?path=/a",
            "slipway://settings/models",
            "https://example.com/slipway://agent/clerk",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "slipway://\u{202e}agent/clerk",
            &long,
        ] {
            let shown: String = text.chars().take(60).collect();
            let problem = read(text).expect_err(&shown);
            assert_eq!(problem.code, ErrorCode::InvalidInput, "{shown}");
            assert!(problem.help.is_some(), "{shown}");
        }
    }
}
