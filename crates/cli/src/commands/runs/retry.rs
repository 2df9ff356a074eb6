//! `slipway runs retry`.

use serde_json::Value;
use slipway_app::{App, Edit};
use slipway_contract::message::Content;

use crate::args::RetryArgs;
use crate::commands::watch::{self, Attending};
use crate::exit::{Exit, Failure};
use crate::input;

pub(super) async fn retry(app: App, args: RetryArgs, json: bool) -> Result<Exit, Failure> {
    let options = watch::options(args.flags, json)?;
    let parent = app.find_run(&args.run.id).await?;
    let edit = match (&args.answer, &args.result) {
        (Some(answer), _) => Some(Edit::Answer(content(input::read(answer)?))),
        (None, Some(result)) => Some(Edit::Result(value(input::read(result)?))),
        (None, None) => None,
    };
    let facts = watch::facts_after(&app, (parent, Some(args.step)), &options).await?;
    let step = args.step;
    watch::watch(
        facts,
        &[],
        json,
        |Attending {
             person,
             observer,
             control,
         }| async move {
            app.retry(parent, step, edit, options, person, observer, control)
                .await
        },
    )
    .await
}

/// The parts of an answer as events show them, or one text.
fn content(text: String) -> Vec<Content> {
    serde_json::from_str(&text).unwrap_or_else(|_| vec![Content::Text { text }])
}

fn value(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}
