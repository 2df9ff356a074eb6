//! Tokens that a program gives back.

use crate::kit::Tokens;

on_both! {
    async fn a_token_that_is_given_back_ends_its_session(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        for which in ["newest", "used", "access"] {
            let (first, other) = (cloud.sign_in(&anna).await, cloud.sign_in(&anna).await);
            let newest = Tokens::of(&cloud.refresh(&first.refresh).await);
            let given = match which {
                "newest" => &newest.refresh,
                "used" => &first.refresh,
                _ => &newest.access,
            };
            let answer = cloud.revoke(given).await.is(200);
            assert!(answer.body.is_empty(), "{}", answer.text());
            assert!(!cloud.takes(&newest.access).await && !cloud.takes(&first.access).await, "{which}");
            cloud.refresh(&newest.refresh).await.denied("invalid_grant");
            assert!(cloud.takes(&other.access).await, "another session goes on");
            // Again, it is as if it were done.
            cloud.revoke(given).await.is(200);
            let events = cloud.get("/api/v1/account/audit-events?action=session.ended&limit=1").token(&other.access).send().await.is(200);
            assert!(events.text().contains("slipway-desktop"), "{}", events.text());
        }
    }

    async fn what_is_no_token_or_anothers_ends_nothing(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let tokens = cloud.sign_in(&anna).await;
        let revoke = |fields: &[(&str, &str)]| cloud.post("/oauth/revoke").form(fields).send();
        for garbage in ["garbage", "slr_none", "a.b.c"] {
            cloud.revoke(garbage).await.is(200);
        }
        for token in [&*tokens.refresh, &*tokens.access] {
            revoke(&[("client_id", "slipway-cli"), ("token", token)]).await.denied("invalid_grant");
            revoke(&[("client_id", "evil"), ("token", token)]).await.denied("invalid_client");
            revoke(&[("token", token)]).await.denied("invalid_client");
            revoke(&[("client_id", "slipway-desktop"), ("token", token), ("token", token)]).await.denied("invalid_request");
        }
        revoke(&[("client_id", "slipway-desktop")]).await.denied("invalid_request");
        assert!(cloud.takes(&tokens.access).await);
        revoke(&[("client_id", "slipway-desktop"), ("token", &tokens.refresh), ("token_type_hint", "nonsense")]).await.is(200);
        assert!(!cloud.takes(&tokens.access).await);
    }
}
