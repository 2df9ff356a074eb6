use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::{Value, json};
use slipway_agent::ports::tool::Tool;

use super::read_table::ReadTable;
use super::save_table::SaveTable;
use crate::sample::Workspace;

mod bombs;
mod queries;

async fn ask(workspace: &Workspace, query: Value) -> Value {
    workspace
        .call(&ReadTable::new(), query)
        .await
        .expect("an answer")
}

async fn told(workspace: &Workspace, query: Value) -> String {
    workspace.told(&ReadTable::new(), query).await
}

fn names(answer: &Value) -> Vec<&str> {
    let columns = answer["columns"].as_array().unwrap();
    columns
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect()
}

fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("Receipts").unwrap());
    book.save_to_buffer().unwrap()
}

fn expenses() -> Workspace {
    let workspace = Workspace::new();
    workspace.put(
        "in/receipts/january.csv",
        "date,vendor,category,amount,currency,tax_number\n\
         2026-01-05,Rail AG,Travel,100.00,EUR,DE1\n\
         2026-01-07,Diner,Meals,50.00,USD,\n\
         2026-01-07,Diner ,Meals,50,USD,US2\n\
         2026-01-09,Hotel,Lodging,200.00,CHF,CH3\n",
    );
    let bytes = sheet(|sheet| {
        let day = Format::new().set_num_format("dd/mm/yyyy");
        for (column, name) in [
            "date",
            "vendor",
            "category",
            "amount",
            "currency",
            "tax_number",
        ]
        .iter()
        .enumerate()
        {
            sheet
                .write(0, u16::try_from(column).unwrap(), *name)
                .unwrap();
        }
        let rows = [
            (Some((2026, 2, 1)), "Taxi", "Travel", 19.99, "USD", "US4"),
            (None, "Bistro", "Meals", 0.1 + 0.2, "EUR", ""),
        ];
        for (index, (date, vendor, category, amount, currency, tax)) in rows.into_iter().enumerate()
        {
            let row = u32::try_from(index).unwrap() + 2;
            match date {
                Some((y, m, d)) => {
                    let date = ExcelDateTime::from_ymd(y, m, d).unwrap();
                    sheet
                        .write_datetime_with_format(row, 0, &date, &day)
                        .unwrap();
                }
                None => drop(sheet.write(row, 0, "03/02/2026").unwrap()),
            }
            sheet.write(row, 1, vendor).unwrap();
            sheet.write(row, 2, category).unwrap();
            sheet.write(row, 3, amount).unwrap();
            sheet.write(row, 4, currency).unwrap();
            if !tax.is_empty() {
                sheet.write(row, 5, tax).unwrap();
            }
        }
    });
    workspace.put("in/receipts/february.xlsx", bytes);
    workspace.put("in/receipts/README.md", "not a table");
    workspace.put(
        "in/rates.csv",
        "code,month,rate\nEUR,2026-01,1\nEUR,2026-02,1\nUSD,2026-01,0.9\nUSD,2026-02,0.8\n",
    );
    workspace
}

