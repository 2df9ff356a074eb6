use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

fn one_sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<(u32, Vec<String>)>, BookError> {
    let mut book = Book::open(Cursor::new(bytes), limits, &|| false)?;
    let Some(first) = book.first().map(str::to_owned) else {
        return Ok(Vec::new());
    };
    let mut rows = book.rows(&first)?;
    let mut all = Vec::new();
    while let Some((number, cells)) = rows.next_row()? {
        all.push((number, cells.iter().map(ToString::to_string).collect()));
    }
    Ok(all)
}

/// The same archive, with each part as this makes it.
fn remade(archive: &[u8], mut remake: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        to.start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        to.write_all(&remake(&name, bytes)).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn cells_are_what_a_person_reads_in_them() {
    let day = ExcelDateTime::from_ymd(2026, 2, 3).unwrap();
    let moment = ExcelDateTime::from_ymd(2026, 2, 3)
        .unwrap()
        .and_hms(10, 30, 0)
        .unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = one_sheet(|sheet| {
        sheet.write(0, 0, "what").unwrap();
        sheet.write(0, 1, "value").unwrap();
        sheet.write(2, 0, 42).unwrap();
        sheet.write(2, 1, 0.1 + 0.2).unwrap();
        sheet.write_with_format(3, 0, &day, &date).unwrap();
        sheet.write_with_format(3, 1, &moment, &date).unwrap();
        sheet.write(4, 1, true).unwrap();
        let broken = Formula::new("=1/0").set_result("#DIV/0!");
        sheet.write_formula(5, 0, broken).unwrap();
        sheet.write(5, 1, "  a\nb ").unwrap();
    });
    let row = |number, cells: [&str; 2]| (number, cells.map(str::to_owned).to_vec());
    assert_eq!(
        read(&bytes, &Limits::default()).unwrap(),
        [
            row(1, ["what", "value"]),
            row(3, ["42", "0.3"]),
            row(4, ["2026-02-03", "2026-02-03T10:30:00"]),
            row(5, ["", "true"]),
            row(6, ["#DIV/0!", "a\nb"]),
        ]
    );
}

#[test]
fn sheets_are_found_by_name_and_hidden_ones_come_last() {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .set_hidden(true);
    book.add_worksheet()
        .set_name("Cases ")
        .unwrap()
        .set_active(true);
    let bytes = book.save_to_buffer().unwrap();
    let book = Book::open(Cursor::new(&bytes), &Limits::default(), &|| false).unwrap();
    assert_eq!(book.sheets(), ["Notes", "Cases "]);
    assert_eq!(book.first(), Some("Cases "));
    assert_eq!(book.named("Cases"), Some("Cases "));
    assert_eq!(book.named("cases"), None);
    assert!(matches!(
        Book::open(Cursor::new(&bytes), &Limits::default(), &|| true),
        Err(BookError::Stopped)
    ));
}

#[test]
fn one_text_in_many_cells_does_not_fill_the_memory() {
    let long = "x".repeat(30_000);
    let bytes = one_sheet(|sheet| {
        for row in 0..1_000 {
            sheet.write(row, 0, long.as_str()).unwrap();
        }
    });
    assert!(bytes.len() < 100_000, "the file has the text once");
    let limits = Limits {
        cells: 20_000_000,
        ..Limits::default()
    };
    assert_eq!(read(&bytes, &limits), Err(BookError::TooLarge(20_000_000)));
    assert_eq!(read(&bytes, &Limits::default()).unwrap().len(), 1_000);
}

/// Wherever a part of a workbook is damaged, it is read or refused, and nothing panics.
#[test]
fn a_damaged_workbook_is_read_or_refused() {
    let whole = one_sheet(|sheet| {
        sheet.write(0, 0, "name").unwrap();
        sheet.write(1, 0, 1.5).unwrap();
        sheet.write(2, 3, true).unwrap();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let day = ExcelDateTime::from_ymd(2026, 2, 3).unwrap();
        sheet.write_with_format(3, 1, &day, &date).unwrap();
    });
    for length in (0..whole.len()).step_by(53) {
        assert!(
            matches!(
                read(&whole[..length], &Limits::default()),
                Err(BookError::Broken(_))
            ),
            "{length}"
        );
    }
    let pieces: [&[u8]; 10] = [
        b"",
        b"\"",
        b"<",
        b">",
        b"999999999999",
        b"-1",
        b"\0",
        b"\xff\xfe",
        b"/",
        b"<c r=\"B1\">",
    ];
    let mut read_well = 0;
    for part in [
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        for at in 0..24 {
            for (turn, piece) in pieces.iter().enumerate() {
                let damaged = remade(&whole, |name, mut bytes| {
                    if name == part {
                        let from = (bytes.len() - 1) * at / 24;
                        let to = (from + turn).min(bytes.len());
                        bytes.splice(from..to, piece.iter().copied());
                    }
                    bytes
                });
                read_well += u32::from(read(&damaged, &Limits::default()).is_ok());
            }
        }
    }
    assert!(
        (20..1_180).contains(&read_well),
        "some damage does no harm, and most does: {read_well}"
    );
}
