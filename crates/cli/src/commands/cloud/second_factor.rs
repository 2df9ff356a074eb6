//! `slipway cloud second-factor`.

use serde_json::json;
use slipway_app::Cloud;
use slipway_contract::cloud::factor::{Passkey, SecondFactor};

use crate::args::SecondFactorArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, print_json, print_note, sanitize};

pub(super) async fn second_factor(
    cloud: &Cloud,
    args: &SecondFactorArgs,
    json: bool,
) -> Result<Exit, Failure> {
    let factor = cloud.show_second_factor().await?;
    let passkeys = match factor.passkeys {
        true => cloud.list_passkeys().await?,
        false => Vec::new(),
    };
    let url = cloud.account_page();
    if json {
        print_json(&json!({
            "totp": factor.totp, "passkeys": passkeys, "recovery_codes": factor.recovery_codes,
            "url": url,
        }))?;
    } else {
        let mut screen = Screen::stdout();
        for line in told(&factor, &passkeys) {
            screen.line(&sanitize::line(&line))?;
        }
        if let Some(url) = &url {
            screen.line(&format!("To change it: {}", sanitize::line(url)))?;
        }
        screen.flush()?;
    }
    if let Some(url) = url.filter(|_| args.open)
        && let Err(error) = open::that_detached(url)
    {
        print_note(&format!(
            "no browser could be opened ({error}): open the address yourself"
        ));
    }
    Ok(Exit::Succeeded)
}

fn told(factor: &SecondFactor, passkeys: &[Passkey]) -> Vec<String> {
    if !factor.totp && passkeys.is_empty() {
        return vec!["Signing in asks for your password alone.".to_owned()];
    }
    let mut lines = vec!["Signing in asks for one of these, too:".to_owned()];
    if factor.totp {
        lines.push("  a code of your authenticator app".to_owned());
    }
    let passkey = |passkey: &Passkey| format!("  the passkey {}", passkey.name.as_str());
    lines.extend(passkeys.iter().map(passkey));
    let left = match factor.recovery_codes {
        1 => "1 recovery code is left.".to_owned(),
        count => format!("{count} recovery codes are left."),
    };
    lines.push(left);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stands_one_to_a_line() {
        let mut factor = SecondFactor {
            totp: false,
            passkeys: false,
            recovery_codes: 0,
        };
        assert_eq!(told(&factor, &[]).len(), 1);
        factor.totp = true;
        factor.recovery_codes = 1;
        let lines = told(&factor, &[]);
        assert_eq!(
            lines[1..],
            [
                "  a code of your authenticator app",
                "1 recovery code is left."
            ]
        );
    }
}
