-- Archives lie with their versions, in parts, so that nobody has to hold a whole one to send it; and a version counts
-- for whom its agent belongs to.

create table archive_parts (
    version_id uuid not null references agent_versions (id) on delete cascade,
    part bigint not null,
    bytes bytea not null,
    primary key (version_id, part)
);

with recursive parts (version_id, owner, hash, part) as (
    select id, owner, hash, cast(0 as bigint) from agent_versions
    union all
    select parts.version_id, parts.owner, parts.hash, parts.part + 1
    from parts
    join package_contents on package_contents.owner = parts.owner and package_contents.hash = parts.hash
    where (parts.part + 1) * 262144 < length(package_contents.archive)
)
insert into archive_parts (version_id, part, bytes)
select parts.version_id, parts.part,
    substr(package_contents.archive, cast(parts.part * 262144 + 1 as integer), 262144)
from parts
join package_contents on package_contents.owner = parts.owner and package_contents.hash = parts.hash;

drop table package_contents;

update agent_versions set owner = (
    select coalesce(agents.private_to, agents.organization_id) from agents where agents.id = agent_versions.agent_id
);
drop index agent_versions_of_content;
create index agent_versions_of_owner on agent_versions (owner);
