//! What a place for secrets promises.

use crate::ports::secrets::Secrets;

/// A secret that is there is returned unchanged, one that is not there is no error, and neither
/// name nor place shows it when printed. The place must hold `secret` under `name`.
pub fn secrets_contract(secrets: &dyn Secrets, name: &str, secret: &str) {
    let found = secrets.get(name).unwrap().expect("the secret is there");
    assert_eq!(found.expose(), secret);
    assert!(
        !format!("{found:?}").contains(secret),
        "a secret was printed"
    );
    assert!(
        secrets
            .get("SLIPWAY_CONTRACT_NO_SUCH_SECRET")
            .unwrap()
            .is_none(),
        "an absent secret is none"
    );
}
