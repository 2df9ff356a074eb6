//! `slipway licences`.

use serde_json::json;
use slipway_app::{about, licence_text};
use slipway_contract::about::ShippedPackage;
use slipway_contract::{ErrorCode, Problem};

use crate::args::LicencesArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Screen, Table, print_json};

pub(super) fn licences(args: &LicencesArgs, json: bool) -> Result<Exit, Failure> {
    let packages = about()?.packages;
    match &args.package {
        Some(name) => one(&packages, name, json),
        None => all(&packages, json),
    }
}

fn all(packages: &[ShippedPackage], json: bool) -> Result<Exit, Failure> {
    if json {
        for package in packages {
            print_json(&json!({
                "name": package.name,
                "version": package.version,
                "licence": package.licence,
            }))?;
        }
        return Ok(Exit::Succeeded);
    }
    let mut table = Table::new(["PACKAGE", "VERSION", "LICENCE"]);
    for package in packages {
        table.row([
            package.name.clone(),
            package.version.clone(),
            package.licence.clone(),
        ]);
    }
    let mut screen = Screen::stdout();
    table.print(&mut screen)?;
    screen.flush()?;
    Ok(Exit::Succeeded)
}

fn one(packages: &[ShippedPackage], name: &str, json: bool) -> Result<Exit, Failure> {
    let named: Vec<_> = packages.iter().filter(|each| each.name == name).collect();
    if named.is_empty() {
        let shown: String = name.chars().take(80).collect();
        return Err(Failure::Problem(
            Problem::new(
                ErrorCode::NotFound,
                format!("no package named {shown:?} ships with Slipway"),
            )
            .help("`slipway licences` lists them."),
        ));
    }
    let mut screen = Screen::stdout();
    for package in named {
        let texts = package.texts.iter().map(|text| licence_text(*text));
        let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
        if json {
            print_json(&json!({
                "name": package.name,
                "version": package.version,
                "licence": package.licence,
                "texts": texts,
            }))?;
            continue;
        }
        screen.line(&format!(
            "{} {}: {}",
            package.name, package.version, package.licence
        ))?;
        for line in texts.iter().flat_map(|text| text.lines().chain([""])) {
            screen.line(line)?;
        }
    }
    screen.flush()?;
    Ok(Exit::Succeeded)
}
