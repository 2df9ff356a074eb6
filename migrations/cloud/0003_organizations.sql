-- Invitations, agents and their versions.

alter table memberships add column revision bigint not null default 1;

-- Who is invited by mail. A row is kept when it was answered, so that those of a day can be counted.
create table invitations (
    id uuid not null primary key,
    organization_id uuid not null references organizations (id) on delete cascade,
    email text not null,
    email_key text not null,
    role text not null,
    hash bytea not null unique,
    invited_by uuid references accounts (id) on delete set null,
    sent bigint not null,
    expires_at bigint not null,
    closed_at bigint,
    outcome text,
    created_at bigint not null
);
create index invitations_of_organization on invitations (organization_id, id);

-- An agent is seen by one person (private_to) or, without that, by everybody in its organization.
create table agents (
    id uuid not null primary key,
    organization_id uuid references organizations (id) on delete cascade,
    private_to uuid references accounts (id) on delete cascade,
    created_by uuid references accounts (id) on delete set null,
    name text not null,
    title text not null,
    description text not null,
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index agents_of_organization on agents (organization_id, id);
create index agents_of_person on agents (private_to, id);

-- The archives, each once for each owner: what one owner has says nothing of what another has.
create table package_contents (
    owner uuid not null,
    hash bytea not null,
    archive bytea not null,
    primary key (owner, hash)
);

create table agent_versions (
    id uuid not null primary key,
    agent_id uuid not null references agents (id) on delete cascade,
    hash bytea not null,
    owner uuid not null,
    bytes bigint not null,
    files bigint not null,
    created_by uuid references accounts (id) on delete set null,
    created_at bigint not null,
    unique (agent_id, hash)
);
create index agent_versions_of_content on agent_versions (owner, hash);
