//! Archives that are small and claim, or hold, much more.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

/// A workbook with one of its parts replaced by what this writes.
fn with_part(name: &str, mut write: impl FnMut(&mut dyn std::io::Write)) -> Vec<u8> {
    let plain = sheet(|sheet| {
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1, 0, 1).unwrap();
    });
    let mut from = ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let own = part.name().unwrap().into_owned();
        to.start_file(own.as_str(), SimpleFileOptions::default().large_file(true))
            .unwrap();
        if own == name {
            write(&mut to);
        } else {
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            to.write_all(&bytes).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_sheet_that_claims_to_be_huge_takes_only_what_it_holds() {
    let workspace = Workspace::new();
    let xml = |cells: &str| {
        format!(
            "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
             <dimension ref=\"A1:XFD1048576\"/><sheetData>{cells}</sheetData></worksheet>"
        )
    };
    let corners = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>\
                   <row r=\"1048576\"><c r=\"A1048576\"><v>5</v></c></row>";
    let bytes = with_part("xl/worksheets/sheet1.xml", |out| {
        out.write_all(xml(corners).as_bytes()).unwrap();
    });
    workspace.put("in/tall.xlsx", bytes);
    let answer = ask(&workspace, json!({"sources": [{"path": "in/tall.xlsx"}]})).await;
    assert_eq!(answer["rows"], json!([[1_048_576, 5]]));
    let wide = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>";
    let bytes = with_part("xl/worksheets/sheet1.xml", |out| {
        out.write_all(xml(wide).as_bytes()).unwrap();
    });
    workspace.put("in/wide.xlsx", bytes);
    let message = told(&workspace, json!({"sources": [{"path": "in/wide.xlsx"}]})).await;
    assert!(message.contains("16384 columns"), "{message}");
    let broken =
        "<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    let bytes = with_part("xl/worksheets/sheet1.xml", |out| {
        out.write_all(xml(broken).as_bytes()).unwrap();
    });
    workspace.put("in/order.xlsx", bytes);
    told(&workspace, json!({"sources": [{"path": "in/order.xlsx"}]})).await;
    for cell in [
        "<c r=\"ZZZZZZ1\"><v>1</v></c>",
        "<c r=\"A99999999999\"><v>1</v></c>",
        "<c r=\"\"><v>1</v></c>",
        "<c r=\"A1\"><v>1",
        "<c r=\"A1\" s=\"999\"><v>x</v></c>",
        "<c r=\"A1\" t=\"s\"><v>999</v></c>",
    ] {
        let bytes = with_part("xl/worksheets/sheet1.xml", |out| {
            out.write_all(xml(&format!("<row r=\"1\">{cell}</row>")).as_bytes())
                .unwrap();
        });
        workspace.put("in/odd.xlsx", bytes);
        let result = workspace
            .call(
                &ReadTable::new(),
                json!({"sources": [{"path": "in/odd.xlsx"}]}),
            )
            .await;
        assert!(
            !matches!(result, Err(slipway_agent::ports::tool::ToolError::Fatal(_))),
            "{cell}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a_truncated_workbook_is_told() {
    let workspace = Workspace::new();
    let whole = sheet(|sheet| {
        sheet.write(0, 0, "a").unwrap();
    });
    for length in (0..whole.len()).step_by(97) {
        workspace.put("in/cut.xlsx", &whole[..length]);
        told(&workspace, json!({"sources": [{"path": "in/cut.xlsx"}]})).await;
    }
}