#[tokio::test]
async fn cells_get_the_kind_that_they_show() {
    let workspace = Workspace::new();
    workspace.put(
        "in/a.csv",
        "id,name,amount,day,at,paid,code\n1, Ann ,12.50,2026-03-09,2026-03-09T10:30:00,true,007\n2,\"B, b\",-3,2026-03-10,2026-03-10 11:00:00,false,12\n",
    );
    let answer = ask(&workspace, json!({"sources": [{"path": "in/a.csv"}]})).await;
    let kinds: Vec<&Value> = answer["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["type"])
        .collect();
    assert_eq!(
        json!(kinds),
        json!([
            "integer",
            "integer",
            "text",
            "decimal",
            "date",
            "date and time",
            "true or false",
            "mixed"
        ])
    );
    assert_eq!(
        answer["rows"],
        json!([
            [
                2,
                1,
                "Ann",
                "12.50",
                "2026-03-09",
                "2026-03-09T10:30:00",
                true,
                "007"
            ],
            [
                3,
                2,
                "B, b",
                "-3",
                "2026-03-10",
                "2026-03-10T11:00:00",
                false,
                "12"
            ],
        ])
    );
    assert_eq!(
        answer["counts"],
        json!({"read": 2, "matched": 2, "returned": 2})
    );
    assert_eq!(answer["files"], json!([{"path": "in/a.csv", "rows": 2}]));
}

#[tokio::test]
async fn sums_are_exact_where_floats_are_not() {
    let workspace = Workspace::new();
    let rows: String = (0..1_000).map(|_| "0.1\n").collect();
    workspace.put("in/a.csv", format!("amount\n{rows}9007199254740993.01\n"));
    let sum = json!({
        "sources": [{"path": "in/a.csv"}],
        "aggregate": [{"function": "sum", "column": "amount"}, {"function": "count"}, {"function": "mean", "column": "amount"}]
    });
    let answer = ask(&workspace, sum).await;
    assert_eq!(names(&answer), ["sum_amount", "count", "mean_amount"]);
    assert_eq!(answer["rows"][0][0], "9007199254741093.01");
    assert_eq!(answer["rows"][0][1], 1001);
    assert_eq!(answer["rows"][0][2], "8998201053687.4056043956");
    workspace.put("in/large.csv", "amount\n79228162514264337593543950335\n1\n");
    let large = json!({
        "sources": [{"path": "in/large.csv", "columns": {"amount": {"type": "number"}}}],
        "aggregate": [{"function": "sum", "column": "amount"}]
    });
    assert!(told(&workspace, large).await.contains("28 digits"));
}

#[tokio::test]
async fn declared_columns_are_read_in_their_notation_and_the_rest_is_reported() {
    let workspace = Workspace::new();
    workspace.put(
        "in/german.csv",
        "Datum;Betrag;Art\n01.02.2026;1.234,50;Hotel\n2026-02-03;12,5;Bahn\n31.02.2026;7;Bahn\n04.02.2026;n/a;Bahn\n05.02.2026;1.5;Taxi\n",
    );
    let source = json!({
        "path": "in/german.csv",
        "rename": {"Datum": "date", "Betrag": "amount"},
        "columns": {
            "amount": {"type": "number", "decimal": ","},
            "date": {"type": "date", "formats": ["yyyy-mm-dd", "dd.mm.yyyy"]}
        }
    });
    let answer = ask(&workspace, json!({"sources": [source]})).await;
    let column = |index: usize| -> Vec<&Value> {
        answer["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row[index])
            .collect()
    };
    assert_eq!(
        json!(column(1)),
        json!([
            "2026-02-01",
            "2026-02-03",
            "31.02.2026",
            "2026-02-04",
            "2026-02-05"
        ])
    );
    assert_eq!(
        json!(column(2)),
        json!(["1234.50", "12.5", "7", "n/a", "1.5"])
    );
    assert_eq!(answer["problems_total"], 3);
    assert_eq!(
        answer["problems"][0],
        json!({"file": "in/german.csv", "row": 4, "column": "date", "value": "31.02.2026", "problem": "it is not a date in the form yyyy-mm-dd or dd.mm.yyyy"})
    );
    assert_eq!(
        answer["problems"][2]["problem"],
        "it is a number only with the other decimal separator"
    );
    let sum = json!({"sources": [source], "aggregate": [{"function": "sum", "column": "amount", "as": "total"}]});
    let answer = ask(&workspace, sum).await;
    assert_eq!(answer["rows"], json!([["1254.00"]]));
    let not_in_sum: Vec<&Value> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| {
            problem["problem"]
                .as_str()
                .unwrap()
                .contains("not in `total`")
        })
        .map(|problem| &problem["row"])
        .collect();
    assert_eq!(
        json!(not_in_sum),
        json!([5, 6]),
        "nobody takes the sum for more than it is"
    );
}

#[tokio::test]
async fn a_column_of_numbers_with_something_else_in_it_is_noted() {
    let workspace = Workspace::new();
    workspace.put("in/a.csv", "amount\n1\n2\n\"1,5\"\n4\n");
    let answer = ask(&workspace, json!({"sources": [{"path": "in/a.csv"}]})).await;
    let note = answer["notes"][0].as_str().unwrap();
    assert!(
        note.contains("`1,5`") && note.contains("in/a.csv:4"),
        "{note}"
    );
}

#[tokio::test]
async fn spreadsheets_are_read_by_sheet_and_header() {
    let workspace = Workspace::new();
    let mut book = Workbook::new();
    let first = book.add_worksheet().set_name("Cover").unwrap();
    first.write(0, 0, "Annual report").unwrap();
    let data = book.add_worksheet().set_name("Data").unwrap();
    data.write(0, 0, "Figures of the year").unwrap();
    data.write(3, 1, "name").unwrap();
    data.write(3, 2, "name").unwrap();
    data.write(4, 1, "x").unwrap();
    data.write(4, 2, true).unwrap();
    data.write_formula(
        5,
        2,
        rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!"),
    )
    .unwrap();
    data.write(6, 4, "beyond").unwrap();
    workspace.put("in/book.xlsx", book.save_to_buffer().unwrap());
    let answer = ask(
        &workspace,
        json!({"sources": [{"path": "in/book.xlsx", "sheet": "Data", "header_row": 4}]}),
    )
    .await;
    assert_eq!(names(&answer), ["_row", "column_1", "name", "name_2"]);
    assert_eq!(answer["rows"][0], json!([5, null, "x", true]));
    assert_eq!(answer["files"][0]["sheet"], "Data");
    let problems = answer["problems"].to_string();
    assert!(
        problems.contains("the row has 5 cells and the header 3"),
        "{problems}"
    );
    let cover = ask(&workspace, json!({"sources": [{"path": "in/book.xlsx"}]})).await;
    assert!(
        cover["notes"].to_string().contains("`Cover` was read"),
        "{cover}"
    );
    let error = told(
        &workspace,
        json!({"sources": [{"path": "in/book.xlsx", "sheet": "data"}]}),
    )
    .await;
    assert!(error.contains("did you mean `Data`?"), "{error}");
}

#[tokio::test]
async fn other_encodings_and_odd_files_are_read_or_told() {
    let workspace = Workspace::new();
    workspace.put("in/latin.csv", b"name;city\nM\xfcller;K\xf6ln\n");
    let latin = ask(&workspace, json!({"sources": [{"path": "in/latin.csv"}]})).await;
    assert_eq!(latin["rows"][0], json!([2, "Müller", "Köln"]));
    assert!(latin["notes"].to_string().contains("windows-1252"));
    workspace.put("in/bom.csv", "\u{feff}a,b\r\n1,2\r\n\r\n3,4\r\n");
    let bom = ask(&workspace, json!({"sources": [{"path": "in/bom.csv"}]})).await;
    assert_eq!(
        (names(&bom), &bom["rows"]),
        (vec!["_row", "a", "b"], &json!([[2, 1, 2], [4, 3, 4]]))
    );
    workspace.put("in/lines.csv", "a,b\n\"one\ntwo\",1\nx,2\n");
    let lines = ask(&workspace, json!({"sources": [{"path": "in/lines.csv"}]})).await;
    assert_eq!(lines["rows"], json!([[2, "one\ntwo", 1], [4, "x", 2]]));
    workspace.put("in/open.csv", "a,b\n1,\"x\n2,y\n3,z\n");
    assert!(
        told(&workspace, json!({"sources": [{"path": "in/open.csv"}]}))
            .await
            .contains("never closed")
    );
    workspace.put("in/ragged.csv", "a,b,c\n1,2\n1,2,3,4\n");
    let ragged = ask(&workspace, json!({"sources": [{"path": "in/ragged.csv"}]})).await;
    assert_eq!(ragged["problems_total"], 2);
    workspace.put("in/none.csv", "1,2\n3,4\n");
    let none = ask(
        &workspace,
        json!({"sources": [{"path": "in/none.csv", "header_row": 0}]}),
    )
    .await;
    assert_eq!(
        (names(&none), &none["counts"]["read"]),
        (vec!["_row", "column_1", "column_2"], &json!(2))
    );
    workspace.put("in/empty.csv", "");
    let empty = ask(&workspace, json!({"sources": [{"path": "in/empty.csv"}]})).await;
    assert_eq!(
        (&empty["counts"]["read"], &empty["notes"]),
        (&json!(0), &json!(["`in/empty.csv` is empty."]))
    );
    workspace.put("in/binary.csv", b"\0\x01\x02");
    assert!(
        told(&workspace, json!({"sources": [{"path": "in/binary.csv"}]}))
            .await
            .contains("not text")
    );
    workspace.put("in/fake.xlsx", "a,b\n1,2\n");
    assert!(
        told(&workspace, json!({"sources": [{"path": "in/fake.xlsx"}]}))
            .await
            .contains("as a spreadsheet")
    );
    workspace.put("in/object.json", "{\"a\": 1}");
    assert!(
        told(&workspace, json!({"sources": [{"path": "in/object.json"}]}))
            .await
            .contains("list of objects")
    );
}

#[tokio::test]
async fn mistakes_are_told_with_what_was_meant() {
    let workspace = expenses();
    let source = json!([{"path": "in/receipts/january.csv"}]);
    let with = |key: &str, value: Value| {
        let mut query = json!({"sources": source});
        query[key] = value;
        query
    };
    for (query, expected) in [
        (json!({"sources": []}), "`sources` is empty"),
        (
            json!({"sources": [{"path": "in/nothing.csv"}]}),
            "does not exist",
        ),
        (
            json!({"sources": [{"path": "in/receipts/*.tsv"}]}),
            "No file matches",
        ),
        (json!({"sources": [{"path": "in/receipts"}]}), "is a folder"),
        (
            json!({"sources": [{"path": "in/receipts/README.md"}]}),
            "is no table",
        ),
        (
            json!({"sources": [{"path": "../outside/*"}]}),
            "may read files only in",
        ),
        (
            json!({"sources": [{"path": "in/receipts/january.csv"}, {"path": "in/rates.csv"}]}),
            "no column in common",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "delimiter": "ab"}]}),
            "is no delimiter",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "encoding": "klingon"}]}),
            "no known encoding",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "header_row": 99}]}),
            "has no row 99",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "columns": {"rat": {"type": "number"}}}]}),
            "did you mean `rate`?",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "columns": {"rate": {"type": "date", "formats": ["x"]}}}]}),
            "no date format",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "rename": {"code": "rate"}}]}),
            "two columns named `rate`",
        ),
        (
            json!({"sources": [{"path": "in/rates.csv", "rename": {"code": "_row"}}]}),
            "kept for this tool",
        ),
        (with("select", json!(["amonut"])), "did you mean `amount`?"),
        (with("select", json!(["amount", "amount"])), "twice"),
        (
            with(
                "filter",
                json!([{"column": "amount", "op": "gt", "value": "much"}]),
            ),
            "another kind",
        ),
        (
            with(
                "filter",
                json!([{"column": "date", "op": "lt", "value": "31/12/2026"}]),
            ),
            "another kind",
        ),
        (
            with("aggregate", json!([{"function": "sum"}])),
            "needs a `column`",
        ),
        (
            with(
                "aggregate",
                json!([{"function": "median", "column": "amount"}]),
            ),
            "unknown variant `median`",
        ),
        (
            with("compute", json!([{"column": "amount", "formula": "1"}])),
            "already a column `amount`",
        ),
        (
            with("compute", json!([{"column": "x", "formula": "amonut * 2"}])),
            "did you mean `amount`?",
        ),
        (
            with(
                "join",
                json!([{"source": {"path": "in/rates.csv"}, "on": {"currency": "code"}}]),
            ),
            "have the same code",
        ),
        (
            with(
                "join",
                json!([{"source": {"path": "in/rates.csv", "rename": {"rate": "amount"}}, "on": {"currency": "code", "month(date)": "month"}}]),
            ),
            "Both tables have a column `amount`",
        ),
        (with("unknown", json!(1)), "unknown field `unknown`"),
    ] {
        let message = told(&workspace, query.clone()).await;
        assert!(message.contains(expected), "{query}\n{message}");
    }
}

#[tokio::test]
async fn a_large_answer_is_cut_and_says_so() {
    let workspace = Workspace::new();
    let rows: String = (0..5_000)
        .map(|n| format!("{n},{}\n", "word ".repeat(50)))
        .collect();
    workspace.put("in/a.csv", format!("n,text\n{rows}"));
    let answer = ask(
        &workspace,
        json!({"sources": [{"path": "in/a.csv"}], "limit": 5_000}),
    )
    .await;
    let returned = answer["counts"]["returned"].as_u64().unwrap();
    assert!((10..1_000).contains(&returned), "{returned}");
    assert!(answer.to_string().len() < 120_000);
    assert!(
        answer["notes"]
            .to_string()
            .contains(&format!("{returned} of 5000 rows")),
        "{}",
        answer["notes"]
    );
}
