//! What a place for secrets promises.

use crate::ports::secrets::Secrets;

const ABSENT: &str = "SLIPWAY_CONTRACT_NO_SUCH_SECRET";

/// A secret that is there is returned unchanged, one that is not there is no error, and neither
/// name nor place shows it when printed. The place must hold `secret` under `name`.
pub async fn secrets_contract(secrets: &dyn Secrets, name: &str, secret: &str) {
    let place = secrets.whereabouts(name).await.unwrap();
    assert!(place.is_some(), "a secret is known before it is asked for");
    let found = secrets
        .get(name)
        .await
        .unwrap()
        .expect("the secret is there");
    assert_eq!(found.expose(), secret);
    assert!(
        !format!("{found:?}").contains(secret),
        "a secret was printed"
    );
    assert!(
        secrets.get(ABSENT).await.unwrap().is_none(),
        "an absent secret is none"
    );
    assert_eq!(
        secrets.whereabouts(ABSENT).await.unwrap(),
        None,
        "an absent secret is nowhere"
    );
}
