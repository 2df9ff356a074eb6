//! `clock`: what time it is.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::ports::clock::Clock as ClockPort;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use crate::arguments::{cut, meant, parse, told};
use crate::definition::built_in;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    #[serde(default)]
    zone: Option<String>,
}

/// The tool.
pub(crate) struct Clock {
    definition: ToolDefinition,
    clock: Arc<dyn ClockPort>,
}

impl Clock {
    pub(crate) fn new(clock: Arc<dyn ClockPort>) -> Self {
        Self {
            definition: definition(),
            clock,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "clock",
        "Returns the date and time now, in UTC and in a time zone.",
        DeclaredEffect::Always(Effect::Read),
        json!({
            "type": "object",
            "properties": {
                "zone": {"type": "string", "description": "An IANA time zone, such as `Europe/Berlin`. Default UTC."}
            },
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for Clock {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let Arguments { zone } = parse(invocation.arguments)?;
        let name = zone.unwrap_or_else(|| "UTC".into());
        let zone = TimeZone::get(&name).map_err(|_| told(unknown(&name)))?;
        let now = self.clock.now();
        let local = now.to_zoned(zone);
        Ok(json!({
            "utc": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "zone": name,
            "local": local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            "date": local.date().to_string(),
            "weekday": local.strftime("%A").to_string(),
            "week": local.date().iso_week_date().week(),
            "unix_seconds": now.as_second(),
        }))
    }
}

fn unknown(name: &str) -> String {
    let database = jiff::tz::db();
    let known: Vec<String> = database.available().map(|name| name.to_string()).collect();
    let meant = meant(name, known.iter().map(String::as_str));
    format!("`{}` is no IANA time zone{meant}", cut(name, 60))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use slipway_contract::Timestamp;

    use super::*;
    use crate::sample;

    struct Stopped(Timestamp);

    #[async_trait]
    impl ClockPort for Stopped {
        fn now(&self) -> Timestamp {
            self.0
        }
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
        async fn sleep(&self, _: Duration) {}
    }

    async fn at(moment: &str, arguments: Value) -> Result<Value, ToolError> {
        let clock = Clock::new(Arc::new(Stopped(moment.parse().unwrap())));
        clock.call(sample::invocation(arguments)).await
    }

    #[tokio::test]
    async fn the_time_is_told_in_a_zone() {
        let told = at("2026-03-29T01:30:00Z", json!({"zone": "Europe/Berlin"}))
            .await
            .unwrap();
        assert_eq!(told["utc"], "2026-03-29T01:30:00Z");
        assert_eq!(
            told["local"], "2026-03-29T03:30:00+02:00",
            "summer time began at 01:00 UTC"
        );
        assert_eq!(
            (&told["weekday"], &told["date"]),
            (&json!("Sunday"), &json!("2026-03-29"))
        );
        let utc = at("2026-12-31T23:59:59.9Z", json!({})).await.unwrap();
        assert_eq!(
            (&utc["local"], &utc["week"]),
            (&json!("2026-12-31T23:59:59+00:00"), &json!(53))
        );
    }

    #[tokio::test]
    async fn an_unknown_zone_is_told_with_the_nearest() {
        let error = at("2026-01-01T00:00:00Z", json!({"zone": "Europe/Berln"}))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("`Europe/Berlin`"), "{error}");
    }
}
