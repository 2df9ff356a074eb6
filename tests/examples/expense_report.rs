//! The expense report against sums that are computed here, from the receipts alone.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use calamine::{Data, Reader as _, open_workbook_auto};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::unpack;
use crate::kit::{Answer, Desk, model};

/// What the report must say.
#[derive(Debug, PartialEq)]
struct Sums {
    read: usize,
    counted: usize,
    total: Decimal,
    by_category: BTreeMap<String, (usize, Decimal)>,
}

struct Receipt {
    date: String,
    merchant: String,
    category: String,
    amount: Decimal,
    currency: String,
}

/// `2026-07-01`, whichever way it was written.
fn iso(date: &str) -> String {
    match date.split('/').collect::<Vec<_>>()[..] {
        [day, month, year] => format!("{year}-{month}-{day}"),
        _ => date.get(..10).unwrap_or(date).to_owned(),
    }
}

fn receipt(columns: &[String], cells: &[String]) -> Receipt {
    let cell = |name: &str| {
        let at = columns.iter().position(|column| column == name).unwrap();
        cells[at].trim().to_owned()
    };
    Receipt {
        date: iso(&cell("date")),
        merchant: cell("merchant"),
        category: cell("category"),
        amount: cell("amount").parse().unwrap(),
        currency: cell("currency"),
    }
}

fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Float(number) => Decimal::from_f64_retain(*number)
            .unwrap()
            .round_dp(2)
            .to_string(),
        other => other.to_string(),
    }
}

