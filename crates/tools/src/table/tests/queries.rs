//! What is asked of a table: groups, filters, order, and where the result goes.

use super::*;

fn expense_query() -> Value {
    json!({
        "sources": [{
            "path": "in/receipts/*",
            "columns": {"date": {"type": "date", "formats": ["yyyy-mm-dd", "dd/mm/yyyy"]}}
        }],
        "join": [{"source": {"path": "in/rates.csv"}, "on": {"currency": "code", "month(date)": "month"}}],
        "compute": [{"column": "eur", "formula": "round(amount * rate, 2)"}],
        "find_duplicates": ["date", "vendor", "amount", "currency"]
    })
}

#[tokio::test]
async fn csv_and_xlsx_are_one_table_with_rates_and_duplicates() {
    let workspace = expenses();
    let answer = ask(&workspace, expense_query()).await;
    assert_eq!(
        names(&answer),
        [
            "_file",
            "_row",
            "date",
            "vendor",
            "category",
            "amount",
            "currency",
            "tax_number",
            "rate",
            "eur",
            "_duplicate_of"
        ]
    );
    let short: Vec<Value> = answer["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row[0], row[1], row[2], row[9], row[10]]))
        .collect();
    assert_eq!(
        json!(short),
        json!([
            ["in/receipts/february.xlsx", 3, "2026-02-01", "15.99", null],
            ["in/receipts/february.xlsx", 4, "2026-02-03", "0.30", null],
            ["in/receipts/january.csv", 2, "2026-01-05", "100.00", null],
            ["in/receipts/january.csv", 3, "2026-01-07", "45.00", null],
            [
                "in/receipts/january.csv",
                4,
                "2026-01-07",
                "45.00",
                "in/receipts/january.csv:3"
            ],
            ["in/receipts/january.csv", 5, "2026-01-09", null, null],
        ])
    );
    assert_eq!(
        answer["problems"],
        json!([{"file": "in/receipts/january.csv", "row": 5, "problem": "in/rates.csv has no row with code = CHF and month = 2026-01"}])
    );
    let notes = answer["notes"].to_string();
    assert!(notes.contains("README.md"), "{notes}");
    assert!(notes.contains("`eur` is empty in 1 rows"), "{notes}");
}

#[tokio::test]
async fn groups_have_exact_figures_and_an_order() {
    let workspace = expenses();
    let mut query = expense_query();
    query["filter"] = json!([{"column": "_duplicate_of", "op": "empty"}]);
    query["group_by"] = json!(["category"]);
    query["aggregate"] = json!([
        {"function": "sum", "column": "eur", "as": "total"},
        {"function": "count", "as": "receipts"},
        {"function": "count", "column": "tax_number", "as": "with_tax_number"},
        {"function": "min", "column": "date", "as": "first"},
        {"function": "max", "column": "date", "as": "last"},
        {"function": "distinct", "column": "currency", "as": "currencies"}
    ]);
    query["sort"] = json!([{"column": "total", "descending": true}]);
    let answer = ask(&workspace, query).await;
    assert_eq!(
        answer["rows"],
        json!([
            ["Travel", "115.99", 2, 2, "2026-01-05", "2026-02-01", 2],
            ["Meals", "45.30", 2, 0, "2026-01-07", "2026-02-03", 2],
            ["Lodging", "0", 1, 1, "2026-01-09", "2026-01-09", 1],
        ])
    );
    assert_eq!(
        answer["counts"],
        json!({"read": 6, "matched": 5, "returned": 3, "groups": 3})
    );
    assert!(
        answer["notes"]
            .to_string()
            .contains("1 rows have no `eur` and are not in `total`")
    );
}

#[tokio::test]
async fn filters_order_and_columns_work_together() {
    let workspace = expenses();
    let mut query = expense_query();
    query["filter"] = json!([
        {"column": "tax_number", "op": "empty"},
        {"column": "date", "op": "ge", "value": "2026-01-01"},
        {"column": "category", "op": "in", "value": ["Meals", "Travel"]}
    ]);
    query["sort"] = json!([{"column": "date", "descending": true}]);
    query["select"] = json!(["vendor", "_file", "_row"]);
    query["limit"] = json!(1);
    let answer = ask(&workspace, query.clone()).await;
    assert_eq!(
        answer["rows"],
        json!([["Bistro", "in/receipts/february.xlsx", 4]])
    );
    assert!(
        answer["notes"]
            .to_string()
            .contains("1 of 2 rows are returned"),
        "{}",
        answer["notes"]
    );
    query["offset"] = json!(1);
    let answer = ask(&workspace, query).await;
    assert_eq!(
        answer["rows"],
        json!([["Diner", "in/receipts/january.csv", 3]])
    );
}

#[tokio::test]
async fn a_result_goes_to_a_file_with_every_digit() {
    let workspace = expenses();
    workspace.put("in/precise.jsonl", "{\"a\": 12345678901234567890.123456, \"b\": \"x \\\"y\\\"\"}\n\n{\"a\": 1e-3, \"c\": [1, 2]}\nnot json\n{\"a\": null}\n");
    let save = SaveTable::new(workspace.backups());
    let source = json!([{"path": "in/precise.jsonl"}]);
    let to = |to: &str| json!({"sources": source, "to": to, "select": ["a", "b", "c"]});
    let saved = workspace.call(&save, to("out/a.json")).await.unwrap();
    assert_eq!(
        (&saved["path"], &saved["file"]),
        (&json!("out/a.json"), &json!("created"))
    );
    assert_eq!(
        workspace.text("out/a.json"),
        "[\n{\"a\": 12345678901234567890.123456, \"b\": \"x \\\"y\\\"\", \"c\": null},\n{\"a\": 0.001, \"b\": null, \"c\": \"[1, 2]\"},\n{\"a\": null, \"b\": null, \"c\": null}\n]\n"
    );
    assert_eq!(
        saved["problems"][0]["row"], 4,
        "a line that is no JSON is reported"
    );
    workspace.call(&save, to("out/a.csv")).await.unwrap();
    assert_eq!(
        workspace.text("out/a.csv"),
        "a,b,c\n12345678901234567890.123456,\"x \"\"y\"\"\",\n0.001,,\"[1, 2]\"\n,,\n"
    );
    let told = workspace.told(&save, to("out/a.xlsx")).await;
    assert!(told.contains(".csv"), "{told}");
    let told = workspace.told(&save, to("in/a.csv")).await;
    assert!(told.contains("may write"), "{told}");
    // What was saved reads back the same.
    let grants = [crate::sample::read("./out")];
    let call = crate::sample::with_grants(
        json!({"sources": [{"path": "out/a.json"}]}),
        crate::sample::grants(&workspace.path(""), &grants),
    );
    let again = ReadTable::new().call(call).await.unwrap();
    assert_eq!(again["rows"][0][1], "12345678901234567890.123456");
}
