//! Several processes of one machine.

use std::time::Duration;

use tokio::task::block_in_place;

use super::login::{somebody, url};
use super::machine::{Machine, Running};

const PROCESSES: usize = 6;

on_both! {
    async fn processes_at_once_stay_signed_in(cloud: &Cloud) {
        let machine = Machine::new();
        machine.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        for _ in 0..2 {
            let asking: Vec<Running> = (0..PROCESSES).map(|_| machine.start(&["cloud", "orgs"])).collect();
            for each in asking {
                block_in_place(|| each.end()).exits(0);
            }
            // Longer than a lost answer may be asked for again: a token that was used twice would end it all.
            cloud.clock.forward(120);
        }
        machine.slipway(&["cloud", "orgs"]).exits(0);
    }

    async fn one_that_is_killed_leaves_the_others_signed_in(cloud: &Cloud) {
        let machine = Machine::new();
        machine.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        // Somewhere between its start and its end.
        for moment in 0..6 {
            let mut asking = machine.start(&["cloud", "orgs"]);
            tokio::time::sleep(Duration::from_millis(moment * 120)).await;
            asking.kill();
            block_in_place(|| asking.end());
            machine.slipway(&["cloud", "orgs"]).exits(0);
        }
    }
}
