//! `[permissions]`

use crate::package::document::{Reader, Section, Text};
use crate::package::manifest::{FileRequest, Host, Requests, keys};

pub(in crate::package::manifest) fn read(reader: &mut Reader<'_>, top: &Section<'_>) -> Requests {
    let mut requests = Requests::default();
    let Some(mut section) = reader.table(top, "permissions") else {
        return requests;
    };
    reader.only(&mut section, keys::PERMISSIONS, &[]);
    for found in reader.texts(&section, "network", Text::Line(400)) {
        let Some(host) = reader.parsed(found, str::parse::<Host>) else {
            continue;
        };
        if requests.network.contains(&host.value) {
            reader.report(&host.span, &host.key, "is listed twice");
        } else {
            requests.network.push(host.value);
        }
    }
    for found in reader.texts(&section, "files", Text::Line(1100)) {
        let Some(file) = reader.parsed(found, str::parse::<FileRequest>) else {
            continue;
        };
        let same = |other: &FileRequest| {
            other.access == file.value.access && other.plain_path() == file.value.plain_path()
        };
        if requests.files.iter().any(same) {
            reader.report(&file.span, &file.key, "is listed twice");
        } else {
            requests.files.push(file.value);
        }
    }
    requests
}
