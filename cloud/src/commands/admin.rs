//! `admin …`

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context as _, Result, bail, ensure};
use slipway_cloud::admin::{NewAccount, Operator};
use slipway_cloud::server::Server;
use slipway_cloud::tables::accounts;
use slipway_contract::cloud::{Email, Line};
use slipway_contract::{Secret, Timestamp};

use super::{opened, say};
use crate::arguments::{Admin, Create};

/// The most bytes that are read as a password.
const LONGEST: u64 = 4096;
/// How many accounts are read at once.
const PAGE: u64 = 200;

/// `admin …`
pub(crate) async fn admin(command: Admin) -> Result<()> {
    let server = opened().await?;
    let operator = Operator::new(&server)?;
    match command {
        Admin::Create(new) => create(&operator, new).await?,
        Admin::List => list(&server).await?,
        Admin::Promote(whose) => {
            let done = operator.set_operator(&whose.email, true).await?;
            tell(&whose.email, done, "runs this server now", "ran it already")?;
        }
        Admin::Demote(whose) => {
            let done = operator.set_operator(&whose.email, false).await?;
            tell(
                &whose.email,
                done,
                "does not run this server any more",
                "did not run it",
            )?;
        }
        Admin::Suspend(whose) => {
            let done = operator.suspend(&whose.email).await?;
            let words = "is suspended and signed out everywhere; its API keys cannot be used";
            tell(&whose.email, done, words, "was suspended already")?;
        }
        Admin::Restore(whose) => {
            let done = operator.restore(&whose.email).await?;
            let words = "can be used again; its API keys, too";
            tell(&whose.email, done, words, "was not suspended")?;
        }
        Admin::ResetSecondFactor(whose) => {
            let done = operator.reset_second_factor(&whose.email).await?;
            let words =
                "has no second factor any more, is signed out everywhere, and was told by mail";
            tell(&whose.email, done, words, "had none")?;
        }
        Admin::SignOut(whose) => match whose.email {
            Some(email) => {
                operator.sign_out(&email).await?;
                say(&format!(
                    "{email} is signed out everywhere. API keys go on.\n"
                ))?;
            }
            None => {
                operator.sign_out_everybody().await?;
                say("Everybody is signed out everywhere. API keys go on.\n")?;
            }
        },
    }
    server.database.close().await;
    Ok(())
}

fn tell(email: &Email, is_done: bool, done: &str, nothing: &str) -> Result<()> {
    if is_done {
        say(&format!("{email} {done}.\n"))
    } else {
        say(&format!("{email} {nothing}: nothing was changed.\n"))
    }
}

async fn create(operator: &Operator<'_>, given: Create) -> Result<()> {
    let name: Line<100> = match given.name {
        Some(name) => name,
        None => {
            let local = given.email.as_str().rsplit_once('@');
            local
                .map_or("", |(local, _)| local)
                .parse()
                .context("--name")?
        }
    };
    let password = if given.password_stdin {
        piped()?
    } else {
        asked(&given.email)?
    };
    let new = NewAccount {
        email: given.email,
        name,
        password,
        is_operator: given.operator,
    };
    operator.create(&new).await?;
    let role = if new.is_operator {
        ", and runs this server"
    } else {
        ""
    };
    say(&format!("{} has an account now{role}.\n", new.email))
}

/// The password that standard input carries, without the end of its line.
fn piped() -> Result<Secret> {
    let mut text = String::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_string(&mut text)
        .context("standard input")?;
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    Ok(Secret::new(text))
}

/// The password that somebody types twice, which is not shown.
fn asked(email: &Email) -> Result<Secret> {
    if !std::io::stdin().is_terminal() {
        bail!(
            "no terminal to ask for the password at: give it on standard input, with --password-stdin"
        );
    }
    let ask = |question: &str| rpassword::prompt_password(question).context("the terminal");
    let password = Secret::new(ask(&format!("Password for {email}: "))?);
    let again = Secret::new(ask("The same again: ")?);
    ensure!(
        password.expose() == again.expose(),
        "the two passwords differ; no account was made"
    );
    Ok(password)
}

async fn list(server: &Server) -> Result<()> {
    let mut after = None;
    loop {
        let page = accounts::list(server.database.read(), after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.id);
        say(&page.iter().map(line).collect::<String>())?;
    }
    if after.is_none() {
        say("There is no account yet. `slipway-cloud admin create --email ADDRESS` makes one.\n")?;
    }
    Ok(())
}

fn line(account: &accounts::Model) -> String {
    let day = Timestamp::from(account.created_at).strftime("%Y-%m-%d");
    let special: Vec<&str> = [
        (account.is_operator, "operator"),
        (account.suspended_at.is_some(), "suspended"),
        (account.password_hash.is_none(), "no password"),
    ]
    .into_iter()
    .filter_map(|(is_so, word)| is_so.then_some(word))
    .collect();
    let (email, name, special) = (&account.email, &account.name, special.join(", "));
    format!("{email}\t{name}\t{day}\t{special}\n")
}
