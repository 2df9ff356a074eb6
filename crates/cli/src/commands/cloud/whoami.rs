//! `slipway cloud whoami`.

use serde::Serialize;
use slipway_app::{Cloud, local_time};
use slipway_contract::account::{KnownPerson, Who};

use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, print_note, sanitize, worded};

pub(super) async fn whoami(cloud: &Cloud, offline: bool, json: bool) -> Result<Exit, Failure> {
    let who = if offline {
        cloud.who()
    } else {
        cloud.who_now().await
    };
    let exit = match who.person {
        Some(_) => Exit::Succeeded,
        None => Exit::Wrong,
    };
    if json {
        let r#type = match who.person {
            Some(_) => "signed_in",
            None => "signed_out",
        };
        let problem = who.problem.as_ref().map(worded);
        let who = Who { problem, ..who };
        print_json(&Line { r#type, who: &who })?;
        return Ok(exit);
    }
    if let Some(problem) = &who.problem {
        print_note(&problem.message);
    }
    let mut screen = Screen::stdout();
    for line in told(&who) {
        screen.line(&sanitize::line(&line))?;
    }
    screen.flush()?;
    Ok(exit)
}

/// An object that says what it is, as those of `login` do.
#[derive(Serialize)]
struct Line<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    who: &'a Who,
}

fn told(who: &Who) -> Vec<String> {
    let server = who.server.as_deref();
    match (&who.person, server) {
        (Some(person), Some(server)) => known(person, server, who.from_now),
        (_, Some(server)) => vec![format!(
            "Nobody is signed in. To sign in at {server}: slipway cloud login"
        )],
        (_, None) => vec![
            "Nobody is signed in, and no server is known.".to_owned(),
            "To sign in: slipway cloud login --server URL".to_owned(),
        ],
    }
}

fn known(person: &KnownPerson, server: &str, from_now: bool) -> Vec<String> {
    let mut lines = vec![
        format!("{} ({})", person.name.as_str(), person.email),
        format!(
            "at {server}, as {}, since {}",
            person.device.as_str(),
            local_time(person.signed_in_at)
        ),
    ];
    if !from_now {
        lines.push(format!(
            "As the server said it last, on {}.",
            local_time(person.seen_at)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use slipway_contract::Timestamp;

    use super::*;

    #[test]
    fn what_is_known_from_then_says_so() {
        let at = Timestamp::from_second(1_790_000_000).unwrap();
        let person = KnownPerson {
            account: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            name: "Anna".parse().unwrap(),
            email: "anna@example.com".parse().unwrap(),
            device: "desk".parse().unwrap(),
            signed_in_at: at,
            seen_at: at,
        };
        let mut who = Who {
            server: Some("https://cloud.example.com".to_owned()),
            person: Some(person),
            from_now: true,
            problem: None,
        };
        let lines = told(&who);
        assert_eq!(lines[0], "Anna (anna@example.com)");
        assert!(lines[1].starts_with("at https://cloud.example.com, as desk, since 20"));
        assert_eq!(lines.len(), 2);
        who.from_now = false;
        assert!(told(&who)[2].starts_with("As the server said it last"));
        who.person = None;
        assert!(told(&who)[0].contains("slipway cloud login"));
        who.server = None;
        assert!(told(&who)[1].contains("--server URL"));
    }
}