fn receipts(folder: &Path) -> Vec<Receipt> {
    let mut files: Vec<_> = std::fs::read_dir(folder.join("receipts"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut receipts = Vec::new();
    for file in files {
        if file
            .extension()
            .is_some_and(|extension| extension == "xlsx")
        {
            let mut book = open_workbook_auto(&file).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let mut rows = sheet
                .rows()
                .map(|row| row.iter().map(text).collect::<Vec<_>>());
            let columns = rows.next().unwrap();
            receipts.extend(rows.map(|cells| receipt(&columns, &cells)));
        } else {
            let mut reader = csv::Reader::from_path(&file).unwrap();
            let columns: Vec<String> = reader
                .headers()
                .unwrap()
                .iter()
                .map(str::to_owned)
                .collect();
            for row in reader.records() {
                let cells: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
                receipts.push(receipt(&columns, &cells));
            }
        }
    }
    receipts
}

fn computed(folder: &Path) -> Sums {
    let rates: BTreeMap<(String, String), Decimal> =
        csv::Reader::from_path(folder.join("rates.csv"))
            .unwrap()
            .records()
            .map(|row| {
                let row = row.unwrap();
                (
                    (row[0].to_owned(), row[1].to_owned()),
                    row[2].parse().unwrap(),
                )
            })
            .collect();
    let all = receipts(folder);
    let mut seen = HashSet::new();
    let mut sums = Sums {
        read: all.len(),
        counted: 0,
        total: Decimal::ZERO,
        by_category: BTreeMap::new(),
    };
    for receipt in all {
        let key = (
            receipt.date.clone(),
            receipt.merchant,
            receipt.amount,
            receipt.currency.clone(),
        );
        if !seen.insert(key) {
            continue;
        }
        let Some(rate) = rates.get(&(receipt.date[..7].to_owned(), receipt.currency)) else {
            continue;
        };
        let euros = (receipt.amount * rate)
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        sums.counted += 1;
        sums.total += euros;
        let category = sums.by_category.entry(receipt.category).or_default();
        category.0 += 1;
        category.1 += euros;
    }
    sums
}

/// The cells of a Markdown row, without its emphasis.
fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|')
        .split('|')
        .map(|cell| cell.replace("**", "").trim().to_owned())
        .collect()
}

fn reported(report: &str) -> Sums {
    let rows: Vec<Vec<String>> = report
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    let named = |name: &str| {
        let row = rows.iter().find(|row| row.len() == 2 && row[0] == name);
        row.unwrap_or_else(|| panic!("no {name:?} in:\n{report}"))[1].clone()
    };
    let section = report
        .split("## By category")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let by_category = section
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(cells)
        .filter(|row| row.len() == 3 && row[0] != "Total" && row[1].parse::<usize>().is_ok())
        .map(|row| {
            (
                row[0].clone(),
                (row[1].parse().unwrap(), row[2].parse().unwrap()),
            )
        })
        .collect();
    Sums {
        read: named("Receipts read").parse().unwrap(),
        counted: named("Receipts counted").parse().unwrap(),
        total: named("Total").parse().unwrap(),
        by_category,
    }
}

fn change_a_receipt(desk: &Desk) {
    let path = "expense-report/receipts/2026-07.csv";
    let before = desk.read(path);
    let after = before.replace(
        "R-01,2026-07-01,Airport taxi,Travel,42.50",
        "R-01,2026-07-01,Airport taxi,Travel,142.50",
    );
    assert_ne!(before, after, "the receipt must be there to be changed");
    desk.write(path, after);
}

/// The recorded answers, as a live model that gives them again.
pub(super) fn scripted_from_recording(desk: &Desk) -> Vec<Answer> {
    desk.read("expense-report/recordings/example.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line.get("answer").is_some())
        .map(|recorded| {
            let content = recorded["answer"]["content"].as_array().unwrap().clone();
            let said: String = content
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect();
            content
                .iter()
                .filter(|part| part["type"] == "tool_call")
                .fold(Answer::text(&said), |answer, call| {
                    answer.and_tool(
                        call["call_id"].as_str().unwrap(),
                        call["tool"].as_str().unwrap(),
                        &call["arguments"],
                    )
                })
        })
        .collect()
}

#[test]
fn the_report_has_the_right_sums() {
    let desk = Desk::new();
    let folder = unpack(&desk, "expense-report");
    desk.slipway(["run", &folder]).exits(0);
    let expected = computed(&desk.path("expense-report"));
    assert!(
        expected.read > expected.counted && expected.counted > 30,
        "the example holds duplicates: {expected:?}"
    );
    assert_eq!(
        reported(&desk.read("expense-report/out/report.md")),
        expected
    );
}

#[test]
fn as_json_it_is_the_same_run() {
    let desk = Desk::new();
    let folder = unpack(&desk, "expense-report");
    let ran = desk.slipway(["run", &folder, "--json"]).exits(0);
    assert_eq!(ran.objects()[0]["type"], "run.started");
    let last = ran.event("run.finished");
    assert_eq!(last["status"], "succeeded");
    assert_eq!(last["usage"]["cost_usd"], "0");
    assert_eq!(
        reported(&desk.read("expense-report/out/report.md")),
        computed(&desk.path("expense-report"))
    );
}

#[test]
fn a_changed_receipt_stops_the_recording_with_the_difference() {
    let desk = Desk::new();
    let folder = unpack(&desk, "expense-report");
    change_a_receipt(&desk);
    let ran = desk.slipway(["run", &folder, "--json"]).exits(1);
    let last = ran.event("run.finished");
    assert_eq!(
        (&last["status"], &last["reason"]),
        (&json!("failed"), &json!("recording_mismatch"))
    );
    let message = last["message"].as_str().unwrap();
    for text in ["42.50", "142.50", "read_table"] {
        assert!(
            message.contains(text),
            "the difference must show {text:?}:\n{message}"
        );
    }
    assert!(
        !desk.path("expense-report/out/report.md").exists(),
        "nothing is written from answers to other data"
    );
}

#[test]
fn a_live_model_gives_the_new_sums() {
    let unpacked = Desk::new();
    unpack(&unpacked, "expense-report");
    let server = model(scripted_from_recording(&unpacked));
    let desk = Desk::with_model(&server);
    let folder = unpack(&desk, "expense-report");
    let old = computed(&desk.path("expense-report"));
    change_a_receipt(&desk);
    let new = computed(&desk.path("expense-report"));
    assert_eq!(new.total - old.total, Decimal::from(100));
    desk.slipway(["run", &folder, "--model", "openai/gpt-5-mini"])
        .exits(0);
    assert_eq!(reported(&desk.read("expense-report/out/report.md")), new);
}
