//! `slipway cloud logout`.

use slipway_app::Cloud;

use super::done;
use crate::exit::{Exit, Failure};
use crate::output::print_note;

pub(super) async fn logout(cloud: &Cloud, json: bool) -> Result<Exit, Failure> {
    let out = cloud.sign_out().await?;
    if let (Some(server), Some(problem)) = (&out.server, &out.problem) {
        print_note(&format!(
            "{server} could not be told ({}): there the sign-in ends by itself after a week without use, or with `slipway cloud sessions end` elsewhere",
            problem.message
        ));
    }
    let sentence = match &out.server {
        Some(server) => format!("Signed out of {server}."),
        None => "Nobody was signed in.".to_owned(),
    };
    done(json, &out, &sentence)
}
