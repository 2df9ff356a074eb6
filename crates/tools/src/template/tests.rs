use serde_json::{Value, json};

use super::render_template::RenderTemplate;
use crate::sample::Workspace;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.put(
        "in/receipts.csv",
        "date,vendor,category,amount\n2026-01-05,Rail | Co,Travel,1234.50\n2026-02-07,<Diner>,Meals,0.1\n2026-02-08,Café,Meals,0.2\n,Kiosk,Meals,n/a\n",
    );
    workspace
}

fn tables() -> Value {
    let source = json!([{"path": "in/receipts.csv", "columns": {"amount": {"type": "number"}}}]);
    json!({
        "receipts": {"sources": source},
        "totals": {
            "sources": source,
            "group_by": ["category"],
            "aggregate": [{"function": "sum", "column": "amount", "as": "total"}],
            "sort": [{"column": "total", "descending": true}]
        },
        "all": {"sources": source, "aggregate": [{"function": "sum", "column": "amount", "as": "total"}]}
    })
}

async fn render(template: &str) -> Result<String, String> {
    let workspace = workspace();
    let tool = RenderTemplate::new(workspace.backups());
    let arguments = json!({
        "template": template,
        "values": {"title": "Report", "names": ["a", "b"], "long": "x".repeat(100_000)},
        "tables": tables(),
        "to": "out/report.md"
    });
    match workspace.call(&tool, arguments).await {
        Ok(_) => Ok(workspace.text("out/report.md")),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn figures_go_from_the_table_into_the_report() {
    let template = "\
# {{ title }}

| Date | Vendor | Amount |
| --- | --- | ---: |
{% for row in receipts.rows %}
| {{ row.date|date(\"%d %b %Y\") }} | {{ row.vendor|cell }} | {{ row.amount|money if row.amount is number else row.amount }} |
{% endfor %}
{% for row in totals.rows %}
- {{ row.category }}: {{ row.total|money(2, group=\",\") }}
{% endfor %}
Total {{ all.first.total|money(2, group=\".\", decimal=\",\") }} of {{ receipts.counts.read }} receipts.
{% for problem in receipts.problems %}
{{ problem.file }}:{{ problem.row }} {{ problem.column }} {{ problem.value }}
{% endfor %}
";
    assert_eq!(
        render(template).await.unwrap(),
        "# Report

| Date | Vendor | Amount |
| --- | --- | ---: |
| 05 Jan 2026 | Rail \\| Co | 1234.50 |
| 07 Feb 2026 | &lt;Diner> | 0.10 |
| 08 Feb 2026 | Café | 0.20 |
|  | Kiosk | n/a |
- Travel: 1,234.50
- Meals: 0.30
Total 1.234,80 of 4 receipts.
in/receipts.csv:5 amount n/a
"
    );
}

#[tokio::test]
async fn templates_test_and_choose() {
    for (template, expected) in [
        ("{{ 'x' if receipts.rows[0].amount > 1000 else 'y' }}", "x"),
        (
            "{{ receipts.rows|selectattr('amount', 'gt', 0.1)|map(attribute='vendor')|first }}",
            "Rail | Co",
        ),
        (
            "{{ receipts.rows|map(attribute='category')|unique|join(', ') }}",
            "Travel, Meals",
        ),
        (
            "{{ receipts.rows[3].date is none }} {{ receipts.rows[3].date|default('unknown') }}",
            "True unknown",
        ),
        ("{{ totals.rows|sum(attribute='total') }}", "1234.8"),
        ("{{ [0.1, 0.2]|sum }}", "0.3"),
        (
            "{{ 2.345|round(2) }} {{ 1e3|money(0, group=' ') }} {{ -1234567.891|money(2, group=',') }}",
            "2.35 1 000 -1,234,567.89",
        ),
        ("{{ '2026-03-09'|date('dd/mm/yyyy') }}", "09/03/2026"),
        (
            "{% set first = receipts.first %}{{ first.vendor|upper|truncate(4) }}",
            "RAIL…",
        ),
        (
            "{% for name in names %}{{ loop.index }}{{ name }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1a, 2b",
        ),
        (
            "{% for category, rows in receipts.rows|groupby('category') %}{{ category }}={{ rows|length }};{% endfor %}",
            "Meals=3;Travel=1;",
        ),
        ("{{ title ~ '!' }}", "Report!"),
        ("{{ 'a-b'|replace('-', '+') }}", "a+b"),
        (
            "{# a comment #}{{ receipts.columns|join(' ') }}",
            "_row date vendor category amount",
        ),
        ("{{ missing is defined }}", "False"),
    ] {
        assert_eq!(
            render(template).await.as_deref(),
            Ok(expected),
            "{template}"
        );
    }
}

#[tokio::test]
async fn html_is_escaped_and_markdown_is_not() {
    let workspace = workspace();
    let tool = RenderTemplate::new(workspace.backups());
    workspace.put("in/page.html", "<p>{{ t.rows[1].vendor }}</p>\n");
    let arguments = |to: &str| json!({"template_path": "in/page.html", "tables": {"t": tables()["receipts"]}, "to": to});
    workspace
        .call(&tool, arguments("out/page.html"))
        .await
        .unwrap();
    assert_eq!(workspace.text("out/page.html"), "<p>&lt;Diner&gt;</p>\n");
    let told = workspace
        .call(&tool, arguments("out/page.txt"))
        .await
        .unwrap();
    assert_eq!(workspace.text("out/page.txt"), "<p><Diner></p>\n");
    assert_eq!(told["preview"], "<p><Diner></p>\n");
    assert_eq!(
        told["tables"]["t"]["problems_total"], 1,
        "what is wrong in a table is told: {told}"
    );
}

#[tokio::test]
async fn mistakes_are_told_with_their_line() {
    for (template, expected) in [
        ("one\n{{ titel }}", "uses `titel`"),
        ("one\n{{ titel }}", "did you mean `title`?"),
        ("one\n{{ receipts.rows[0].amuont }}", "line 2"),
        (
            "{% for row in receipts.rows %}{{ row.vendor|money }}{% endfor %}",
            "is not a number",
        ),
        ("{{ title", "line 1"),
        ("{% if %}", "syntax error"),
        ("{{ title|nonsense }}", "unknown filter"),
        ("{% include 'other' %}", "unknown statement"),
        ("{% extends 'other' %}", "unknown statement"),
        ("{% macro a() %}{% endmacro %}", "unknown statement"),
        ("{{ 1 + 1 }}", "does not compute"),
        ("{{ receipts.rows[0].amount * 1.19 }}", "does not compute"),
        ("{{ '2026-13-01'|date }}", "is not a date"),
        ("{{ title|date('%9999d') }}", "is not a date"),
    ] {
        let error = render(template).await.unwrap_err();
        assert!(error.contains(expected), "{template}: {error}");
    }
}

#[tokio::test]
async fn bombs_end_in_an_error() {
    let nested = format!(
        "{}x{}",
        "{% if true %}".repeat(2_000),
        "{% endif %}".repeat(2_000)
    );
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
    let joined = format!("{{{{ {} }}}}", ["long"; 200].join(" ~ "));
    let sets: String = (0..60).map(|_| "{% set long = long ~ long %}").collect();
    for bomb in [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}{{ long }}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(1000) %}some text without a value{% endfor %}{% endfor %}",
        "{{ 'x' * 100000000000 }}",
        "{{ [0] * 100000000 }}",
        "{{ range(1000000000) }}",
        "{{ 2 ** 1000000 }}",
        "{% set a %}{{ long }}{{ long }}{% endset %}",
        "{% filter upper %}{{ long }}{% endfilter %}",
        "{% set n = namespace(a=long) %}{% for i in range(50) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
        "{% for a in range(50) %}{% set long = long ~ long %}{% endfor %}",
        "{% set a = [long, long] %}{% set b = [a, a] %}",
        "{% for a in [names, names] %}{% endfor %}",
        "{% with a = long ~ long %}{% endwith %}",
        "{{ long|replace('x', long) }}",
        "{{ range(100000)|join(long) }}",
        "{{ 'x'|indent(1000000000) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ receipts|string }}",
        "{{ debug() }}",
        "{{ dict(a=1) }}",
        "{{ 1|money(999999999) }}",
        "{% for row in receipts.rows recursive %}{{ loop(receipts.rows) }}{% endfor %}",
        nested.as_str(),
        deep.as_str(),
        joined.as_str(),
        sets.as_str(),
        &"x".repeat(600_000),
    ] {
        let error = render(bomb)
            .await
            .expect_err(&crate::arguments::cut(bomb, 80));
        assert!(
            error.starts_with("The template"),
            "{}: {error}",
            crate::arguments::cut(bomb, 80)
        );
    }
}

#[tokio::test]
async fn values_and_paths_are_checked() {
    let workspace = workspace();
    let tool = RenderTemplate::new(workspace.backups());
    for (arguments, expected) in [
        (json!({"to": "out/a.md"}), "either `template`"),
        (
            json!({"template": "x", "template_path": "in/x", "to": "out/a.md"}),
            "either `template`",
        ),
        (json!({"template": "x", "to": "in/a.md"}), "may write"),
        (
            json!({"template_path": "../outside/x", "to": "out/a.md"}),
            "may read",
        ),
        (
            json!({"template": "x", "to": "out/a.md", "values": {"a b": 1}}),
            "cannot be a name",
        ),
        (
            json!({"template": "x", "to": "out/a.md", "values": {"loop": 1}}),
            "cannot be a name",
        ),
        (
            json!({"template": "x", "to": "out/a.md", "values": {"t": 1}, "tables": {"t": tables()["all"]}}),
            "Both `values` and `tables`",
        ),
        (
            json!({"template": "x", "to": "out/a.md", "tables": {"t": {"sources": [{"path": "in/none.csv"}]}}}),
            "The table `t`:",
        ),
        (
            json!({"template": "x", "to": "out/a.md", "tables": {"t": {"sources": [], "x": 1}}}),
            "`tables.t.x`",
        ),
    ] {
        let told = workspace.told(&tool, arguments).await;
        assert!(told.contains(expected), "{told}");
    }
    workspace.put("in/precise.csv", "a\n1234567890123456.78\n");
    let precise = json!({"template": "{{ t.first.a }}", "to": "out/a.md", "tables": {"t": {"sources": [{"path": "in/precise.csv", "columns": {"a": {"type": "number"}}}]}}});
    let told = workspace.told(&tool, precise).await;
    assert!(
        told.contains("more digits"),
        "a figure is never rounded silently: {told}"
    );
}
