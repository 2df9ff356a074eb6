//! Every row that is a tenant's.

use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use slipway_cloud::tables::{
    accounts, agent_versions, agents, api_keys, archive_parts, audit_events, invitations,
    memberships, organizations, passkeys, sessions,
};

use uuid::Uuid;

use super::tenant::Tenant;
use crate::kit::Cloud;

/// Every row that is a tenant's, as text, sorted.
pub(super) async fn of(cloud: &Cloud, tenant: &Tenant) -> Vec<String> {
    let on = cloud.server.database.read();
    let organization = tenant.organization.0;
    let people = tenant.people().map(|person| person.id.0);
    let mut rows = Vec::new();
    macro_rules! add {
        ($table:ident, $($column:ident in $these:expr),+) => {
            let of = Condition::any()$(.add($table::Column::$column.is_in($these)))+;
            let found = $table::Entity::find().filter(of).all(on).await.expect("rows");
            assert!(stringify!($table) == "audit_events" || !found.is_empty(), stringify!($table));
            rows.extend(found.iter().map(|row| format!("{row:?}")));
        };
    }
    add!(organizations, Id in [organization]);
    add!(accounts, Id in people);
    add!(sessions, AccountId in people);
    add!(passkeys, AccountId in people);
    add!(memberships, OrganizationId in [organization], AccountId in people);
    add!(invitations, OrganizationId in [organization]);
    add!(api_keys, OrganizationId in [organization], AccountId in people);
    add!(agents, OrganizationId in [organization], PrivateTo in people);
    let agents = tenant.people().map(|person| person.agent);
    add!(agent_versions, AgentId in agents, AgentId in [tenant.agent], Owner in [organization]);
    let versions = agent_versions::Entity::find().all(on).await.expect("rows");
    let theirs = |owner: &Uuid| *owner == organization || people.contains(owner);
    let versions = versions.iter().filter(|row| theirs(&row.owner));
    add!(archive_parts, VersionId in versions.map(|row| row.id));
    add!(audit_events, OrganizationId in [organization], AccountId in people);
    rows.sort();
    rows
}
