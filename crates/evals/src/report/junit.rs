//! A report as JUnit XML, as CI servers read it: one `testcase` for each concrete case, `failure`
//! where it failed, `error` where it could not be judged.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::case::CaseReport;
use super::words;
use super::{Report, SkippedCase, SuiteReport, exposed};
use crate::assertion::{Outcome, Verdict};

/// The report as XML.
///
/// # Errors
/// None that a report can cause: it is written to memory.
pub fn render(report: &Report) -> io::Result<String> {
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
    xml.0
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = Counts::of(report.suites.iter());
    let name = exposed::line(&report.title);
    let took = seconds(report.took_ms);
    let mut attributes = vec![("name", name), ("time", took)];
    attributes.extend(counts.attributes());
    xml.within("testsuites", &attributes, |xml| {
        report
            .suites
            .iter()
            .try_for_each(|suite| xml.suite(report, suite))
    })?;
    let mut text = String::from_utf8(xml.0.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'s>(suites: impl Iterator<Item = &'s SuiteReport>) -> Self {
        let mut counts = Self::default();
        for suite in suites {
            // A suite that cannot be run is told as a test that could not be.
            if !suite.findings.is_empty() {
                counts.tests += 1;
                counts.errors += 1;
            }
            counts.tests += suite.skipped.len();
            counts.skipped += suite.skipped.len();
            for case in &suite.cases {
                counts.tests += 1;
                match case.outcome() {
                    Outcome::Passed => {}
                    Outcome::Failed => counts.failures += 1,
                    Outcome::Unjudged => counts.errors += 1,
                }
            }
        }
        counts
    }

    fn attributes(&self) -> [(&'static str, String); 4] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
            ("skipped", self.skipped.to_string()),
        ]
    }
}

struct Xml(Writer<Vec<u8>>);

type Attributes = [(&'static str, String)];

impl Xml {
    fn within(
        &mut self,
        name: &str,
        attributes: &Attributes,
        inner: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, value.as_str()));
        }
        self.0.write_event(Event::Start(start))?;
        inner(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn empty(&mut self, name: &str, attributes: &Attributes) -> io::Result<()> {
        let mut tag = BytesStart::new(name);
        for (key, value) in attributes {
            tag.push_attribute((*key, value.as_str()));
        }
        self.0.write_event(Event::Empty(tag))
    }

    fn text(&mut self, name: &str, attributes: &Attributes, text: &str) -> io::Result<()> {
        self.within(name, attributes, |xml| {
            xml.0.write_event(Event::Text(BytesText::new(text)))
        })
    }

    fn suite(&mut self, report: &Report, suite: &SuiteReport) -> io::Result<()> {
        let took = suite.cases.iter().map(took_ms).fold(0, u64::saturating_add);
        let mut attributes = vec![
            ("name", exposed::line(&suite.title)),
            ("file", exposed::line(&suite.file)),
            (
                "timestamp",
                report.started_at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            ),
            ("time", seconds(took)),
        ];
        attributes.extend(Counts::of(std::iter::once(suite)).attributes());
        self.within("testsuite", &attributes, |xml| {
            xml.properties(report)?;
            if !suite.findings.is_empty() {
                xml.invalid(suite)?;
            }
            suite
                .cases
                .iter()
                .try_for_each(|case| xml.case(suite, case))?;
            suite
                .skipped
                .iter()
                .try_for_each(|case| xml.skipped(suite, case))
        })
    }

    fn skipped(&mut self, suite: &SuiteReport, case: &SkippedCase) -> io::Result<()> {
        let attributes = [
            ("name", exposed::line(&case.title)),
            ("classname", class(suite)),
            ("file", exposed::line(&suite.file)),
            ("time", seconds(0)),
        ];
        self.within("testcase", &attributes, |xml| {
            xml.empty("skipped", &[("message", exposed::line(&case.why))])
        })
    }

    fn properties(&mut self, report: &Report) -> io::Result<()> {
        let version = report
            .version
            .map(|version| ("version", version.to_string()));
        let properties = [
            ("agent", report.agent.to_string()),
            ("mode", report.mode.as_str().to_owned()),
        ];
        self.within("properties", &[], |xml| {
            for (name, value) in properties.into_iter().chain(version) {
                let attributes = [("name", name.to_owned()), ("value", value)];
                xml.empty("property", &attributes)?;
            }
            Ok(())
        })
    }

    fn invalid(&mut self, suite: &SuiteReport) -> io::Result<()> {
        let findings: Vec<String> = suite
            .findings
            .iter()
            .map(|finding| exposed::line(&finding.to_string()))
            .collect();
        let attributes = [
            ("name", "the suite is valid".to_owned()),
            ("classname", class(suite)),
            ("time", seconds(0)),
        ];
        self.within("testcase", &attributes, |xml| {
            let message = "the suite is not valid".to_owned();
            let attributes = [("message", message), ("type", "invalid suite".to_owned())];
            xml.text("error", &attributes, &findings.join("\n"))
        })
    }

    fn case(&mut self, suite: &SuiteReport, case: &CaseReport) -> io::Result<()> {
        let attributes = [
            ("name", exposed::line(&case.title)),
            ("classname", class(suite)),
            ("file", exposed::line(&suite.file)),
            ("time", seconds(took_ms(case))),
        ];
        if case.outcome() == Outcome::Passed {
            return self.empty("testcase", &attributes);
        }
        self.within("testcase", &attributes, |xml| {
            let (name, kind) = if case.outcome() == Outcome::Unjudged {
                ("error", "could not be judged")
            } else {
                ("failure", "failed")
            };
            let wrong = case.telling().map(words::wrong).unwrap_or_default();
            let first = wrong
                .first()
                .map_or("it was never run", |(told, _)| told.as_str());
            let attributes = [("message", first.to_owned()), ("type", kind.to_owned())];
            xml.text(name, &attributes, &details(case))
        })
    }
}

fn class(suite: &SuiteReport) -> String {
    let name = suite
        .file
        .trim_start_matches("tests/")
        .trim_end_matches(".toml");
    // CI servers take dots for levels of packages.
    exposed::line(name).replace('.', "_")
}

fn details(case: &CaseReport) -> String {
    let mut out: Vec<String> = words::attempts(case).into_iter().collect();
    let Some(attempt) = case.telling() else {
        return "it was never run".to_owned();
    };
    for (told, check) in words::wrong(attempt) {
        out.push(told);
        let seen = check
            .map(|check| words::lines(check, 200))
            .unwrap_or_default();
        out.extend(seen.into_iter().map(|line| format!("  {line}")));
        let Some(Verdict::Failed { why }) = check.map(|check| &check.judgement.verdict) else {
            continue;
        };
        if let (true, Some(got)) = (why.diff.is_empty(), &why.got) {
            out.push(format!("  got: {}", exposed::lines(got)));
        }
    }
    out.extend(attempt.run.map(|run| format!("run {run}")));
    out.join("\n")
}

fn took_ms(case: &CaseReport) -> u64 {
    let each = case.attempts.iter().map(|attempt| attempt.latency_ms);
    each.fold(0, u64::saturating_add)
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1_000, milliseconds % 1_000)
}
