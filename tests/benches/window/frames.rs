//! Frames that a page drew, and those that came too late.

use serde_json::Value;

use crate::driver::Window;
use crate::figures::Line;

/// A frame that comes later than this after the one before was dropped: half as much again as a frame takes.
const LATE_MS: f64 = 25.0;

/// The frames of one scroll or stream.
#[derive(Clone, Copy, Default)]
pub(crate) struct Frames {
    count: usize,
    dropped: usize,
    longest_ms: f64,
}

impl Frames {
    /// Of a script's answer.
    pub(crate) fn of(answer: &Value) -> Self {
        let gaps = answer["gaps"].as_array().expect("gaps between frames");
        let gaps = gaps.iter().filter_map(Value::as_f64);
        gaps.fold(Self::default(), |frames, gap| Self {
            count: frames.count + 1,
            dropped: frames.dropped + usize::from(gap > LATE_MS),
            longest_ms: frames.longest_ms.max(gap),
        })
    }

    /// Prints them beside those of the empty window.
    pub(crate) fn print(self, name: &str, floor: Self, note: &str) {
        #[expect(clippy::cast_precision_loss, reason = "a figure for readers")]
        Line {
            name,
            measured: self.dropped as f64,
            floor: floor.dropped as f64,
            unit: "",
            goal: format!(
                "0 of {} frames; the longest {:.0} ms, in the empty window {:.0} ms{note}",
                self.count, self.longest_ms, floor.longest_ms
            ),
        }
        .print();
    }
}

/// Puts into a page what measures it.
pub(crate) async fn prepare(window: &Window) {
    window.ask(include_str!("page.js"), &[]).await;
}
