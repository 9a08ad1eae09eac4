-- migrate:up

-- An event is made by its first version, which nothing takes away: a table of identities beside the versions said nothing more,
-- and every load wrote it, indexed it and looked its keys up. Whose an event is tells the story of its open version, or the
-- original of that story. The views that named the table are made again after the migrations.
drop table core.event cascade;

-- What refers to an event refers to its first version.
alter table core.event_version
    add column first_version smallint not null default 1 check (first_version = 1),
    add foreign key (parent_event_id, first_version) references core.event_version (event_id, version);
alter table core.event_mention
    add column first_version smallint not null default 1 check (first_version = 1),
    add foreign key (event_id, first_version) references core.event_version (event_id, version);
alter table core.event_link
    add column first_version smallint not null default 1 check (first_version = 1),
    add foreign key (event_id, first_version) references core.event_version (event_id, version),
    add foreign key (same_as, first_version) references core.event_version (event_id, version);
comment on column core.event_version.event_id is 'Event: derived from type, parties, date and object at first sight, never computed anew';
comment on column core.event_version.first_version is '1, always: with the parent, what its foreign key refers to';
comment on column core.event_mention.first_version is '1, always: with the event, what its foreign key refers to';
comment on column core.event_link.first_version is '1, always: with either event, what its foreign key refers to';

-- One summary finds the versions of a run and of a time; nobody asks for the mentions of a run, or for the codings of a coder
-- without counting all.
drop index core.event_version_run, core.event_mention_run, core.coding_coder;
create index event_version_run on core.event_version using brin (run_id, known_from) with (autosummarize = on);

-- The revision that an item made names the story.
alter table core.story_item drop constraint story_item_story_id_fkey;

-- A further version stands upon a first one, which must be closed before another is open.
create or replace function core.guard_one_open_version() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    -- Whoever wants to close the first after somebody else did is refused by core.guard_append_only.
    select a.event_id, v.event_id is null as has_no_first into wrong
    from added a
    left join core.event_version v on v.event_id = a.event_id and v.version = 1
    where a.version > 1 and (v.event_id is null or (a.known_to = 'infinity' and v.known_to = 'infinity'))
    limit 1;
    if not found then
        return null;
    end if;
    if wrong.has_no_first then
        raise foreign_key_violation using message = format('event %s has no first version', wrong.event_id), schema = 'core', table = 'event_version';
    end if;
    raise unique_violation using message = format('event %s has an open version already: close it first', wrong.event_id), schema = 'core', table = 'event_version';
end $$;
comment on function core.guard_one_open_version is 'Trigger: refuses a further version of an event that has no first, and a further open one while the first is open';

-- migrate:down
