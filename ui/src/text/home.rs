//! Texts of Home.

use slipway_contract::tool::Effect;

use super::counted;

pub(crate) const QUICK_RUN: &str = "Quick run";
pub(crate) const AGENT_OF_QUICK_RUN: &str = "Agent";
pub(crate) const RUNNING_NOW: &str = "Running now";
pub(crate) const ALL_RUNS: &str = "All runs";
pub(crate) const OPEN_THE_RUN: &str = "Open the run";
pub(crate) const CUT_OFF_HOW: &str = "It can be resumed where it stands: what it was told and what it did is in its journal, and nothing of that is done again.";
pub(crate) const SPENT: &str = "Spent";
pub(crate) const RESERVED: &str = "Reserved";
pub(crate) const LEFT: &str = "Left";
pub(crate) const LOCAL: &str = "local";
pub(crate) const NO_LIMIT_OF_MONTH: &str = "no limit";
pub(crate) const NOTHING_SPENT: &str = "Nothing was spent this month.";
pub(crate) const NOTHING_ENDED: &str = "No run has ended yet.";
pub(crate) const NOTHING_RUNS: &str = "Nothing needs you";
pub(crate) const NOBODY_TO_ASK_HOW: &str = "Add one, and ask it for something. The examples run offline at once. What needs you and what goes on appears here.";
pub(crate) const SHOW_EXAMPLES: &str = "Show agents and examples";
pub(crate) const BETWEEN_STEPS: &str = "Between two steps";
pub(crate) const WAITS_BEFORE_ASKING: &str = "Waiting before it asks the model again";

/// Small numbers in words, as a headline says them.
fn in_words(number: u64) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    usize::try_from(number)
        .ok()
        .and_then(|number| WORDS.get(number))
        .map_or_else(|| crate::format::count(number), |word| (*word).to_owned())
}

/// What is true, and what it wants.
pub(crate) fn home_headline(needing: u64, at_work: u64) -> String {
    let words = match (needing, at_work) {
        (0, 0) => return NOTHING_RUNS.to_owned(),
        (0, 1) => "one run is at work".to_owned(),
        (0, runs) => format!("{} runs are at work", in_words(runs)),
        (1, _) => "one run needs you".to_owned(),
        (runs, _) => format!("{} runs need you", in_words(runs)),
    };
    super::upper_first(&words)
}

/// The day, and what the headline does not say.
pub(crate) fn below_headline(today: &str, needing: u64, at_work: u64, ended: u64) -> String {
    let working = match (needing, at_work) {
        (0, _) => None,
        (_, 0) => None,
        (_, 1) => Some("one more is at work".to_owned()),
        (_, runs) => Some(format!("{} more are at work", in_words(runs))),
    };
    let ended = match ended {
        0 => "none has ended today".to_owned(),
        1 => "one has ended today".to_owned(),
        runs => format!("{} have ended today", in_words(runs)),
    };
    let said = match working {
        Some(working) => format!("{working}, and {ended}"),
        None if ended.starts_with("none") => "no run has ended today".to_owned(),
        None => ended
            .replacen("one has", "one run has", 1)
            .replacen(" have", " runs have", 1),
    };
    format!("{today}. {}.", super::upper_first(&said))
}

pub(crate) fn wants_to_call(title: &str, tool: &str) -> String {
    format!("{title} wants to call {tool}")
}

pub(crate) fn asks_for_permission(title: &str) -> String {
    format!("{title} asks for permission")
}

pub(crate) fn asks_for_price(title: &str, model: &str) -> String {
    format!("{title}: what does {model} cost?")
}

pub(crate) fn asks_what_happened(title: &str) -> String {
    format!("{title}: outcome unknown, did it happen?")
}

pub(crate) fn was_cut_off(title: &str) -> String {
    format!("{title} was cut off")
}

pub(crate) fn asks_several(title: &str, questions: usize) -> String {
    format!(
        "{title} asks {}",
        counted(questions as u64, "thing", "things")
    )
}

pub(crate) fn parked_ago(span: &str) -> String {
    format!("parked {span} ago")
}

pub(crate) fn cut_off_ago(span: &str) -> String {
    format!("cut off {span} ago")
}

pub(crate) fn more_need_you(runs: u64) -> String {
    match runs {
        1 => "1 more needs you".to_owned(),
        runs => format!("{} more need you", crate::format::count(runs)),
    }
}

pub(crate) fn more_at_work(runs: u64) -> String {
    format!("{} more at work", crate::format::count(runs))
}

/// What a tool call does, before the tool's name.
pub(crate) const fn calling(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "Reading with",
        Effect::Idempotent | Effect::Write => "Calling",
    }
}

pub(crate) const ASKING: &str = "Asking";

pub(crate) fn step_of(step: u32, most: u32) -> String {
    format!("step {step} of {most}")
}

pub(crate) fn cancel_of(title: &str) -> String {
    format!("Cancel {title}")
}

pub(crate) fn spend_in(month: &str) -> String {
    format!("Spend in {month}")
}

pub(crate) fn of_limit(limit: &str) -> String {
    format!("of {limit}")
}

/// A budget in words, for who cannot see its bar.
pub(crate) fn budget_in_words(spent: &str, reserved: &str, limit: &str) -> String {
    format!("{spent} spent, {reserved} reserved, of {limit}")
}

/// The bars of days in words.
pub(crate) fn days_in_words(days: &[(u32, String)], most: Option<(u32, &str)>) -> String {
    let Some((day, amount)) = most else {
        return NOTHING_SPENT.to_owned();
    };
    let each: Vec<String> = days
        .iter()
        .map(|(day, amount)| format!("{day}: {amount}"))
        .collect();
    format!(
        "Spend by day, most on the {day}: {amount}. {}",
        each.join(", ")
    )
}

pub(crate) fn in_folder(folder: &str) -> String {
    format!("It works in {folder}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_says_what_is_true() {
        for (needing, at_work, said) in [
            (0, 0, "Nothing needs you"),
            (0, 1, "One run is at work"),
            (0, 3, "Three runs are at work"),
            (1, 5, "One run needs you"),
            (2, 0, "Two runs need you"),
            (13, 0, "13 runs need you"),
        ] {
            assert_eq!(home_headline(needing, at_work), said);
        }
    }

    #[test]
    fn below_it_stands_what_it_leaves_out() {
        for (needing, at_work, ended, said) in [
            (0, 0, 0, "Friday. No run has ended today."),
            (0, 2, 1, "Friday. One run has ended today."),
            (0, 0, 14, "Friday. 14 runs have ended today."),
            (
                2,
                2,
                7,
                "Friday. Two more are at work, and seven have ended today.",
            ),
            (
                1,
                1,
                0,
                "Friday. One more is at work, and none has ended today.",
            ),
            (1, 0, 0, "Friday. No run has ended today."),
        ] {
            assert_eq!(below_headline("Friday", needing, at_work, ended), said);
        }
    }
}
