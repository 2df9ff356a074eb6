//! What a window and the processes that it started hold of memory, each page shared with others by its part.

use std::fs;

/// The proportional set size of a process and of all below it, in bytes.
pub(crate) fn proportional_bytes(process: u32) -> u64 {
    let kib: u64 = with_descendants(process).into_iter().map(own_kib).sum();
    kib * 1024
}

/// None for a process that ended meanwhile.
fn own_kib(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let figure = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    figure.unwrap_or_default()
}

fn with_descendants(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut looked = 0;
    while let Some(&parent) = found.get(looked) {
        looked += 1;
        let path = format!("/proc/{parent}/task");
        let threads = fs::read_dir(path).into_iter().flatten().flatten();
        for thread in threads {
            // Each thread lists the processes that it started.
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            found.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
    }
    found
}
